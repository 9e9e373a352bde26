import Foundation
import Testing

/// The layers of ARCHITECTURE.md, held against every import line.
@Suite("Layers")
struct LayerTests {
  /// What each module may import of this package.
  private static let allowed: [String: Set<String>] = {
    let system: Set<String> = ["CDNNL", "CBLAS", "CPNG", "CZlib", "CKernels"]
    let programs: Set<String> = ["Tensors", "Programs"]
    let execution = programs.union(["Execution"])
    let models = execution.union(["ConfigurationFiles", "Interchange", "Models"])
    let methods = models.union(["Attacks", "AttackSuites", "Explanations", "Statistics"])
    let measured = methods.union(["Assessments"])
    var table: [String: Set<String>] = [
      "Tensors": ["CZlib", "CKernels"],
      "Images": ["CPNG", "CZlib"],
      "ConfigurationFiles": [],
      "Programs": ["Tensors"],
      "Execution": programs,
      "NativeBackend": execution.union(["CDNNL", "CBLAS", "CKernels"]),
      "Interchange": execution,
      "Models": models.subtracting(["Models"]),
      "Datasets": ["Tensors", "ConfigurationFiles", "Images"],
      "Attacks": models.union(["AttackSuites"]),
      "Explanations": models,
      "Statistics": ["Tensors"],
      "Assessments": models.union(["Explanations", "Statistics"]),
      "Audits": measured,
      "Checks": measured.union(["Audits"]),
      "Attestations": measured.union(["Audits"]),
      "Ledger": measured.union(["Audits", "Attestations", "Checks"]),
      "Reports": [
        "Tensors", "ConfigurationFiles", "Statistics", "Assessments", "Models", "Images", "Audits",
        "Attestations",
        "Checks", "ReportTemplates",
      ],
      "Serving": [
        "Tensors", "Models", "Audits", "Checks", "Ledger", "Reports", "ReportTemplates",
      ],
    ]
    let all = Set(table.keys).union(["AttackSuites", "ReportTemplates"])
    table["Assay"] = all.subtracting(["Serving"])
    table["assay"] = all.union(["Benchmarks"])
    table["Benchmarks"] = methods.union(["NativeBackend"])
    for name in system { table[name] = [] }
    return table
  }()

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The modules under Sources.
  private static var modules: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(
        atPath: root.appending(path: "Sources").path
      ).sorted()
    }
  }

  private func imports(of module: String) throws -> [(file: String, imported: String)] {
    let folder = Self.root.appending(path: "Sources/\(module)").path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
    return try files.filter { $0.hasSuffix(".swift") }.flatMap { file in
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      return text.split(separator: "\n").compactMap { line -> (String, String)? in
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count,
          words[..<place].allSatisfy({
            ["@_exported", "public", "package", "internal"].contains($0)
          })
        else { return nil }
        return ("\(module)/\(file)", String(words[place + 1]))
      }
    }
  }

  @Test("every module is in the table")
  func completeness() throws {
    #expect(try Self.modules.filter { Self.allowed[$0] == nil } == [])
  }

  @Test("no module imports one that its layer does not allow", arguments: try Self.modules)
  func layering(module: String) throws {
    let own = Set(Self.allowed.keys).union(["AttackSuites", "ReportTemplates"])
    let wrong = try imports(of: module).filter { entry in
      own.contains(entry.imported) && Self.allowed[module]?.contains(entry.imported) != true
    }
    #expect(wrong.map { "\($0.file) imports \($0.imported)" } == [])
  }

  @Test(
    "a system library or database has one importer",
    arguments: [
      ("CDNNL", ["NativeBackend"]), ("CBLAS", ["NativeBackend"]),
      ("CKernels", ["NativeBackend", "Tensors"]),
      ("GRDB", ["Ledger"]), ("Hummingbird", ["Serving"]), ("Yams", ["ConfigurationFiles"]),
      ("CPNG", ["Images"]),
    ])
  func soleImporters(library: String, importers: [String]) throws {
    let found = try Self.modules.filter { module in
      try imports(of: module).contains { $0.imported == library }
    }
    #expect(found == importers)
  }
}
