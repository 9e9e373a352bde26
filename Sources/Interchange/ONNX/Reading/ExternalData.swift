import Foundation

/// Tensors' data in files beside the model.
final class ExternalData {
  /// The folder of the model; nil where there is none, so that no data may lie outside.
  private let folder: URL?
  private var files: [String: Data] = [:]
  /// The bytes of each file that tensors took: they may share some, but not without end.
  private var taken: [String: Int] = [:]

  init(folder: URL?) { self.folder = folder }

  /// The files that were read, in the order of their names.
  var paths: [String] { files.keys.sorted().map { folder?.appending(path: $0).path ?? $0 } }

  /// The bytes that a tensor's entries name.
  ///
  /// - Throws: `InterchangeError.Fact` if they leave the folder, or the file is shorter than stated.
  func bytes(of tensor: ONNXTensor, type: ONNXElementType, count: Int) throws -> Data {
    let entries = Dictionary(
      tensor.externalData.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
    guard let location = entries["location"], !location.isEmpty else {
      throw tensor.damaged("lies in another file, but does not say in which")
    }
    let bytes = try file(location, for: tensor)
    let start = try number(entries["offset"], "offset", tensor) ?? 0
    guard start <= bytes.count else {
      throw tensor.damaged("begins at byte \(start) of '\(location)', which has \(bytes.count)")
    }
    let length =
      try number(entries["length"], "length", tensor)
      ?? type.byteCount.map { $0 * count } ?? bytes.count - start
    guard length <= bytes.count - start else {
      throw tensor.damaged(
        "takes \(length) bytes from byte \(start) of '\(location)', which has \(bytes.count)")
    }
    let total = taken[location, default: 0] + length
    guard total / 4 <= bytes.count else {
      throw tensor.damaged("is one of many that take the same bytes of '\(location)'")
    }
    taken[location] = total
    let first = bytes.startIndex + start
    return bytes[first..<first + length]
  }

  private func number(_ text: String?, _ key: String, _ tensor: ONNXTensor) throws -> Int? {
    guard let text, !text.isEmpty else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw tensor.damaged("has the \(key) '\(text)', which is no number of bytes")
    }
    return number
  }

  private func file(_ location: String, for tensor: ONNXTensor) throws -> Data {
    if let known = files[location] { return known }
    guard let folder else {
      throw tensor.damaged("lies in the file '\(location)', but the model is no file itself")
    }
    let root = folder.resolvingSymlinksInPath().standardizedFileURL.path
    let url = folder.appending(path: location).standardizedFileURL
    guard !location.hasPrefix("/"), !location.split(separator: "/").contains(".."),
      url.resolvingSymlinksInPath().standardizedFileURL.path.hasPrefix(root + "/")
    else {
      throw tensor.damaged("lies in '\(location)', outside of the model's folder")
    }
    guard let data = try? Data(contentsOf: url, options: .alwaysMapped) else {
      throw tensor.damaged("lies in '\(location)', which cannot be read; put it beside the model")
    }
    files[location] = data
    return data
  }
}
