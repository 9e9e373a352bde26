import Assessments
package import Statistics
import Tensors

/// Computes every measure of a record from its findings.
package struct MeasureCalculator {
  private let record: AuditRecord
  private let bootstrap: Bootstrap
  private let robustness: Robustness

  package init(_ record: AuditRecord, bootstrap: Bootstrap) {
    self.record = record
    self.bootstrap = bootstrap
    robustness = Robustness(record)
  }

  /// All measures, in the order in which reports show them.
  package func measures() -> [Measure] {
    guard !record.predictions.isEmpty else { return [] }
    return accuracies() + calibration() + groupGaps() + parities() + robustAccuracies()
      + attackAccuracies() + medianDistances() + explanationMeasures()
  }

  private var predictions: [PredictionFinding] { record.predictions }

  /// The proportion of samples for which something holds, with its exact interval.
  private func proportion(
    _ kind: Measure.Kind, group: String = "", method: String? = nil, norm: Norm? = nil,
    epsilon: Double? = nil, successes: Int, count: Int, note: String = ""
  ) -> Measure {
    guard count > 0 else {
      return Measure(
        kind: kind, group: group, method: method, norm: norm, epsilon: epsilon, value: nil,
        lower: nil, upper: nil, confidence: bootstrap.confidence,
        intervalMethod: "Clopper–Pearson", count: 0, note: "no samples")
    }
    let interval = BinomialInterval(
      successes: successes, count: count, confidence: bootstrap.confidence)
    return Measure(
      kind: kind, group: group, method: method, norm: norm, epsilon: epsilon,
      value: Double(successes) / Double(count), lower: interval.lower, upper: interval.upper,
      confidence: bootstrap.confidence, intervalMethod: "Clopper–Pearson", count: count,
      note: note)
  }

  private func accuracies() -> [Measure] {
    let all = proportion(
      .cleanAccuracy, successes: predictions.count(where: \.isCorrect), count: predictions.count)
    let classes = record.model.classNames.enumerated().map { index, name in
      let members = predictions.filter { $0.label == index }
      return proportion(
        .cleanAccuracy, group: "class \(name)", successes: members.count(where: \.isCorrect),
        count: members.count)
    }
    return [all] + classes + groupNames.flatMap(groupAccuracies)
  }

  /// The protected attributes, in alphabetical order.
  private var groupNames: [String] {
    Set(predictions.flatMap { $0.groups.map(\.name) }).sorted()
  }

  private func members(of attribute: String) -> [(value: String, members: [PredictionFinding])] {
    Dictionary(grouping: predictions) { $0.group(of: attribute) }
      .sorted { $0.key < $1.key }.map { (value: $0.key, members: $0.value) }
  }

  private func groupAccuracies(_ attribute: String) -> [Measure] {
    members(of: attribute).map { value, members in
      proportion(
        .cleanAccuracy, group: "\(attribute): \(value)",
        successes: members.count(where: \.isCorrect), count: members.count,
        note: members.count < Self.smallGroup ? "few samples" : "")
    }
  }

  /// Below this many samples an accuracy's interval is wider than ±18 points: it is flagged.
  private static let smallGroup = 30

  private func groupGaps() -> [Measure] {
    groupNames.map { attribute in
      let groups = members(of: attribute)
      let gap = GroupGap(predictions, attribute)
      let small = groups.filter { $0.members.count < Self.smallGroup }
        .map { "\($0.value) (\($0.members.count))" }
      return bootstrapped(
        .groupGap, group: attribute, purpose: "group gap \(attribute)",
        note: groups.count < 2
          ? "only one group"
          : small.isEmpty ? "" : "few samples: \(small.joined(separator: ", "))",
        gap.largest)
    }
  }

  /// What decisions are judged by, from the assessment of the groups: values with few samples are
  /// left out where there are any, since the rates of a few people differ by chance.
  private func parities() -> [Measure] {
    guard let groups = record.assessments.groups else { return [] }
    return groups.partitions.filter { $0.attributes.count == 1 }.flatMap { partition in
      let comparison = partition.withoutSmall ?? partition.all
      let note = partition.withoutSmall.map { _ in
        "without groups of fewer than \(groups.smallCount) samples"
      }
      return comparison.parity.map { parity in
        [
          measure(.selectionRatio, partition.attributes[0], parity.selectionRateRatio, note),
          measure(.equalizedOdds, partition.attributes[0], parity.equalizedOddsDifference, note),
        ]
      } ?? []
    }
  }

  private func measure(
    _ kind: Measure.Kind, _ group: String, _ estimate: IntervalEstimate, _ note: String?
  ) -> Measure {
    Measure(
      kind: kind, group: group, value: estimate.value, lower: estimate.lower,
      upper: estimate.upper, confidence: estimate.confidence, intervalMethod: estimate.method,
      count: estimate.count, note: note ?? "")
  }

  /// A statistic of sample indices with its bootstrap interval.
  private func bootstrapped(
    _ kind: Measure.Kind, group: String = "", method: String? = nil, norm: Norm? = nil,
    count: Int? = nil, purpose: String, note: String = "", _ statistic: ([Int]) -> Double?
  ) -> Measure {
    let count = count ?? predictions.count
    let value = statistic(Array(0..<count))
    let interval =
      value == nil ? nil : bootstrap.interval(count: count, purpose: purpose, of: statistic)
    return Measure(
      kind: kind, group: group, method: method, norm: norm, value: value?.finite,
      lower: interval?.lower.finite, upper: interval?.upper.finite,
      confidence: bootstrap.confidence, intervalMethod: bootstrap.description, count: count,
      note: note)
  }

  private func calibration() -> [Measure] {
    let confidences = predictions.map { Double($0.probabilities.max() ?? 0) }
    let correct = predictions.map(\.isCorrect)
    let scores = predictions.map {
      Calibration.brierScore(probabilities: [$0.probabilities], labels: [$0.label]) ?? 0
    }
    return [
      bootstrapped(.expectedCalibrationError, purpose: "calibration", note: "10 equal bins") {
        indices in
        Calibration(
          confidences: indices.map { confidences[$0] }, isCorrect: indices.map { correct[$0] }
        ).expectedError
      },
      bootstrapped(.brierScore, purpose: "brier") { Self.mean(of: $0, scores) },
    ]
  }

  private func robustAccuracies() -> [Measure] {
    robustness.norms.flatMap { norm in
      robustness.epsilons(norm).map { epsilon in
        let unfinished = robustness.unfinished(norm, within: epsilon).count
        guard unfinished == 0 else { return undecided(norm, epsilon, unfinished) }
        return proportion(
          .robustAccuracy, norm: norm, epsilon: epsilon,
          successes: robustness.robustCount(norm, within: epsilon), count: predictions.count,
          note: "of all samples, against all attacks of the run together")
      }
    }
  }

  /// What is left to say where the budget was spent before every sample was attacked: no value, and
  /// an interval that holds whatever the others are.
  private func undecided(_ norm: Norm, _ epsilon: Double, _ unfinished: Int) -> Measure {
    let most = robustness.robustCount(norm, within: epsilon)
    let (count, confidence) = (predictions.count, bootstrap.confidence)
    return Measure(
      kind: .robustAccuracy, norm: norm, epsilon: epsilon, value: nil,
      lower: BinomialInterval(
        successes: most - unfinished, count: count, confidence: confidence
      ).lower,
      upper: BinomialInterval(successes: most, count: count, confidence: confidence).upper,
      confidence: confidence, intervalMethod: "Clopper–Pearson", count: count,
      note: "the budget was spent before \(unfinished) of \(count) samples were attacked in full")
  }

  private func attackAccuracies() -> [Measure] {
    struct Round: Hashable {
      let attack: String
      let epsilon: Double
    }
    var counts: [Round: (tried: Int, left: Int)] = [:]
    for finding in record.findings {
      let left = finding.outcome == .broken ? 0 : 1
      let round = Round(attack: finding.attack, epsilon: finding.epsilon)
      let count = counts[round] ?? (0, 0)
      counts[round] = (count.tried + 1, count.left + left)
    }
    return record.attacks.flatMap { attack in
      attack.epsilons.map { epsilon in
        let count = counts[Round(attack: attack.id, epsilon: epsilon)] ?? (0, 0)
        return proportion(
          .attackAccuracy, method: attack.id, norm: attack.norm, epsilon: epsilon,
          successes: count.left, count: count.tried,
          note: attack.isProbe
            ? "of samples chosen to test the attacks, not the model"
            : "of the samples that smaller radii and earlier attacks had left")
      }
    }
  }

  private func medianDistances() -> [Measure] {
    robustness.norms.map { norm in
      let isFinished = robustness.epsilons(norm).allSatisfy {
        robustness.unfinished(norm, within: $0).isEmpty
      }
      guard isFinished else {
        return Measure(
          kind: .medianDistance, norm: norm, value: nil, lower: nil, upper: nil,
          confidence: bootstrap.confidence, intervalMethod: bootstrap.description,
          count: predictions.count,
          note: "the budget was spent before every sample was attacked in full")
      }
      let distances = robustness.distances(norm)
      let note = "of correctly classified samples; unbroken ones count as infinitely far"
      return bootstrapped(
        .medianDistance, norm: norm, count: distances.count, purpose: "distance \(norm.rawValue)",
        note: note
      ) { indices in Bootstrap.median(indices.map { distances[$0] }) }
    }
  }

  private func explanationMeasures() -> [Measure] {
    let methods = Set(record.explanations.map(\.method)).sorted()
    return methods.flatMap { method in
      let explained = record.explanations.filter { $0.method == method }
      let curves = explained.first?.quality.map(\.name) ?? []
      return curves.map { name in
        let values = explained.compactMap { $0.quality.first { $0.name == name }?.value }
        return mean(values, .explanationQuality, group: name, method: method)
      } + [
        mean(
          explained.compactMap(\.rankCorrelationUnderAttack), .explanationStability,
          method: method)
      ]
    }
  }

  private func mean(
    _ values: [Double], _ kind: Measure.Kind, group: String = "", method: String
  ) -> Measure {
    bootstrapped(
      kind, group: group, method: method, count: values.count, purpose: "\(method) \(group)"
    ) { Self.mean(of: $0, values) }
  }

  private static func mean(of indices: [Int], _ values: [Double]) -> Double? {
    indices.isEmpty ? nil : indices.reduce(0) { $0 + values[$1] } / Double(indices.count)
  }
}

extension Double {
  /// The number, nil if it is infinite or not a number: such values have no place in a record.
  package var finite: Double? { isFinite ? self : nil }
}
