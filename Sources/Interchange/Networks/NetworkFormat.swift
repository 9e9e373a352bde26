import Foundation

/// The formats of models that Assay opens, told apart by what a file begins with and by its name.
package enum NetworkFormat: Hashable, Sendable {
  /// Weights, or a model that Assay wrote.
  case safetensors
  case onnx
  case keras
  case caffe
  case tensorFlow
  /// A network of layers, described for Assay.
  case yaml

  /// - Throws: `InterchangeError` for files that no one should open, and for those that Assay does
  ///   not know.
  package init(path: String) throws {
    let url = URL(fileURLWithPath: path)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw InterchangeError(path: path, .unreadable(reason: "there is no such file"))
    }
    if isDirectory.boolValue {
      guard
        FileManager.default.fileExists(atPath: url.appending(path: "saved_model.pb").path)
      else {
        throw InterchangeError(
          path: path, .unknownFormat("a folder without saved_model.pb, so no TensorFlow model"))
      }
      self = .tensorFlow
      return
    }
    self = try Self.file(url, prefix: Self.prefix(of: url))
  }

  private static func file(_ url: URL, prefix: Data) throws -> NetworkFormat {
    let bytes = [UInt8](prefix)
    func begins(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
    switch url.pathExtension.lowercased() {
    case "yaml", "yml": return .yaml
    case "prototxt", "caffemodel": return .caffe
    case "pb": return .tensorFlow
    case "onnx": return .onnx
    default: break
    }
    if begins([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) { return .keras }
    if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return .safetensors }
    if begins(Array("PK".utf8)), url.pathExtension == "keras" { return .keras }
    if begins(Array("PK".utf8)) || begins([0x80]) || isPickleName(url) {
      throw InterchangeError(path: url.path, .runsCode)
    }
    // Field 1, a number: what every ONNX file begins with.
    if begins([0x08]) { return .onnx }
    throw InterchangeError(
      path: url.path,
      .unknownFormat("neither Assay's own model, nor ONNX, Keras, TensorFlow or Caffe"))
  }

  private static func isPickleName(_ url: URL) -> Bool {
    ["pt", "pth", "pkl", "pickle", "joblib", "bin", "torchscript"].contains(url.pathExtension)
  }

  private static func prefix(of url: URL) throws -> Data {
    guard let file = try? FileHandle(forReadingFrom: url) else {
      throw InterchangeError(path: url.path, .unreadable(reason: "no permission"))
    }
    defer { try? file.close() }
    return try file.read(upToCount: 16) ?? Data()
  }
}

/// Opens networks of every format that files can be in.
package enum NetworkFiles {
  /// Reads a file, without lowering it.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package static func open(_ path: String) throws -> any NetworkFile {
    switch try NetworkFormat(path: path) {
    case .onnx: return try ONNXFile(path: path)
    case .keras: return try KerasFile(path: path)
    case .caffe: return try CaffeFile(path: path)
    case .tensorFlow: return try TensorFlowFile(path: path)
    case .safetensors, .yaml:
      throw InterchangeError(
        path: path, .unknownFormat("not a network that can be imported by itself"))
    }
  }
}
