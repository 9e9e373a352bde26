import Attestations
import Audits
import Foundation
import Ledger
import Reports

/// The verification of one run of a ledger, step by step, up to the first that fails.
final class RunVerification {
  private let run: String
  private let ledger: Ledger
  private let trusted: [VerificationKey]
  private var result = VerificationResult()
  /// The record and its manifest, once the chain has vouched for them.
  private var checked: (record: AuditRecord, manifest: Manifest)?

  init(_ run: String, in ledger: Ledger, trusted: [VerificationKey]) throws {
    self.run = try ledger.resolve(run)
    self.ledger = ledger
    self.trusted = trusted
  }

  var outcome: VerificationOutcome {
    VerificationOutcome(run: run, root: checked?.manifest.root, result: result)
  }

  /// The chain, what follows from the findings, and the signatures.
  func checkRecord() throws {
    try result.take(chain)
    guard result.failure == nil else { return }
    let record = try ledger.record(of: run)
    RecordRecalculation(record).addSteps(to: &result)
    let manifest = try ReportDocument.manifest(of: record)
    checked = (record, manifest)
    SignOffCheck(
      record, manifest: manifest, signed: try ledger.signedManifests(of: run), trusted: trusted
    ).addSteps(to: &result)
  }

  private func chain() throws -> VerificationStep {
    let check = try ledger.checkChain(of: run)
    guard let fault = check.fault else {
      return VerificationStep(
        "chain", .agrees, count: check.entryCount,
        "every entry follows from the one before, and every one of \(check.rowCount) rows is as it "
          + "was recorded")
    }
    return VerificationStep("chain", .fails, count: check.entryCount, "\(fault)")
  }

  /// The files of the model, the data and a report, as far as they are given.
  func checkFiles(models: [String], data: [String], report: String?) throws {
    for path in models + data { try requireFile(path, "name the file that was audited") }
    guard let (record, manifest) = checked else { return }
    if let path = models.first {
      try result.take {
        FileCheck.model(record, sha256: try FileHash.sha256(ofFiles: models), path: path)
      }
    }
    for path in data {
      try result.take {
        FileCheck.data(record, sha256: try FileHash.sha256(ofFile: path), path: path)
      }
    }
    if let report { try result.take { try folder(report, manifest) } }
  }

  private func folder(_ path: String, _ manifest: Manifest) throws -> VerificationStep {
    let file = "\(path)/\(FolderManifest.fileName)"
    try requireFile(file, "name a folder that 'assay report' or 'assay audit --out' has written")
    guard let data = FileManager.default.contents(atPath: file),
      let stated = try? FolderManifest(json: Array(data))
    else {
      // What is no manifest is the finding itself.
      return VerificationStep("report", .fails, "\(file) is no manifest of a report")
    }
    return try FileCheck.report(stated, of: manifest) { name in
      // A name that leads out of the folder is no file of it.
      guard !name.split(separator: "/").contains("..") else { return nil }
      let member = "\(path)/\(name)"
      guard FileManager.default.fileExists(atPath: member) else { return nil }
      return try FileHash.sha256(ofFile: member)
    }
  }

  /// Runs the whole audit again, in memory, and notes in the ledger what came of it.
  func repeatRun() throws {
    guard result.failure == nil, let (record, _) = checked else { return }
    let repetition = try RunRepetition(record)
    let difference = try repetition.firstDifference()
    try ledger.append(
      RunEvent(
        moment: Date.now.formatted(.iso8601), action: .repeated, detail: difference ?? "the same"),
      to: run)
    result.take {
      VerificationStep(
        "repetition", difference == nil ? .agrees : .fails, count: record.findings.count,
        difference ?? "the same command found the same, finding by finding")
    }
  }
}
