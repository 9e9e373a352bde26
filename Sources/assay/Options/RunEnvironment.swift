import Audits
import Execution
import Foundation

/// What a report says about the machine.
enum RunEnvironment {
  /// Versions, the program's own sum and the processor, by name.
  ///
  /// - Throws: `UsageError` if the running program's file cannot be read.
  static func current(_ backend: any Backend) throws -> [NamedValue] {
    [
      NamedValue("Assay", ToolVersion.current),
      NamedValue("program SHA-256", try FileHash.sha256(ofFile: "/proc/self/exe")),
      NamedValue("backend", backend.description),
      NamedValue("verification", backend.verifying.description),
      NamedValue("system", ProcessInfo.processInfo.operatingSystemVersionString),
      NamedValue("processor", processor),
    ]
  }

  /// The processor's name, as Linux states it.
  static var processor: String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return "unknown"
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
      ?? "unknown"
  }
}

extension CommandLine {
  /// The command as a shell would take it again.
  static var repeatable: String {
    ShellCommand(words: ["assay"] + arguments.dropFirst()).line
  }
}
