import Checks
import Foundation
import Reports

/// The files that a check leaves for a pipeline.
enum CheckFiles {
  /// Writes every form of the result.
  ///
  /// - Throws: `CocoaError` where a file cannot be written, `PNGError` where a picture cannot be made.
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
    for file in files {
      let path = URL(filePath: folder).appending(path: file.name)
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.bytes).write(to: path, options: .atomic)
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
