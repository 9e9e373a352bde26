import Attestations
import Audits
import Foundation
import Reports

/// The files of a report in a folder.
enum ReportFiles {
  /// Makes the folder, so that a report that cannot be written is refused at the start.
  static func prepare(_ folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw UsageError("cannot make the folder \(folder): \(error.localizedDescription)")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw UsageError("the folder \(folder) is not writable")
    }
  }

  /// Writes every form of the report and the sums of all, and returns their paths.
  @discardableResult
  static func write(
    _ document: ReportDocument, to folder: String, _ printer: PDFPrinter? = nil
  ) throws -> [String] {
    let files = try files(of: document, printer)
    try removeFormer(in: folder, except: Set(files.map(\.name)))
    return try files.map { file in
      let path = folder + "/" + file.name
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.contents.write(to: URL(filePath: path), options: .atomic)
      return path
    }
  }

  /// Removes what an earlier report in the folder wrote, by its manifest, and this one does not.
  private static func removeFormer(in folder: String, except names: Set<String>) throws {
    let file = "\(folder)/\(FolderManifest.fileName)"
    guard let data = FileManager.default.contents(atPath: file),
      let former = try? FolderManifest(json: Array(data))
    else { return }
    for name in former.files.map(\.name)
    where !names.contains(name) && !name.split(separator: "/").contains("..") {
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      try FileManager.default.removeItem(atPath: path)
    }
  }

  /// The reason codes of each run with a rule of decision, as a table for spreadsheets.
  private static func reasonCodes(of records: [AuditRecord]) -> [File] {
    records.compactMap { record in
      ReasonCodeCSV(record).encoded().map {
        File(
          name: records.count == 1 ? "reasons.csv" : "reasons-\(record.run.id).csv",
          mediaType: "text/csv", contents: Data($0))
      }
    }
  }

  /// The sums of the runs and of the folder's files: what `assay verify --report` begins with.
  private static func manifest(
    of runs: [Manifest], _ document: ReportDocument, _ files: [File]
  ) -> File {
    let manifest = FolderManifest(runs: runs, files: sums(of: files), making: document.making)
    return File(
      name: FolderManifest.fileName, mediaType: "application/json",
      contents: Data(manifest.encoded()))
  }

  private static func sums(of files: [File]) -> [Manifest.Leaf] {
    files.map { Manifest.Leaf($0.name, sha256: FileHash.sha256(of: $0.contents)) }
  }

  /// The sums of a report's files, but for the PDF, which depends on the machine's fonts.
  static func sums(of document: ReportDocument) throws -> [Manifest.Leaf] {
    sums(of: try files(of: document, nil).filter { $0.name != FolderManifest.fileName })
  }

  /// The file that is not made again.
  static let printed = "report.pdf"

  private struct File {
    let name: String
    let mediaType: String
    let contents: Data
  }

  private static func files(
    of document: ReportDocument, _ printer: PDFPrinter?
  ) throws -> [File] {
    let manifests = try document.manifests()
    let pages = [
      File(
        name: "report.html", mediaType: "text/html",
        contents: Data(try document.html(manifests: manifests).utf8)),
      File(
        name: "summary.html", mediaType: "text/html", contents: Data(try document.summary().utf8)),
      File(
        name: "model-card.md", mediaType: "text/markdown",
        contents: Data(try document.modelCard().utf8)),
      File(
        name: "report.json", mediaType: "application/json",
        contents: Data(try document.json(manifests: manifests).encoded())),
      File(
        name: "gates.xml", mediaType: "application/xml", contents: Data(document.junit.encoded())),
    ]
    let pictures = try document.pictures().map { picture in
      File(
        name: "heatmaps/\(picture.name)", mediaType: "image/png", contents: Data(picture.bytes))
    }
    let files =
      try pages + printed(document, manifests, printer) + reasonCodes(of: document.records)
      + pictures
    return files + [manifest(of: manifests, document, files)]
  }

  private static func printed(
    _ document: ReportDocument, _ manifests: [Manifest], _ printer: PDFPrinter?
  ) throws -> [File] {
    guard let printer else { return [] }
    let first = document.records.map(\.run.started).min() ?? ""
    let bytes = try printer.pdf(
      of: try document.html(for: .print, manifests: manifests), dated: first)
    return [File(name: Self.printed, mediaType: "application/pdf", contents: bytes)]
  }
}
