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

extension Norm {
  /// The norm as people write it.
  var symbol: String {
    switch self {
    case .linf: "L∞"
    case .l2: "L2"
    case .l1: "L1"
    }
  }
}
