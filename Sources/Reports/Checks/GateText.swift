import Audits
import Checks

/// A gate of a check as readers see it: its figures with their units, and its verdict.
struct GateText: Sendable {
  let gate: CheckedGate

  init(_ gate: CheckedGate) { self.gate = gate }

  var baseline: String { gate.baseline.map(amount) ?? "–" }
  var candidate: String { gate.candidate.map(amount) ?? "–" }

  /// What is judged with its bounds: "worsening +3.1 points (+0.9 to +5.3 at 95 %)".
  var judged: String {
    guard let value = gate.value else { return "–" }
    let unit = gate.isFraction ? " points" : ""
    let text = gate.isRelative ? "worsening \(change(value))\(unit)" : amount(value)
    guard let bounds else { return text }
    let confidence = NumberText.plain(100 * gate.confidence)
    return "\(text) (\(bounds) at \(confidence)\u{A0}%)"
  }

  /// The verdict in words, and what an open one counts as.
  var verdict: String {
    switch (gate.verdict, gate.outcome) {
    case (.passed, _): gate.isImproved ? "passed, improved" : "passed"
    case (.failed, _): "failed"
    case (let open, .inconclusive): open.rawValue
    case (let open, let outcome): "\(open.rawValue), counts as \(outcome.rawValue)"
    }
  }

  /// The verdict's mark, which needs no colour.
  var mark: String {
    switch gate.verdict {
    case .passed: "✓"
    case .failed: "✕"
    case .inconclusive: "?"
    case .notMeasured: "–"
    }
  }

  private var bounds: String? {
    let show = gate.isRelative ? change : amount
    return switch (gate.lower, gate.upper) {
    case (let lower?, let upper?): "\(show(lower)) to \(show(upper))"
    case (let lower?, nil): "at least \(show(lower))"
    case (nil, let upper?): "at most \(show(upper))"
    case (nil, nil): nil
    }
  }

  private func amount(_ value: Double) -> String {
    gate.isFraction ? NumberText.percent(value) : NumberText.decimal(value)
  }

  /// A difference with its sign; of shares it is one of percentage points.
  private func change(_ value: Double) -> String {
    guard gate.isFraction, value.isFinite else { return NumberText.signed(value) }
    return (value > 0 ? "+" : "") + NumberText.fixed(100 * value, decimals: 1)
  }
}

extension CheckRecord.Outcome {
  /// The outcome as a mark and a word: "✕ Failed".
  var heading: String {
    switch self {
    case .failed: "✕ Failed"
    case .inconclusive: "? Inconclusive"
    case .passed: "✓ Passed"
    }
  }
}
