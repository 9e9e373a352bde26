import Audits
import Statistics
import Tensors

/// Computes how each measure changed from the findings of the common samples.
struct MeasureChanges {
  typealias Change = RecordComparison.MeasureChange

  let common: CommonRecords
  let norms: [SharedNorm]
  let bootstrap: PairedBootstrap
  let confidence: Double

  /// All measures of both, in the order in which reports show them.
  func all() -> [Change] {
    accuracies() + calibration() + groupGaps() + norms.flatMap(robustAccuracies)
      + norms.compactMap(medianDistance)
  }

  // MARK: Shares of samples

  /// The share of samples for which something holds, before and after.
  ///
  ///     difference = (improved − worsened) / n
  private func share(
    _ kind: Measure.Kind, group: String = "", norm: Norm? = nil, epsilon: Double? = nil,
    before: [Bool], after: [Bool], note: String = ""
  ) -> Change? {
    guard !before.isEmpty else { return nil }
    let outcomes = PairedOutcomes(before: before, after: after)
    let count = Double(before.count)
    // Both bounds are to hold at once: each may fail with half the probability.
    let oneSided = (1 + confidence) / 2
    return Change(
      kind: kind, group: group, norm: norm, epsilon: epsilon,
      first: Double(before.count { $0 }) / count, second: Double(after.count { $0 }) / count,
      difference: Double(outcomes.improved - outcomes.worsened) / count,
      lower: 0 - outcomes.upperBound(confidence: oneSided),
      upper: 0 - outcomes.lowerBound(confidence: oneSided), worsened: outcomes.worsened,
      improved: outcomes.improved, mcNemarProbability: outcomes.mcNemarProbability,
      intervalMethod: "score interval of paired proportions", count: before.count, note: note)
  }

  private func accuracies() -> [Change] {
    let pairs = common.pairs
    func accuracy(_ group: String, _ members: [(PredictionFinding, PredictionFinding)]) -> Change? {
      share(
        .cleanAccuracy, group: group, before: members.map(\.0.isCorrect),
        after: members.map(\.1.isCorrect))
    }
    let classes = common.first.model.classNames.enumerated().map { index, name in
      accuracy("class \(name)", pairs.filter { $0.first.label == index })
    }
    let groups = attributes.flatMap { attribute in
      Set(pairs.map { $0.first.group(of: attribute) }).sorted().map { value in
        accuracy("\(attribute): \(value)", pairs.filter { $0.first.group(of: attribute) == value })
      }
    }
    return ([accuracy("", pairs)] + classes + groups).compactMap { $0 }
  }

  private func robustAccuracies(_ shared: SharedNorm) -> [Change] {
    let (before, after) = (Robustness(common.first), Robustness(common.second))
    return shared.epsilons.compactMap { epsilon in
      let unknown = Set(before.unfinished(shared.norm, within: epsilon))
        .union(after.unfinished(shared.norm, within: epsilon))
      let pairs = common.pairs.filter { !unknown.contains($0.first.sample) }
      return share(
        .robustAccuracy, norm: shared.norm, epsilon: epsilon,
        before: pairs.map { before.isRobust($0.first, shared.norm, within: epsilon) },
        after: pairs.map { after.isRobust($0.second, shared.norm, within: epsilon) },
        note: Self.leftOut(unknown.count))
    }
  }

  private static func leftOut(_ count: Int) -> String {
    count == 0 ? "" : "without \(count) that a run did not attack in full"
  }

  /// The protected attributes that both runs state, in alphabetical order.
  private var attributes: [String] {
    func names(_ record: AuditRecord) -> Set<String> {
      Set(record.predictions.flatMap { $0.groups.map(\.name) })
    }
    return names(common.first).intersection(names(common.second)).sorted()
  }

  // MARK: Statistics of samples

  /// A statistic of sample indices of both models, and its difference on resampled pairs.
  private func resampled(
    _ kind: Measure.Kind, group: String = "", norm: Norm? = nil, epsilon: Double? = nil,
    count: Int, note: String, before: ([Int]) -> Double?, after: ([Int]) -> Double?
  ) -> Change {
    let all = Array(0..<count)
    let purpose = "comparison/\(kind.rawValue)/\(group)/\(norm?.rawValue ?? "")"
    let distribution = bootstrap.distribution(count: count, purpose: purpose) { indices in
      guard let first = before(indices), let second = after(indices) else { return nil }
      return second - first
    }
    let oneSided = (1 + confidence) / 2
    return Change(
      kind: kind, group: group, norm: norm, epsilon: epsilon, first: before(all)?.finite,
      second: after(all)?.finite, difference: distribution?.value.finite,
      lower: distribution?.lowerBound(confidence: oneSided).finite,
      upper: distribution?.upperBound(confidence: oneSided).finite,
      intervalMethod: bootstrap.description, count: count, note: note)
  }

  private func calibration() -> [Change] {
    let before = ScoredAnswers(common.first.predictions)
    let after = ScoredAnswers(common.second.predictions)
    return [
      resampled(
        .expectedCalibrationError, count: common.count, note: "10 equal bins",
        before: before.calibrationError, after: after.calibrationError),
      resampled(
        .brierScore, count: common.count, note: "", before: before.brierScore,
        after: after.brierScore),
    ]
  }

  private func groupGaps() -> [Change] {
    attributes.map { attribute in
      let before = GroupGap(common.first.predictions, attribute)
      let after = GroupGap(common.second.predictions, attribute)
      return resampled(
        .groupGap, group: attribute, count: common.count, note: "", before: before.largest,
        after: after.largest)
    }
  }

  /// The median of the breaking distances, no distance beyond the largest radius that both tried.
  private func medianDistance(_ shared: SharedNorm) -> Change? {
    let unknown = shared.unfinished(Robustness(common.first))
      .union(shared.unfinished(Robustness(common.second)))
    let samples = common.pairs.filter { $0.first.isCorrect && $0.second.isCorrect }
      .map(\.first.sample).filter { !unknown.contains($0) }
    guard !samples.isEmpty else { return nil }
    func capped(_ record: AuditRecord) -> [Double] {
      let nearest = NearestBreaks(record, shared.norm, within: shared.limit)
      return samples.map { Swift.min(nearest[$0]?.distance ?? shared.limit, shared.limit) }
    }
    let (before, after) = (capped(common.first), capped(common.second))
    return resampled(
      .medianDistance, norm: shared.norm, epsilon: shared.limit, count: samples.count,
      note: [
        "of samples that both classify correctly; unbroken ones count as "
          + "\(shared.limit.words) away", Self.leftOut(unknown.count),
      ].filter { !$0.isEmpty }.joined(separator: ", "),
      before: { indices in Bootstrap.median(indices.map { before[$0] }) },
      after: { indices in Bootstrap.median(indices.map { after[$0] }) })
  }
}
