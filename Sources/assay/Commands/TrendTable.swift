import Audits
import Ledger

/// How a model's gates fared over its versions, on a terminal.
struct TrendTable {
  private let trend: Ledger.ModelTrend

  init(_ trend: Ledger.ModelTrend) { self.trend = trend }

  func print() {
    let runs = trend.runs.count
    Output.line(
      "\(trend.model): \(runs) complete \(runs == 1 ? "run" : "runs") of \(trend.versionCount) "
        + (trend.versionCount == 1 ? "version" : "versions"))
    guard !trend.gates.isEmpty else { return Output.line("No gates yet.") }
    Output.line()
    Output.table(Self.headings, rows)
  }

  static let headings = ["gate", "trend", "first", "last", "verdict", "versions"]

  /// A row a gate: the first and the last value that were measured, the newest verdict.
  var rows: [[String]] {
    trend.gates.map { gate in
      let values = gate.points.map(\.value)
      let measured = values.compactMap { $0 }
      return [
        gate.requirement, Sparkline.text(values), shown(measured.first, gate),
        shown(measured.last, gate),
        gate.points.last { $0.verdict != nil }?.verdict?.rawValue ?? "–",
        String(gate.versionCount),
      ]
    }
  }

  private func shown(_ value: Double?, _ gate: Ledger.GateTrend) -> String {
    guard let value else { return "–" }
    return gate.kind?.isFraction == true ? Output.percent(value) : Output.number(value)
  }
}
