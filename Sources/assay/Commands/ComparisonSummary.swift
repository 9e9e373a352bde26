import Audits
import Checks
import Tensors

/// What changed between two audits, on a terminal.
struct ComparisonSummary {
  private let comparison: RecordComparison

  init(_ comparison: RecordComparison) { self.comparison = comparison }

  /// Prints the measures of the whole models, then what became of samples, then the notes.
  func print() {
    let (first, second) = (comparison.first, comparison.second)
    Output.line("\(first.model) (run \(first.id)) → \(second.model) (run \(second.id))")
    Output.line("\(comparison.overlap.count) samples in common")
    Output.line()
    Output.table(Self.headings, comparison.measures.filter(\.isHeadline).map(row))
    if !comparison.breaks.isEmpty {
      Output.line()
      Output.table(["adversarial examples", "new", "fixed", "nearer"], comparison.breaks.map(row))
    }
    for note in comparison.notes { Output.line("Note: \(note)") }
    Output.line()
  }

  static let headings = ["measure", "first", "second", "difference", "95 % interval", "McNemar p"]

  private func row(_ change: RecordComparison.MeasureChange) -> [String] {
    func value(_ value: Double?) -> String {
      guard let value else { return "–" }
      return change.kind.isFraction ? Output.percent(value) : Output.number(value)
    }
    func difference(_ value: Double?) -> String {
      guard let value else { return "–" }
      let number = change.kind.isFraction ? Output.points(value) : Output.number(value)
      return value > 0 ? "+" + number : number
    }
    return [
      change.words, value(change.first), value(change.second), difference(change.difference),
      "\(difference(change.lower)) to \(difference(change.upper))",
      change.mcNemarProbability.map(Output.number) ?? "–",
    ]
  }

  private func row(_ changes: RecordComparison.BreakChanges) -> [String] {
    [
      "\(changes.norm.symbol), up to \(Output.number(changes.limit))", String(changes.new.count),
      String(changes.fixed.count), String(changes.worse.count),
    ]
  }
}

extension Output {
  /// A difference of fractions in percentage points with one decimal: "2.5 points".
  fileprivate static func points(_ difference: Double) -> String {
    percent(difference).replacing(" %", with: " points")
  }
}
