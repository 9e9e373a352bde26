package import Foundation
package import Tensors

/// Named tensors with textual metadata in one file.
///
/// Eight bytes state the length of a JSON header, which states each tensor's type, shape and place
/// in the bytes after it.
///
/// - Source: https://huggingface.co/docs/safetensors, "Format".
package struct SafetensorsFile: Sendable {
  package var tensors: [String: Tensor]
  package var metadata: [String: String]

  package init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Headers beyond this are refused, as they are by the format's own implementation.
  static let maximumHeader = 100_000_000

  /// Reads a file; no more memory is taken than the file is long, whatever its header claims.
  ///
  /// - Throws: `InterchangeError` with one sentence on what is wrong.
  package init(path: String) throws {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw InterchangeError(
        path: path,
        .unreadable(reason: exists ? "no permission, or not a file" : "there is no such file"))
    }
    do {
      try self.init(bytes)
    } catch {
      throw InterchangeError(path: path, error)
    }
  }

  /// Reads the bytes of a file.
  ///
  /// - Throws: `InterchangeError.Fact`.
  package init(_ bytes: Data) throws(InterchangeError.Fact) {
    let header = try SafetensorsHeader(bytes)
    metadata = header.metadata
    tensors = [:]
    for (name, entry) in header.entries {
      let start = bytes.startIndex + header.dataStart
      let range = start + entry.offsets[0]..<start + entry.offsets[1]
      tensors[name] = try entry.type.tensor(bytes[range], shape: Shape(entry.shape))
    }
  }
}

/// The part of a file before the tensors' bytes.
struct SafetensorsHeader {
  struct Entry: Codable {
    var type: SafetensorsType
    var shape: [Int]
    var offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case offsets = "data_offsets"
    }
  }

  let metadata: [String: String]
  let entries: [String: Entry]
  /// Where the tensors' bytes begin.
  let dataStart: Int

  init(_ bytes: Data) throws(InterchangeError.Fact) {
    guard bytes.count >= 8 else { throw .notSafetensors("it has \(bytes.count) bytes") }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw .notSafetensors("its header of \(length) bytes would be longer than the file")
    }
    guard length <= UInt64(SafetensorsFile.maximumHeader) else {
      throw .notSafetensors("its header of \(length) bytes is too long")
    }
    dataStart = 8 + Int(length)
    let text = bytes[bytes.startIndex + 8..<bytes.startIndex + dataStart]
    guard text.first == UInt8(ascii: "{") else {
      throw .notSafetensors("its header is not a JSON object")
    }
    let contents: Contents
    do {
      contents = try JSONDecoder().decode(Contents.self, from: text)
    } catch {
      throw .badHeader(Self.reason(error))
    }
    (metadata, entries) = (contents.metadata, contents.entries)
    try Self.check(entries, dataCount: bytes.count - dataStart)
  }

  /// Checks that the tensors fill the bytes after the header, without gap or overlap.
  private static func check(
    _ entries: [String: Entry], dataCount: Int
  ) throws(InterchangeError.Fact) {
    let ordered = entries.sorted {
      let (left, right) = ($0.value.offsets, $1.value.offsets)
      return left.lexicographicallyPrecedes(right)
    }
    var end = 0
    for (name, entry) in ordered {
      guard entry.offsets.count == 2, entry.offsets[0] <= entry.offsets[1] else {
        throw .badTensor(name, "its offsets are \(entry.offsets)")
      }
      guard entry.offsets[1] <= dataCount else {
        throw .badTensor(
          name, "it ends at byte \(entry.offsets[1]) of \(dataCount): the file is cut off")
      }
      guard entry.offsets[0] == end else {
        throw .badTensor(name, "it begins at byte \(entry.offsets[0]), not at \(end)")
      }
      guard entry.byteCount == entry.offsets[1] - entry.offsets[0] else {
        throw .badTensor(
          name, "\(entry.offsets[1] - entry.offsets[0]) bytes do not hold the shape \(entry.shape)")
      }
      end = entry.offsets[1]
    }
    guard end == dataCount else {
      throw .notSafetensors("\(dataCount - end) bytes at its end belong to no tensor")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard case DecodingError.dataCorrupted(let context) = error, context.codingPath.isEmpty else {
      let path = (error as? DecodingError)?.path ?? []
      return "the entry '\(path.first ?? "")' is not one of a tensor"
    }
    return "it is not valid JSON"
  }

  struct Contents: Decodable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }
}

extension SafetensorsHeader.Entry {
  /// The bytes that type and shape need, nil if that is no number.
  var byteCount: Int? {
    var count = type.byteCount
    for dimension in shape where dimension != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !overflow else { return nil }
      count = product
    }
    // A dimension of 0 must not hide that the others overflow.
    return shape.contains(0) ? 0 : count
  }
}

extension DecodingError {
  fileprivate var path: [String] {
    switch self {
    case .dataCorrupted(let context), .keyNotFound(_, let context),
      .typeMismatch(_, let context), .valueNotFound(_, let context):
      context.codingPath.map(\.stringValue)
    @unknown default: []
    }
  }
}
