package import Foundation

extension NumpyArray {
  /// An array's `.npy` form in memory.
  package static func data(_ tensor: Tensor) -> Data {
    withExtendedLifetime(tensor) { Data(header(of: tensor)) + Data(tensor.bytes) }
  }

  /// The array of a `.npy` form in memory.
  ///
  /// - Throws: `ArrayFileError` naming the place, if the bytes are no array.
  package static func read(_ data: Data, named place: String) throws -> Tensor {
    try NumpyArrayReader(MemoryBytes(data, place: FilePlace(path: place))).readAll()
  }
}

/// Bytes in memory.
private final class MemoryBytes: ByteSource {
  let place: FilePlace
  private var rest: Data

  init(_ data: Data, place: FilePlace) {
    rest = data
    self.place = place
  }

  var remainingAtMost: Int { rest.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, rest.count)
    rest.prefix(count).copyBytes(to: buffer)
    rest = rest.dropFirst(count)
    return count
  }
}
