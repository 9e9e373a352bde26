import Foundation

/// The Python that tests ask for a second opinion: `ASSAY_PYTHON`, or what is called python3.
enum Python {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Whether it can import onnx and onnxruntime.
  static let hasRuntime: Bool = {
    let isThere = (try? run(["-c", "import onnx, onnxruntime"]).status == 0) ?? false
    if !isThere {
      print(
        "Exported models are not compared with onnxruntime: set ASSAY_PYTHON to a Python with it")
    }
    return isThere
  }()

  /// Runs it in the folder of the package.
  ///
  /// - Returns: The exit status and what was printed.
  static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    let python = ProcessInfo.processInfo.environment["ASSAY_PYTHON"] ?? "python3"
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python] + arguments
    process.currentDirectoryURL = root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
