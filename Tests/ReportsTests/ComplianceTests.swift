import Audits
import Foundation
import ReportTemplates
import Testing

@testable import Reports

@Suite("Compliance profiles")
struct ComplianceProfileTests {
  @Test("Every built-in profile loads, under its own name, with ids that no other has")
  func builtIn() throws {
    let profiles = try ComplianceProfile.builtIn()
    #expect(profiles.map(\.name) == ComplianceProfiles.all.map(\.name))
    let ids = profiles.flatMap(\.items).map(\.id)
    #expect(Set(ids).count == ids.count)
    for profile in profiles {
      #expect(profile.asOf.wholeMatch(of: /\d{4}(-\d\d(-\d\d)?)?/) != nil)
      #expect(!profile.title.isEmpty && !profile.source.isEmpty)
      #expect(profile.items.allSatisfy { !$0.clause.isEmpty && !$0.asks.isEmpty })
    }
  }

  @Test("Every row of the register is there, with the evidence that it names")
  func register() throws {
    let items = try ComplianceProfile.builtIn().flatMap(\.items)
    let counts = Dictionary(grouping: items) { $0.id.prefix { $0 != "-" } }.mapValues(\.count)
    #expect(counts == ["EU": 22, "MRM": 11, "ECO": 8, "NST": 12, "FDA": 10, "ISO": 10])
    let table = EvidenceRegister.evidence
    #expect(Set(items.map(\.id)) == Set(table.keys))
    // What the register leaves to measurements alone, though only people can say the rest of it.
    let added: [String: Set<String>] = [
      "EU-5": ["H1"], "EU-8": ["H4"], "EU-12": ["H6"], "MRM-3": ["H1"], "MRM-5": ["H5"],
      "MRM-9": ["H2", "H3"], "ECO-7": ["H4"], "FDA-2": ["M3", "H1"], "FDA-9": ["H6"],
    ]
    for item in items {
      let expected = table[item.id]?.union(added[item.id] ?? [])
      #expect(Set(item.evidence.map(\.rawValue)) == expected, "\(item.id)")
    }
  }

  @Test("Only the clauses that were compared with their text are confirmed")
  func confirmed() throws {
    let items = try ComplianceProfile.builtIn().flatMap(\.items).filter(\.confirmed)
    #expect(
      Set(items.map(\.id))
        == Set((1...12).map { "NST-\($0)" }).union([
          "EU-20", "MRM-1", "FDA-9", "ISO-3", "ISO-4", "ISO-5", "ISO-6", "ISO-7",
        ]))
  }

  @Test("An unknown name is answered with the known ones")
  func unknown() throws {
    let error = #expect(throws: UnknownComplianceProfile.self) {
      try ComplianceProfile.named("eu-act")
    }
    #expect(
      error?.description
        == "no compliance profile and no file is called 'eu-act'; name a file, or one of "
        + "eu-ai-act, sr-26-2, reg-b, nist-ai-rmf, fda, iso-24029, iso-42001")
  }

  @Test("A file of one's own is read, and its mistakes are named")
  func ownFile() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    func load(_ items: String) throws -> ComplianceProfile {
      let text = """
        {"name": "own", "title": "T", "asOf": "2026", "source": "S", "note": "", "items": \(items)}
        """
      try Data(text.utf8).write(to: file)
      return try ComplianceProfile.named(file.path)
    }
    func item(_ id: String, _ measurements: String) -> String {
      """
      {"id": "\(id)", "clause": "1", "asks": "a", "measurements": [\(measurements)], "human": [],
      "confirmed": true}
      """
    }
    #expect(try load("[\(item("A", "\"M1\""))]").items[0].evidence == [.cleanAccuracy])
    func problem(_ items: String) -> String? {
      #expect(throws: ComplianceProfileError.self) { try load(items) }?.problem
    }
    #expect(problem("[]") == "it has no items")
    #expect(problem("[\(item("A", ""))]") == "A asks for no evidence")
    let twice = "[\(item("A", "\"M1\"")), \(item("A", "\"M2\""))]"
    #expect(problem(twice) == "the id 'A' is there twice")
    #expect(
      problem("[\(item("A", "\"H1\""))]")
        == "A has H1 among its measurements; it belongs under 'human'")
    #expect(problem("[\(item("A", "\"M19\""))]")?.hasPrefix("it cannot be read") == true)
  }
}
