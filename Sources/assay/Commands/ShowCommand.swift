import ArgumentParser
import Audits
import Ledger
import Reports

/// The command `assay show`.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Prints what an audit found: measures, warnings and gates.",
    discussion: """
      A run is named by its id, the beginning of it, or 'latest'.

      Example:
        assay show latest
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var id: String
  @OptionGroup var ledger: LedgerOptions
  @Flag(help: "Print every measure, those of single attacks and explanations too.") var all = false
  @Flag(help: "Print the whole record as JSON.") var json = false

  func run() throws {
    let record = try ledger.read().record(of: id)
    guard !json else { return try Output.json(record) }
    RecordSummary(record).print(all: all)
  }
}

extension RunDescription {
  /// What a reader of the run must know before its figures.
  fileprivate var state: String {
    let part = shard.map { ", shard \($0.words) of run \($0.whole)" } ?? ""
    return part + (shard?.isComplete ?? isComplete ? "" : ", unfinished")
  }
}

/// A record on a terminal.
struct RecordSummary {
  private let record: AuditRecord

  init(_ record: AuditRecord) { self.record = record }

  /// Prints the measures of the whole model and of the groups that have samples, or all; then
  /// warnings and gates.
  func print(all: Bool = false) {
    let run = record.run
    let detailed: [Measure.Kind] = [.attackAccuracy, .explanationQuality, .explanationStability]
    let shown = record.measures.filter {
      all || ($0.count > 0 && !detailed.contains($0.kind))
    }
    Output.line("\(run.title) (run \(run.id)\(run.state))")
    Output.line("\(record.model.name) on \(record.data.name), \(record.data.selection)")
    Output.line()
    Output.table(
      ["measure", "value", "95 % interval", "samples"], shown.map(row))
    if shown.count < record.measures.count {
      Output.line("(\(record.measures.count - shown.count) more with: assay show \(run.id) --all)")
    }
    Output.warnings(record.warnings)
    guard !record.gates.isEmpty else { return }
    Output.line()
    Output.table(
      ["gate", "verdict", "why"],
      record.gates.map { [$0.requirement, $0.verdict.rawValue, $0.reason] })
  }

  private func row(_ measure: Measure) -> [String] {
    var name = measure.kind.words
    if let method = measure.method { name += ", \(method)" }
    if let norm = measure.norm, let epsilon = measure.epsilon {
      name += " at \(norm.symbol) \(epsilon.words)"
    } else if let norm = measure.norm {
      name += " in \(norm.symbol)"
    }
    if !measure.group.isEmpty { name += " (\(measure.group))" }
    func shown(_ value: Double?) -> String {
      guard let value else { return "–" }
      return measure.kind.isFraction ? Output.percent(value) : Output.number(value)
    }
    return [
      name, shown(measure.value), "\(shown(measure.lower)) to \(shown(measure.upper))",
      String(measure.count),
    ]
  }
}
