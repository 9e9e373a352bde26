import Foundation
import Tensors

/// PNG images in one subfolder a class: float32 `[channels, height, width]` in [0, 1].
///
/// Classes are the folders' names in order; without labels, images may lie in the folder itself.
struct ImageFolderDataset: PieceReader {
  let input: InputSpecification
  private struct Entry {
    let path: String
    let label: Int64
    let name: String
  }

  private let request: DatasetRequest
  private let classNames: [String]
  private let isLabelled: Bool
  private var notes: [String] = []
  private var entries: [Entry] = []
  private var done = 0

  init(_ request: DatasetRequest) throws {
    self.request = request
    let folders = try Self.contents(request.path, request).filter(\.isFolder).map(\.name)
    isLabelled = !folders.isEmpty
    guard isLabelled || request.options.allowsUnlabelled else {
      throw request.error(.companionMissing(expected: "one subfolder a class"))
    }
    var decoder = ClassDecoder(
      label: request.schema.flatMap { $0.label.classes.isEmpty ? nil : $0.label }
        ?? LabelDescription(column: .last, classes: folders))
    classNames = isLabelled ? decoder.names : []
    var others = 0
    for folder in isLabelled ? folders : [""] {
      let label = isLabelled ? try decoder.index(folder) { request.error(column: folder, $0) } : 0
      let found = try Self.entries(of: folder, label: Int64(label), request)
      entries += found.images
      others += found.others
    }
    if others > 0 { notes = ["\(others) files that are not PNG images were passed over"] }
    guard let first = entries.first else { throw request.error(.noRows) }
    input = .image(try PNGImage(path: first.path).shape)
  }

  /// The images of a class's folder, or of the data set's own, and the number of other files.
  private static func entries(
    of folder: String, label: Int64, _ request: DatasetRequest
  ) throws -> (images: [Entry], others: Int) {
    let prefix = folder.isEmpty ? "" : "\(folder)/"
    let files = try contents("\(request.path)/\(folder)", request)
    let images = files.filter { $0.name.lowercased().hasSuffix(".png") && !$0.isFolder }
    let entries = images.map { file in
      Entry(
        path: "\(request.path)/\(prefix)\(file.name)", label: label, name: prefix + file.name)
    }
    return (entries, files.count - images.count)
  }

  private static func contents(
    _ path: String, _ request: DatasetRequest
  ) throws -> [(name: String, isFolder: Bool)] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw ArrayFileError(path: path, .cannotOpen(reason: error.localizedDescription))
    }
    return names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(
        atPath: "\(path)/\(name)", isDirectory: &isFolder)
      return (name, exists && isFolder.boolValue)
    }
  }

  mutating func next(_ count: Int) throws -> Dataset? {
    let taken = entries[done..<min(done + count, entries.count)]
    guard !taken.isEmpty else { return nil }
    var values: [Float] = []
    values.reserveCapacity(taken.count * input.shape.count)
    for entry in taken {
      let image = try PNGImage(path: entry.path)
      guard image.shape == input.shape else {
        throw DatasetError(
          path: entry.path,
          .wrongShape(expected: "\(input.shape) as in \(entries[0].name)", got: image.shape))
      }
      values += try image.values()
    }
    done += taken.count
    return Dataset(
      source: request.source, input: input,
      inputs: Tensor(values, shape: [taken.count] + input.shape),
      labels: isLabelled ? Tensor(taken.map(\.label)) : nil, classNames: classNames,
      sampleNames: taken.map(\.name), schema: request.schema,
      files: entries.map(\.path) + request.files.dropFirst(), notes: notes)
  }
}
