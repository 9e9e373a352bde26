import Foundation
import Testing

/// The built program in a folder of its own, run as a user runs it.
struct BuiltProgram {
  /// How a command ended.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// The program lies beside the test runner.
  private static let program = URL(filePath: CommandLine.arguments[0])
    .deletingLastPathComponent().appending(path: "assay")

  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  func callAsFunction(_ arguments: String...) throws -> Outcome { try self(arguments) }

  func callAsFunction(_ arguments: [String]) throws -> Outcome {
    try run(Self.program, arguments)
  }

  /// Runs a line as a shell does for which `assay` is the program.
  func shell(_ line: String) throws -> Outcome {
    let script = "assay() { \"$0\" \"$@\"; }\n" + line
    return try run(URL(filePath: "/bin/sh"), ["-c", script, Self.program.path])
  }

  /// The demo's diagnosis, trained in this folder.
  func trained() throws -> String {
    let model = path("model.safetensors")
    let outcome = try self(
      "train", Self.fixture("demo/breast-cancer.yaml"), "--output", model, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return model
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  static func fixture(_ path: String) -> String {
    root.appending(path: "fixtures").appending(path: path).path
  }

  private func run(_ executable: URL, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // Files, because a pipe that nobody reads would stop the program when it is full.
    let output = folder.appending(path: "output")
    let errors = folder.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOf: output, encoding: .utf8),
      errors: try String(contentsOf: errors, encoding: .utf8))
  }

  func remove() {
    // The folder of a test that failed early may be gone already.
    try? FileManager.default.removeItem(at: folder)
  }
}
