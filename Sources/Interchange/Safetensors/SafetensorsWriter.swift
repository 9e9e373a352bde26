import Foundation
import Tensors

extension SafetensorsFile {
  /// Writes the file; it appears under its name only once it is complete.
  ///
  /// Equal contents make equal bytes.
  ///
  /// - Throws: `InterchangeError` if it cannot be written.
  package func write(to path: String) throws {
    do {
      let (header, ordered) = try encodedHeader()
      try AtomicFile.write(to: path) { file in
        try file.write(header)
        for tensor in ordered { try file.write(tensor.bytes) }
      }
    } catch let error as ArrayFileError {
      throw InterchangeError(path: path, .cannotWrite(reason: "\(error.fact)"))
    }
  }

  /// The length, the header padded to eight bytes, and the tensors in their order.
  private func encodedHeader() throws -> ([UInt8], [Tensor]) {
    // Wide elements first, so that every tensor is aligned to its elements.
    let ordered = tensors.sorted {
      let (left, right) = ($0.value.elementType.byteCount, $1.value.elementType.byteCount)
      return left == right ? $0.key < $1.key : left > right
    }
    var contents: [String: Content] = metadata.isEmpty ? [:] : ["__metadata__": .text(metadata)]
    var offset = 0
    for (name, tensor) in ordered {
      let end = offset + tensor.bytes.count
      contents[name] = .entry(
        SafetensorsHeader.Entry(
          type: SafetensorsType(tensor.elementType), shape: tensor.shape.dimensions,
          offsets: [offset, end]))
      offset = end
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = [UInt8](try encoder.encode(contents))
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) }
    return (length + text, ordered.map(\.value))
  }

  private enum Content: Encodable {
    case text([String: String])
    case entry(SafetensorsHeader.Entry)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .text(let text): try text.encode(to: encoder)
      case .entry(let entry): try entry.encode(to: encoder)
      }
    }
  }
}
