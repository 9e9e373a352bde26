import Audits
import Checks
import Foundation
import Reports
import Tensors

/// A check on a terminal; its last line is the verdict.
struct CheckSummary {
  private let record: CheckRecord

  init(_ record: CheckRecord) { self.record = record }

  func print(folder: String, _ configuration: CheckConfiguration) {
    Output.line(
      "\(record.candidate.name) against \(record.baseline.name) (run \(record.baseline.run)), "
        + "\(record.data), \(record.selection)")
    Output.line()
    Output.table(
      ["gate", "baseline", "candidate", "verdict"],
      record.gates.map { gate in
        [
          gate.requirement, shown(gate.baseline, gate), shown(gate.candidate, gate),
          gate.verdict.rawValue + (gate.isImproved ? ", improved" : ""),
        ]
      })
    for gate in record.gates { Output.line("  \(gate.requirement): \(gate.reason).") }
    printReplay()
    printBudget()
    Output.warnings(record.warnings)
    Output.line()
    if ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true" {
      Output.line(CheckFiles.annotations(record, configuration))
    }
    Output.line("Written to \(folder): check.json, gates.xml, results.sarif, summary.md.")
    Output.line(record.sentence)
  }

  private func printReplay() {
    guard !record.replay.isEmpty else { return }
    Output.line()
    Output.table(
      ["known examples"] + ReplayCase.Outcome.allCases.map(\.rawValue),
      record.replay.map { group in
        [group.norm.symbol] + ReplayCase.Outcome.allCases.map { String(group.count($0)) }
      })
  }

  private func printBudget() {
    Output.line()
    Output.line(
      "Fresh attacks: \(record.budget.backwardPasses) gradients and \(record.budget.forwardPasses) "
        + "forward passes, budget \(record.budget.limit).")
    for open in record.budget.unfinished {
      Output.line(
        "  The budget was spent before \(open.samples.count) samples were attacked in full at "
          + "\(open.norm.symbol) \(open.epsilon.words).")
    }
  }

  private func shown(_ value: Double?, _ gate: CheckedGate) -> String {
    guard let value else { return "–" }
    return gate.isFraction ? Output.percent(value) : Output.number(value)
  }
}
