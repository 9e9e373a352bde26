import Audits
import Tensors

/// The samples whose explanations a report shows, chosen by a rule that is stated beside them.
struct ExplanationCases: Sendable {
  /// Why a sample was chosen; the raw value is part of a key of the report's words.
  enum Reason: String, CaseIterable, Sendable {
    case closestBreak, surestMistake, surestAnswer
  }

  /// A sample, why it was chosen and its explanations in the order of the record.
  struct Case: Sendable {
    var prediction: PredictionFinding
    var reason: Reason
    var explanations: [ExplanationFinding]
  }

  let cases: [Case]

  /// The closest verified break, the most confident mistake and the most confident right answer
  /// among the explained samples, each sample once.
  init(_ record: AuditRecord) {
    let explained = Dictionary(grouping: record.explanations, by: \.sample)
    let candidates = record.predictions.filter { explained[$0.sample] != nil }
    var used: Set<Int> = []
    cases = Reason.allCases.compactMap { reason in
      let free = candidates.filter { !used.contains($0.sample) }
      guard let chosen = Self.choice(reason, among: free, record) else { return nil }
      used.insert(chosen.sample)
      return Case(
        prediction: chosen, reason: reason, explanations: explained[chosen.sample] ?? [])
    }
  }

  private static func choice(
    _ reason: Reason, among candidates: [PredictionFinding], _ record: AuditRecord
  ) -> PredictionFinding? {
    switch reason {
    case .closestBreak:
      // The first norm of the plan: distances in different norms cannot be compared.
      guard let norm = record.attacks.first?.norm else { return nil }
      let order = WorstCases(record, norm: norm, limit: .max).cases.map(\.prediction.sample)
      return order.lazy.compactMap { sample in candidates.first { $0.sample == sample } }.first
    case .surestMistake: return surest(candidates.filter { !$0.isCorrect })
    case .surestAnswer: return surest(candidates.filter(\.isCorrect))
    }
  }

  private static func surest(_ candidates: [PredictionFinding]) -> PredictionFinding? {
    func confidence(_ prediction: PredictionFinding) -> Float {
      prediction.probabilities.max() ?? 0
    }
    // `max(by:)` would take the last of equals: the first is stable under appending.
    return candidates.reduce(nil) { best, next in
      guard let best else { return next }
      return confidence(next) > confidence(best) ? next : best
    }
  }
}
