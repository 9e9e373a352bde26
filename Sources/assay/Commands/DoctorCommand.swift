import ArgumentParser
import Foundation
import NativeBackend

/// The command `assay doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says which kernels and libraries are in use, and what is missing or slow.",
    discussion: """
      Example:
        assay doctor
      """)

  @Flag(help: "Print the findings as JSON.") var json = false

  func run() throws {
    let findings = Findings()
    guard !json else { return try Output.json(findings) }
    Output.line("Assay \(findings.version)")
    Output.line(
      "Processor: \(findings.processor), \(findings.cores) cores, "
        + "\(findings.memoryGigabytes) GB of memory")
    Output.line("System: \(findings.system)")
    Output.line()
    Output.table(
      ["library", "version", "kernels"],
      findings.libraries.map { [$0.name, $0.version, $0.kernels] })
    Output.line()
    for advice in findings.advice { Output.line("Advice: \(advice).") }
    if findings.advice.isEmpty {
      Output.line("Nothing is missing, and no slow fallback is in use.")
    }
  }
}

/// What `assay doctor` found.
private struct Findings: Encodable {
  struct Library: Encodable {
    let name: String
    let version: String
    let kernels: String
  }

  let version = ToolVersion.current
  let processor = RunEnvironment.processor
  let cores = ProcessInfo.processInfo.activeProcessorCount
  let memoryGigabytes = ProcessInfo.processInfo.physicalMemory >> 30
  let system = ProcessInfo.processInfo.operatingSystemVersionString
  let libraries: [Library]
  let advice: [String]

  init() {
    let found = NativeBackend().libraries
    libraries = found.map { Library(name: $0.name, version: $0.version, kernels: $0.kernels) }
    advice = found.compactMap(\.advice)
  }
}
