import Foundation

/// Lays out the pages of a report as a PDF file with WeasyPrint, a program of its own.
///
/// The page that it gets has no address in it, so that nothing is fetched. The same page gives the
/// same bytes with the same WeasyPrint and the same fonts: the file's identifier follows from the
/// page, its only date from the audit.
struct PDFPrinter {
  private let program: URL
  /// A report of a hundred pages takes half a minute.
  private static let longest = Duration.seconds(900)

  /// Finds the program among the folders of `PATH`.
  ///
  /// - Throws: `UsageError` where it is not installed.
  init() throws {
    let folders = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let paths = folders.split(separator: ":").map { "\($0)/weasyprint" }
    guard let path = paths.first(where: FileManager.default.isExecutableFile) else {
      throw UsageError(
        "WeasyPrint is not installed; install Debian's package weasyprint, or leave out --pdf")
    }
    program = URL(filePath: path)
  }

  /// The bytes of the PDF file of a page.
  ///
  /// - Parameters:
  ///   - page: The source of the page, as it is printed.
  ///   - moment: When the audit began: ISO 8601, UTC.
  /// - Returns: The bytes of the file.
  /// - Throws: `PrintingError` with WeasyPrint's last words where it fails, or an error of the
  ///   file system.
  func pdf(of page: String, dated moment: String) throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // Files, because a pipe that nobody reads would stop the program when it is full.
    let files = ["page.html", "report.pdf", "messages"].map { folder.appending(path: $0) }
    do {
      try Data(page.utf8).write(to: files[0])
      try Data().write(to: files[2])
      let identifier = FileHash.sha256(of: Data(page.utf8)).prefix(32)
      let status = try run(
        ["--pdf-identifier", String(identifier), files[0].path, files[1].path],
        dated: try Date(moment, strategy: .iso8601), messages: files[2])
      guard status == 0 else { throw try PrintingError(messages: files[2]) }
      let bytes = try Data(contentsOf: files[1])
      try FileManager.default.removeItem(at: folder)
      return bytes
    } catch {
      try FileManager.default.removeItem(at: folder)
      throw error
    }
  }

  private func run(_ arguments: [String], dated date: Date, messages: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    // The fonts that are put into the file are dated by it, as agreed at reproducible-builds.org.
    environment["SOURCE_DATE_EPOCH"] = String(Int(date.timeIntervalSince1970))
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    let end = ContinuousClock.now + Self.longest
    while process.isRunning {
      guard ContinuousClock.now < end else {
        process.terminate()
        process.waitUntilExit()
        throw PrintingError("it did not end within \(Self.longest.components.seconds / 60) minutes")
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return process.terminationStatus
  }
}

/// A page that WeasyPrint could not lay out.
struct PrintingError: UserFacingError {
  /// The last line that WeasyPrint wrote.
  let message: String

  var isUsersMistake: Bool { false }

  var description: String {
    "WeasyPrint could not write the PDF file: \(message); leave out --pdf for the other files"
  }

  init(_ message: String) { self.message = message }

  init(messages: URL) throws {
    let lines = String(decoding: try Data(contentsOf: messages), as: UTF8.self)
      .split(separator: "\n")
    message = lines.last.map(String.init) ?? "it said nothing"
  }
}
