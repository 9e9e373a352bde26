package import Audits
import Statistics
import Tensors

extension AuditRecord {
  /// The measure of a kind, nil where there is none.
  func measure(
    _ kind: Measure.Kind, group: String = "", method: String? = nil, norm: Norm? = nil,
    epsilon: Double? = nil
  ) -> Measure? {
    measures.first {
      $0.kind == kind && $0.group == group && $0.method == method && $0.norm == norm
        && $0.epsilon == epsilon
    }
  }

  /// The robust accuracies under one norm, by ascending ε.
  func robustAccuracies(_ norm: Norm) -> [Measure] {
    measures.filter { $0.kind == .robustAccuracy && $0.group.isEmpty && $0.norm == norm }
      .sorted { ($0.epsilon ?? 0) < ($1.epsilon ?? 0) }
  }

  /// The verdict on the whole: the worst of the gates'; nil where nothing was required.
  var verdict: GateResult.Verdict? { gates.map(\.verdict).worst }

  /// Whether a warning stands that forbids believing the robust accuracy.
  var hasVeto: Bool { warnings.contains(where: \.isVeto) }

  /// The name of a class, or its number where the model has no such class.
  package func className(_ index: Int) -> String {
    model.classNames.indices.contains(index) ? model.classNames[index] : "class \(index)"
  }

  /// What ε is measured in under a norm, as the attacks state it.
  func scale(_ norm: Norm) -> String {
    attacks.first { $0.norm == norm }?.scale ?? ""
  }

  /// The largest ε that attacks may use under a norm; probes, which test the attacks, may use more.
  func largestEpsilon(_ norm: Norm) -> Double? {
    attacks.filter { $0.norm == norm && !$0.isProbe }.flatMap(\.epsilons).max()
  }

  /// The class that most samples have, with its share of them; nil without samples.
  var mostFrequentClass: (index: Int, share: Double)? {
    let counts = Dictionary(grouping: predictions, by: \.label).mapValues(\.count)
    let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return most.map { ($0.key, Double($0.value) / Double(predictions.count)) }
  }

  /// The calibration of the predictions in ten bins.
  var calibration: Calibration {
    // A probability that is not a number cannot be binned; it counts as no confidence.
    let confidences = predictions.map { prediction -> Double in
      let largest = Double(prediction.probabilities.max() ?? 0)
      return largest.isFinite ? max(0, min(1, largest)) : 0
    }
    return Calibration(confidences: confidences, isCorrect: predictions.map(\.isCorrect))
  }
}

extension GateResult.Verdict {
  /// All verdicts, the worst first.
  static let worstFirst: [Self] = [.failed, .inconclusive, .notMeasured, .passed]
}

extension Sequence<GateResult.Verdict> {
  /// The verdict that decides: the worst; nil where there is none.
  package var worst: GateResult.Verdict? { GateResult.Verdict.worstFirst.first(where: contains) }
}

extension GateResult {
  /// Whether the threshold is a fraction, shown in per cent; older records say so in words alone.
  package var isFraction: Bool { kind?.isFraction ?? requirement.contains("%") }

  /// Whether no value of the interval would miss the threshold; true where there is no interval.
  var isMetThroughout: Bool {
    let end = isAtLeast ? lower : upper
    return end.map { isAtLeast ? $0 >= threshold : $0 <= threshold } ?? true
  }
}
