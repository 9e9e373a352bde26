import Checks
import Foundation
import Reports

/// The files that a check leaves for a pipeline.
enum CheckFiles {
  /// Writes every form of the result.
  ///
  /// - Throws: `UnwrittenFile` where a file cannot be written, `PNGError` where a picture cannot be made.
  static func write(
    _ record: CheckRecord, _ configuration: CheckConfiguration, to folder: String
  ) throws {
    let sarif = record.sarif(
      locations: locations(configuration), toolVersion: ToolVersion.current)
    var files: [(name: String, bytes: [UInt8])] = [
      ("check.json", try record.json.encoded()), ("gates.xml", record.junit.encoded()),
      ("results.sarif", try sarif.encoded()), ("summary.md", record.markdown.encoded()),
    ]
    files += try record.pictures.encoded().map { ("\(CheckPictures.folder)/\($0.name)", $0.bytes) }
    for file in files { try write(file.bytes, to: "\(folder)/\(file.name)") }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch let error as CocoaError {
      throw UnwrittenFile(path: path, reason: error.localizedDescription)
    }
  }

  /// Annotations of a pipeline's run, a line each.
  static func annotations(
    _ record: CheckRecord, _ configuration: CheckConfiguration
  ) -> String { record.annotations(locations: locations(configuration)).text }

  private static func locations(_ configuration: CheckConfiguration) -> CheckLocations {
    CheckLocations(
      configurationFile: configuration.file, modelFile: configuration.model,
      gateLines: configuration.gates.map(\.line))
  }
}

/// A file that the machine refuses.
struct UnwrittenFile: UserFacingError {
  let path: String
  let reason: String

  var isUsersMistake: Bool { false }
  var description: String {
    "cannot write \(path): \(reason) The ledger holds the run: give the command again"
  }
}
