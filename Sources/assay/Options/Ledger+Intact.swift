import Audits
import Ledger

extension Ledger {
  /// The record of a run that is what its chain says.
  ///
  /// - Throws: `UsageError` naming the first row that is not what was recorded.
  func intactRecord(of run: String) throws -> AuditRecord {
    let id = try resolve(run)
    if let fault = try checkChain(of: id).fault {
      throw UsageError(
        "run \(id) in \(path) is not what was recorded: \(fault); see 'assay verify \(id)'")
    }
    return try record(of: id)
  }
}
