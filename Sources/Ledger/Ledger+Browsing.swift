package import Audits
import GRDB

extension Ledger {
  /// A number that is another one as soon as something else has changed the file.
  ///
  /// Changes through this ledger itself do not count: SQLite's `data_version` tells of others alone.
  package func dataVersion() throws -> Int {
    try read { database in
      try Int.fetchOne(database, sql: "PRAGMA data_version") ?? 0
    }
  }

  /// The verdicts of every run's gates, each once; runs without gates are left out.
  package func gateVerdicts() throws -> [String: [GateResult.Verdict]] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT DISTINCT run, verdict FROM gates ORDER BY run, verdict")
      return try rows.reduce(into: [:]) { verdicts, row in
        let run: String = row["run"]
        guard let verdict = GateResult.Verdict(rawValue: row["verdict"]) else {
          throw LedgerError(path: path, .corrupt("a gate of run \(run)"))
        }
        verdicts[run, default: []].append(verdict)
      }
    }
  }
}
