import ArgumentParser
import Execution
import Foundation
import Interchange
import NativeBackend

/// The command `assay conformance`.
struct ConformanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Runs cases in the layout of the ONNX standard's own test data.",
    discussion: """
      A case is a folder with model.onnx and test_data_set_0/input_0.pb, output_0.pb, …. A line is
      printed for each: passed, failed with the first difference, or refused with the reason.

      Example:
        assay conformance /usr/share/libonnx-testdata/data/node
      """)

  @Argument(help: "Folders of cases, searched through.") var folders: [String]
  @Flag(help: "Run on the reference backend: plain loops in double precision.") var reference =
    false
  @Flag(help: "Print only the totals and what failed.") var quiet = false
  @Option(help: "A file with the names of cases that must pass, one a line; others may fail.")
  var require: String?
  @Flag(help: "Print the results as JSON.") var json = false

  func run() throws {
    let required = try require.map(RequiredCases.init)
    let cases = try folders.flatMap { folder in
      guard FileManager.default.fileExists(atPath: folder) else {
        throw UsageError("\(folder) does not exist; give folders with cases")
      }
      return try ConformanceCase.all(under: URL(filePath: folder))
    }
    guard !cases.isEmpty else {
      throw UsageError("there is no case in \(folders.joined(separator: ", "))")
    }
    var report = ConformanceReport()
    for item in cases {
      let outcome = reference ? item.run(on: ReferenceBackend()) : item.run(on: NativeBackend())
      report.add(item.name, outcome)
      if !json, !quiet || outcome.isFailure { Output.line("\(item.name): \(outcome.words)") }
    }
    if json { try Output.json(report) } else { Output.line(report.totals) }
    if let required { try required.check(report) }
    if required == nil, report.failed > 0 { throw ExitStatus.gateFailed }
  }
}

/// The cases that must pass.
private struct RequiredCases {
  let path: String
  let names: [String]

  init(path: String) throws {
    self.path = path
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw UsageError("\(path) cannot be read; --require takes a file with a name a line")
    }
    names = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
  }

  /// - Throws: `ExitStatus.gateFailed` after naming what should have passed and did not.
  func check(_ report: ConformanceReport) throws {
    let passed = Set(report.cases.filter { $0.outcome == "passed" }.map(\.name))
    let missing = names.filter { !passed.contains($0) }
    for name in missing { Output.line("required by \(path), but not passed: \(name)") }
    if !missing.isEmpty { throw ExitStatus.gateFailed }
    Output.line("All \(names.count) cases that \(path) requires passed.")
  }
}

/// What became of all cases.
private struct ConformanceReport: Encodable {
  struct Case: Encodable {
    let name: String
    let outcome: String
    let reason: String?
  }

  private(set) var cases: [Case] = []
  private(set) var passed = 0
  private(set) var failed = 0
  private(set) var refused = 0

  mutating func add(_ name: String, _ outcome: ConformanceCase.Outcome) {
    switch outcome {
    case .passed:
      passed += 1
      cases.append(Case(name: name, outcome: "passed", reason: nil))
    case .failed(let reason):
      failed += 1
      cases.append(Case(name: name, outcome: "failed", reason: reason))
    case .refused(let reason):
      refused += 1
      cases.append(Case(name: name, outcome: "refused", reason: reason))
    }
  }

  var totals: String {
    "\(cases.count) cases: \(passed) passed, \(failed) failed, \(refused) refused"
  }
}

extension ConformanceCase.Outcome {
  fileprivate var isFailure: Bool {
    if case .failed = self { return true }
    return false
  }

  fileprivate var words: String {
    switch self {
    case .passed: "passed"
    case .failed(let reason): "FAILED: \(reason)"
    case .refused(let reason): "refused: \(reason.replacing("\n", with: " "))"
    }
  }
}
