import Assessments
import Attestations
import Audits
import Foundation
import GRDB
import Ledger
import Statistics
import Tensors
import Testing

/// A ledger in a file of its own with a row in every table, and a second run beside it.
struct FilledLedger {
  let folder = ShardFolder()

  static let statement = HumanStatement(
    subject: .intendedUse, question: "purpose", text: "Loans.\n\nNothing else.")
  static let signOff = SignOff(
    role: "validator", name: "J. Doe", decision: .conditions, remarks: "Not for minors.",
    moment: "2026-01-03T00:00:00Z", root: manifest.root, publicKey: "AA", signature: "BB")
  static let manifest = Manifest(run: SampleRun.id, leaves: [.init("model file", sha256: "00ff")])

  static var assessments: Assessments {
    var assessments = Assessments()
    assessments.calibration = CalibrationAssessment(
      probabilities: [[0.25, 0.75], [0.9, 0.1]], labels: [1, 1], bootstrap: Bootstrap())
    return assessments
  }

  var path: String { folder.path("filled") }

  /// Opens it; events happen one a second, beginning at midnight.
  func ledger() throws -> Ledger {
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    return try Ledger(path: path, clock: SecondClock().moment)
  }

  /// Writes a shard's run with one of everything, and another run.
  ///
  /// - Returns: The id of the run.
  func fill() throws -> String {
    let ledger = try ledger()
    let part = SampleRun.run.part(AuditShard(index: 1, count: 1))
    _ = try ledger.begin(part, model: SampleRun.model, data: SampleRun.data)
    try ledger.append(SampleRun.predictions, to: part.id)
    try ledger.store(SampleRun.attack, in: part.id)
    try ledger.append(SampleRun.findings, to: part.id)
    try ledger.append([SampleRun.explanation], to: part.id)
    try ledger.store(Artefact(name: "a.html", mediaType: "text/html", sha256: "11"), in: part.id)
    try ledger.store(Self.assessments, in: part.id)
    try ledger.store([Self.statement], in: part.id)
    try ledger.store(bank, of: part.id)
    try ledger.finish(
      part.id, measures: [SampleRun.measure], warnings: [SampleRun.warning],
      gates: [SampleRun.gate])
    try ledger.sign(
      Self.signOff, over: Manifest(run: part.id, leaves: Self.manifest.leaves))
    try SampleRun.fill(ledger)
    return part.id
  }

  private var bank: AdversarialBank {
    AdversarialBank([
      BankExample(
        sample: 2, norm: .linf, distance: 0.1, scale: "input units",
        perturbed: Tensor([0.25, -1, 1] as [Float]), attack: "pgd/linf", model: "old",
        modelSHA256: "0a", fools: false)
    ])
  }

  /// Changes the file behind the ledger's back, its rules out of force.
  func change(_ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try unruled()
    try queue.writeWithoutTransaction { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  /// The file without its rules.
  func unruled() throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { database in
      try database.execute(
        sql: """
          PRAGMA foreign_keys = OFF;
          PRAGMA ignore_check_constraints = ON;
          PRAGMA synchronous = OFF;
          """)
    }
    return queue
  }

  func rows(_ sql: String) throws -> [Row] { try folder.rows("filled", sql) }
}

/// A clock that goes on by a second each time it is read.
final class SecondClock: Sendable {
  private let seconds = Counter()

  @Sendable func moment() -> String {
    let second = seconds.next()
    return "2026-01-02T00:00:\(second < 10 ? "0" : "")\(second)Z"
  }
}
