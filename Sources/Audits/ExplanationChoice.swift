import Tensors

/// Which samples an audit explains: chosen by a rule that is stated, not by hand.
///
/// A third of them are wrong answers with the highest confidence, a third are correct answers that
/// an attack broke at the smallest distance, relative to what was tried, and the rest are correct
/// answers spread evenly over the data. Where there are too few of a kind, the rest grows.
package struct ExplanationChoice {
  package let samples: [PredictionFinding]

  package init(_ record: AuditRecord, count: Int) {
    let third = (count + 2) / 3
    let wrong = record.predictions.filter { !$0.isCorrect }
      .sorted { ($0.confidence, $1.sample) > ($1.confidence, $0.sample) }.prefix(third)
    let distances = record.relativeBreakingDistances
    let fragile = record.predictions.filter { $0.isCorrect && distances[$0.sample] != nil }
      .sorted {
        (distances[$0.sample] ?? 0, $0.sample) < (distances[$1.sample] ?? 0, $1.sample)
      }.prefix(third)
    let taken = Set((wrong + fragile).map(\.sample))
    let rest = record.predictions.filter { $0.isCorrect && !taken.contains($0.sample) }
    let wanted = min(max(count - taken.count, 0), rest.count)
    let spread = (0..<wanted).map { rest[$0 * rest.count / wanted] }
    samples = (Array(wrong) + fragile + spread).sorted { $0.sample < $1.sample }
  }
}

extension PredictionFinding {
  /// The probability of the predicted class.
  package var confidence: Float { probabilities.max() ?? 0 }
}

extension AuditRecord {
  /// For each broken sample: its smallest breaking distance over the largest ε of that norm.
  fileprivate var relativeBreakingDistances: [Int: Double] {
    let norms = Dictionary(attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var result: [Int: Double] = [:]
    for finding in findings where finding.outcome == .broken {
      guard let largest = norms[finding.attack]?.epsilons.last, largest > 0 else { continue }
      let relative = finding.distance / largest
      result[finding.sample] = min(result[finding.sample] ?? .infinity, relative)
    }
    return result
  }

  /// The perturbed raw input that broke a sample at the smallest ε, nil if none did.
  func worstPerturbation(of sample: Int) -> Tensor? {
    findings.filter { $0.sample == sample && $0.outcome == .broken }
      .min { ($0.epsilon, $0.distance) < ($1.epsilon, $1.distance) }?.perturbed
  }
}
