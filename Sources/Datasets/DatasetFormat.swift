import Foundation
import Tensors

/// The formats that can be read.
package enum DatasetFormat {
  case archive, idx, imageFolder, arff, csv, series

  /// Finds the format by what the file is, then by what it is called.
  package init(path: String) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      self = .imageFolder
      return
    }
    let source = try openBytes(path: path)
    var start = [UInt8](repeating: 0, count: 4)
    let count = try start.withUnsafeMutableBytes { try source.fill($0) }
    guard count > 0 else { throw DatasetError(path: path, .emptyFile) }
    if start.starts(with: [0x50, 0x4B]), start[2] == 3 || start[2] == 5 {
      self = .archive
    } else if count == 4, start[0] == 0, start[1] == 0, IDXHeader.types.contains(start[2]) {
      self = .idx
    } else if let format = Self.named(path) {
      self = format
    } else {
      throw DatasetError(path: path, .unknownFormat)
    }
  }

  private static func named(_ path: String) -> DatasetFormat? {
    let url = URL(fileURLWithPath: path)
    let name = url.pathExtension == "gz" ? url.deletingPathExtension() : url
    switch name.pathExtension.lowercased() {
    case "npz": return .archive
    case "arff": return .arff
    case "csv", "data", "txt": return .csv
    case "ts": return .series
    default: return nil
    }
  }
}
