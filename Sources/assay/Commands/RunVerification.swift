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
    guard let report else { return }
    var stated: FolderManifest?
    try result.take {
      let (step, found) = try folder(report, manifest)
      stated = found
      return step
    }
    if let stated { try result.take { try remade(stated) } }
  }

  /// The files of a report, made once more from the records: a folder's manifest vouches for nothing
  /// but itself.
  private func remade(_ stated: FolderManifest) throws -> VerificationStep {
    func step(_ outcome: VerificationStep.Outcome, _ detail: String) -> VerificationStep {
      VerificationStep("report's contents", outcome, count: stated.files.count, detail)
    }
    guard let making = stated.making else {
      return step(.skipped, "\(FolderManifest.fileName) does not say what the report was made of")
    }
    guard making.version == ToolVersion.current else {
      return step(
        .skipped, "Assay \(making.version) wrote it, which may write other files than this version")
    }
    let again: [Manifest.Leaf]
    do {
      again = try ReportFiles.sums(
        of: ReportDocument(making, runs: stated.runs.map(\.run), in: ledger))
    } catch let problem as UnmadeReport {
      return step(.fails, "the report cannot be made again: \(problem)")
    }
    let listed = stated.files.filter { $0.name != ReportFiles.printed }
    if let changed = (again + listed).first(where: { !again.contains($0) || !listed.contains($0) })
    {
      return step(.fails, "\(changed.name) is not what the records give")
    }
    return step(.agrees, "every file but the PDF was made again from the records, byte by byte")
  }

  private func folder(
    _ path: String, _ manifest: Manifest
  ) throws -> (VerificationStep, FolderManifest?) {
    let file = "\(path)/\(FolderManifest.fileName)"
    try requireFile(file, "name a folder that 'assay report' or 'assay audit --out' has written")
    guard let data = FileManager.default.contents(atPath: file),
      let stated = try? FolderManifest(json: Array(data))
    else {
      // What is no manifest is the finding itself.
      return (VerificationStep("report", .fails, "\(file) is no manifest of a report"), nil)
    }
    let others = stated.runs.filter { $0.run != manifest.run }
    for other in others {
      if let failure = try failure(of: other) {
        return (VerificationStep("report", .fails, failure), nil)
      }
    }
    let present = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let files = present.filter { !isFolder("\(path)/\($0)") }
    let step = try FileCheck.report(stated, of: manifest, present: files) { name in
      // A name that leads out of the folder is no file of it.
      guard !name.split(separator: "/").contains("..") else { return nil }
      let member = "\(path)/\(name)"
      guard FileManager.default.fileExists(atPath: member) else { return nil }
      return try FileHash.sha256(ofFile: member)
    }
    return (step, stated)
  }

  /// Why another run of the report is not what the ledger holds; nil where it is.
  private func failure(of other: Manifest) throws -> String? {
    let file = FolderManifest.fileName
    guard (try? ledger.resolve(other.run)) == other.run else {
      return "run \(other.run) of \(file) is not in the ledger"
    }
    guard try ledger.checkChain(of: other.run).fault == nil else {
      return "run \(other.run) of \(file) is not what was recorded; verify it"
    }
    let manifest = try ReportDocument.manifest(of: try ledger.record(of: other.run))
    return other.isSound
      ? other.firstDifference(from: manifest).map {
        "'\($0)' of run \(other.run) in \(file) is not what the ledger holds"
      } : "the leaves of run \(other.run) in \(file) were changed"
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
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
