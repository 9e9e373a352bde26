import Audits
import Testing

@testable import Attestations

@Suite("Sign-offs and files held against a run")
struct SignOffCheckTests {
  private let figures = [NamedValue("a.png", "0e")]
  private let key = SigningKey(seed: [UInt8](repeating: 1, count: 32))

  private func manifest(_ record: AuditRecord) -> Manifest { Manifest(record, figures: figures) }

  /// The record with a signature over its state.
  private func signed() throws -> (record: AuditRecord, manifest: Manifest) {
    var record = AuditedRecord.record
    let manifest = manifest(record)
    record.signOffs = [
      try key.sign(
        SignOffStatement(
          run: record.run.id, root: manifest.root, role: "validator", name: "J. Doe",
          decision: .reject, moment: "2026-01-01T00:00:00Z", remarks: ""))
    ]
    return (record, manifest)
  }

  private func step(
    _ record: AuditRecord, signed: [Manifest], trusted: [VerificationKey] = []
  ) throws -> VerificationStep {
    var result = VerificationResult()
    SignOffCheck(record, manifest: manifest(record), signed: signed, trusted: trusted)
      .addSteps(to: &result)
    return try #require(result.steps.last)
  }

  @Test("a signature over this state agrees, by a trusted key if keys are named")
  func current() throws {
    let (record, manifest) = try signed()
    let own = key.publicKey
    for trusted in [[], [own]] {
      let step = try step(record, signed: [manifest], trusted: trusted)
      #expect(step.outcome == .agrees && step.subject == "signature of J. Doe, validator")
      #expect(step.detail == "'reject', key \(own.fingerprint), over root \(manifest.root)")
    }
    let other = SigningKey().publicKey
    let step = try step(record, signed: [manifest], trusted: [other])
    #expect(step.outcome == .fails && step.detail.contains(own.fingerprint))
    #expect(record.signOffs[0].state(for: manifest) == .current)
  }

  @Test("statements that changed since make it one of an earlier state")
  func earlier() throws {
    var (record, before) = try signed()
    record.statements[0].text = "More."
    let step = try step(record, signed: [before])
    #expect(step.outcome == .agrees)
    #expect(step.detail.contains("of an earlier state (root \(before.root)): 'statements' changed"))
    #expect(record.signOffs[0].state(for: manifest(record)) == .earlier)
  }

  @Test("anything else that changed since fails, and is named; so does a missing state")
  func changed() throws {
    var (record, before) = try signed()
    record.gates[0].threshold = 0.1
    #expect(try step(record, signed: [before]).detail == "'gates' is not what was signed")
    #expect(try step(record, signed: []).detail.contains("is missing or changed"))
    before.leaves[14] = manifest(record).leaves[14]
    #expect(try step(record, signed: [before]).detail.contains("is missing or changed"))
  }

  @Test("a sign-off that says something else than was signed fails")
  func forged() throws {
    var (record, manifest) = try signed()
    record.signOffs[0].decision = .approve
    #expect(try step(record, signed: [manifest]).outcome == .fails)
    #expect(record.signOffs[0].state(for: manifest) == .forged)
    record.signOffs = []
    #expect(try step(record, signed: []).detail == "nobody has signed")
  }

  @Test("files are known by their sums")
  func files() {
    let record = AuditedRecord.record
    #expect(FileCheck.model(record, sha256: "0a", path: "m").outcome == .agrees)
    #expect(
      FileCheck.model(record, sha256: "0b", path: "m").detail
        == "m has the sum 0b, but the audited model 0a")
    #expect(FileCheck.data(record, sha256: "0c", path: "x/d.csv").outcome == .agrees)
    #expect(FileCheck.data(record, sha256: "0d", path: "x/moved.csv").outcome == .agrees)
    #expect(
      FileCheck.data(record, sha256: "0d", path: "x/d.csv").detail
        == "x/d.csv has the sum 0d, but the audited file of this name 0c")
    #expect(FileCheck.data(record, sha256: "ff", path: "x/z.csv").outcome == .fails)
  }

  @Test("a report's folder is held against its manifest, and the manifest against the run")
  func folder() throws {
    let manifest = manifest(AuditedRecord.record)
    let files = [
      Manifest.Leaf("report.html", sha256: "01"), Manifest.Leaf("heatmaps/a.png", sha256: "0e"),
      Manifest.Leaf("report.json", sha256: "02"),
    ]
    var sums = ["report.html": "01", "heatmaps/a.png": "0e", "report.json": "02"]
    var folder = FolderManifest(runs: [manifest], files: files)
    func check(_ others: [String] = []) -> VerificationStep {
      FileCheck.report(folder, of: manifest, present: Array(sums.keys) + others) { sums[$0] }
    }
    #expect(check(["manifest.json"]).outcome == .agrees && check().count == 3)
    #expect(check(["x.html"]).detail == "x.html is in the folder, but not in manifest.json")
    folder.schemaVersion += 1
    #expect(check().detail == "manifest.json is of a version that this program does not know")
    folder.schemaVersion -= 1
    folder.files.removeFirst()
    #expect(check().detail == "manifest.json does not name report.html")
    folder.files = files
    sums["heatmaps/a.png"] = "ff"
    #expect(check().detail == "heatmaps/a.png was changed")
    sums["heatmaps/a.png"] = nil
    #expect(check().detail == "heatmaps/a.png is missing")
    // The picture and its entry changed alike: the run's own figures do not have it.
    (sums["heatmaps/a.png"], folder.files[1].sha256) = ("ff", "ff")
    #expect(check().detail == "heatmaps/a.png is no figure of the run")
    folder.runs[0].leaves[17].sha256 = "ff"
    #expect(check().detail == "the leaves of run abc123def456 in manifest.json were changed")
    folder.runs[0] = Manifest(run: manifest.run, leaves: folder.runs[0].leaves)
    #expect(check().detail == "'figure a.png' in manifest.json is not what the ledger holds")
    folder.runs = []
    #expect(check().detail == "manifest.json does not name run abc123def456")
  }
}
