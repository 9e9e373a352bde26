import Audits
import Tensors
import Testing

@testable import Attestations

@Suite("The manifest")
struct ManifestTests {
  private let figures = [NamedValue("a.png", "0e"), NamedValue("b.png", "0f")]

  private func manifest(_ change: (inout AuditRecord) -> Void = { _ in }) -> Manifest {
    var record = AuditedRecord.record
    change(&record)
    return Manifest(record, figures: figures)
  }

  @Test("the leaves are the files, the tables and the figures, in one order")
  func leaves() {
    #expect(
      manifest().leaves.map(\.name) == [
        "model file", "data file d.csv", "data file e.csv", "configuration", "program", "run",
        "model", "data", "attacks", "predictions", "findings", "explanations", "measures",
        "warnings", "gates", "assessments", "statements", "figure a.png", "figure b.png",
      ])
    #expect(manifest().leaves.prefix(3).map(\.sha256) == ["0a", "0c", "0d"])
    #expect(manifest() == manifest() && manifest().isSound && manifest().root.count == 64)
  }

  @Test("a change of anything changes the root, and the leaf that it is in is named")
  func changes() {
    let cases: [(String, (inout AuditRecord) -> Void)] = [
      ("model file", { $0.model.sha256 = "0b" }),
      ("data file d.csv", { $0.data.sha256[0].value = "0d" }),
      ("configuration", { $0.run.suiteText += " " }), ("run", { $0.run.title += " " }),
      ("run", { $0.run.seed += 1 }), ("model", { $0.model.classNames[1] = "d" }),
      ("data", { $0.data.selection = "" }), ("attacks", { $0.attacks[0].forwardPasses += 1 }),
      ("predictions", { $0.predictions[3].probabilities[0] = Float(0.5).nextUp }),
      ("predictions", { $0.predictions[0].input = Tensor([0.5, 0.25, -0.0] as [Float]) }),
      ("findings", { $0.findings[1].distance = $0.findings[1].distance.nextUp }),
      ("findings", { $0.findings[0].flags = [""] }), ("findings", { $0.findings.swapAt(0, 1) }),
      ("measures", { $0.measures[0].upper = nil }), ("gates", { $0.gates[0].threshold = 0.4 }),
      (
        "warnings",
        {
          $0.warnings = [
            SoundnessWarning(name: "", raised: "", explanation: "", suggestion: "", isVeto: false)
          ]
        }
      ), ("statements", { $0.statements[0].text += "\n" }), ("statements", { $0.statements = [] }),
    ]
    for (name, change) in cases {
      #expect(manifest(change).root != manifest().root, "\(name)")
      #expect(manifest().firstDifference(from: manifest(change)) == name)
    }
    let fewer = Manifest(AuditedRecord.record, figures: Array(figures.prefix(1)))
    #expect(fewer.firstDifference(from: manifest()) == "figure b.png")
    #expect(manifest().firstDifference(from: fewer) == "figure b.png")
  }

  @Test("what grows afterwards is not in it")
  func growth() {
    let grown = manifest { record in
      record.events = [RunEvent(moment: "", action: .signed)]
      record.artefacts = [Artefact(name: "", mediaType: "", sha256: "")]
    }
    #expect(grown == manifest())
  }

  @Test("it is read back from its JSON, and a changed leaf is noticed")
  func json() throws {
    #expect(try Manifest(json: manifest().encoded()) == manifest())
    var changed = manifest()
    changed.leaves[3].sha256 = "00"
    #expect(try !Manifest(json: changed.encoded()).isSound)
    #expect(throws: AttestationError.notManifest) { try Manifest(json: Array("{}".utf8)) }
    let folder = FolderManifest(runs: [manifest()], files: [.init("report.html", sha256: "01")])
    #expect(try FolderManifest(json: folder.encoded()) == folder)
  }
}
