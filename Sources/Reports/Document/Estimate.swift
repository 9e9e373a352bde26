package import Audits

/// A measure as cells and sentences show it: the value with its interval.
struct Estimate: Sendable {
  var value: Double?
  var lower: Double?
  var upper: Double?
  var isFraction: Bool

  init(_ measure: Measure?) {
    value = measure?.value
    lower = measure?.lower
    upper = measure?.upper
    isFraction = measure?.kind.isFraction ?? false
  }

  init(_ gate: GateResult) {
    value = gate.value
    lower = gate.lower
    upper = gate.upper
    isFraction = gate.isFraction
  }

  var text: String {
    guard let value else { return "–" }
    return isFraction ? NumberText.percent(value) : NumberText.decimal(value)
  }

  var interval: String? {
    guard let lower, let upper else { return nil }
    return isFraction
      ? NumberText.percentRange(lower, upper)
      : NumberText.range(lower, upper)
  }

  var markup: Markup {
    let range: Markup = interval.map { " <small class=\"interval\">\($0)</small>" } ?? .empty
    return "<span class=\"value\">\(text)</span>\(range)"
  }
}

/// A verdict as a mark that needs no colour.
package enum VerdictBadge {
  package static func markup(_ verdict: GateResult.Verdict?, _ words: Words) -> Markup {
    switch verdict {
    case .passed: badge("passed", "✓", words("verdict.passed"))
    case .failed: badge("failed", "✕", words("verdict.failed"))
    case .inconclusive: badge("inconclusive", "?", words("verdict.inconclusive"))
    case .notMeasured: badge("unmeasured", "–", words("verdict.notMeasured"))
    case nil: badge("unmeasured", "–", words("verdict.none"))
    }
  }

  /// Whether evidence is there, as a mark that needs no colour.
  static func markup(_ outcome: EvidenceStatus.Outcome, _ words: Words) -> Markup {
    switch outcome {
    case .failed: badge("failed", "✕", words("compliance.failed"))
    case .notMeasured: badge("unmeasured", "–", words("compliance.notMeasured"))
    case .waiting: badge("inconclusive", "…", words("compliance.waiting"))
    case .answered: badge("passed", "✓", words("compliance.answered"))
    }
  }

  private static func badge(_ kind: String, _ mark: String, _ text: String) -> Markup {
    """
    <span class="badge \(kind)"><span class="badge-mark" aria-hidden="true">\(mark)</span>\
    \(text)</span>
    """
  }
}
