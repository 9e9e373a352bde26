import Foundation
import Tensors

/// A data set that is stored in blocks of one shape, each of which may be filtered.
struct HDF5Blocks {
  private struct Block {
    var position: Int
    var count: Int
    /// The filters that were left out, a bit each.
    var skipped: Int
    /// Where in the data set the block begins.
    var origin: [Int]
  }

  private let file: HDF5File
  private let shape: Shape
  private let blockShape: Shape
  private let elementSize: Int
  private let filters: [Int]
  private var blocks: [Block] = []

  /// The bytes that all blocks take up in the file.
  var storedCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// - Throws: `InterchangeError.Fact` if the blocks are damaged or filtered in an unknown way.
  init(
    _ file: HDF5File, _ layout: inout HDF5Cursor, _ filters: HDF5Cursor?, _ shape: Shape,
    _ elementSize: Int
  ) throws {
    self.file = file
    self.shape = shape
    self.elementSize = elementSize
    guard try layout.number(1) == shape.rank + 1 else { throw HDF5Cursor.cutOff }
    let tree = try layout.address()
    let dimensions = try (0..<shape.rank).map { _ in try layout.number(4) }
    guard try layout.number(4) == elementSize else { throw HDF5Cursor.cutOff }
    blockShape = Shape(dimensions)
    var size = elementSize
    for dimension in dimensions {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow, dimension > 0, product <= 1032 * file.bytes.count else {
        throw HDF5Cursor.cutOff
      }
      size = product
    }
    self.filters = try filters.map(Self.filters) ?? []
    guard let tree else { return }
    let keySize = 8 + 8 * (shape.rank + 1)
    for leaf in try HDF5Tree(file.bytes, at: tree, keySize: keySize, kind: 1).leaves {
      var key = try HDF5Cursor(file.bytes, at: leaf.key, count: keySize)
      let (count, skipped) = (try key.number(4), try key.number(4))
      let origin = try (0..<shape.rank).map { _ in try key.number(8) }
      _ = try HDF5Cursor(file.bytes, at: leaf.child, count: count)
      blocks.append(Block(position: leaf.child, count: count, skipped: skipped, origin: origin))
    }
    let largestCount = (0..<shape.rank).reduce(1.0) {
      $0 * (Double(shape[$1]) / Double(blockShape[$1])).rounded(.up)
    }
    guard Double(blocks.count) <= largestCount else { throw HDF5Cursor.cutOff }
  }

  /// The numbers of the filters, in the order in which they were applied.
  private static func filters(_ cursor: HDF5Cursor) throws -> [Int] {
    var cursor = cursor
    let version = try cursor.number(1)
    let count = try cursor.number(1)
    try cursor.skip(version == 1 ? 6 : 0)
    return try (0..<count).map { _ in
      let filter = try cursor.number(2)
      let nameSize = version == 1 || filter >= 256 ? try cursor.number(2) : 0
      try cursor.skip(2)
      let valueCount = try cursor.number(2)
      try cursor.skip(version == 1 ? (nameSize + 7) / 8 * 8 : nameSize)
      try cursor.skip(4 * (version == 1 ? (valueCount + 1) / 2 * 2 : valueCount))
      guard (1...3).contains(filter) else {
        throw HDF5File.unsupported("numbers packed by filter \(filter) are not supported")
      }
      return filter
    }
  }

  /// The bytes of the whole data set; blocks that are not there hold zeros.
  func data(_ total: Int) throws -> Data {
    var result = Data(count: total)
    let size = blockShape.count * elementSize
    for block in blocks {
      let contents = try unfiltered(block, size)
      guard contents.count >= size else { throw HDF5Cursor.cutOff }
      result.withUnsafeMutableBytes { target in
        contents.withUnsafeBytes { copy($0, block.origin, to: target) }
      }
    }
    return result
  }

  private func unfiltered(_ block: Block, _ size: Int) throws -> Data {
    var cursor = try HDF5Cursor(file.bytes, at: block.position, count: block.count)
    var data = try cursor.take(block.count)
    for (index, filter) in filters.enumerated().reversed()
    where index >= 32 || block.skipped >> index & 1 == 0 {
      switch filter {
      case 1: data = try inflated(data, size)
      case 2: data = unshuffled(data)
      // A checksum, which says nothing that the numbers need.
      default: data = data.dropLast(4)
      }
    }
    return data
  }

  /// The bytes of a block that was deflated: two bytes of a header come before.
  private func inflated(_ data: Data, _ size: Int) throws -> Data {
    do {
      let source = try InflatedBytes(BlockBytes(data.dropFirst(2)), format: .deflate)
      // A checksum may follow the numbers.
      var bytes = [UInt8](repeating: 0, count: size + 4)
      let count = try bytes.withUnsafeMutableBytes { try source.fill($0) }
      return Data(bytes.prefix(count))
    } catch is ArrayFileError {
      throw HDF5File.damaged("a block of numbers is damaged")
    }
  }

  /// All first bytes of the elements, all second ones and so on, put together again.
  private func unshuffled(_ data: Data) -> Data {
    let bytes = [UInt8](data)
    let count = bytes.count / elementSize
    var result = bytes
    for element in 0..<count {
      for byte in 0..<elementSize {
        result[element * elementSize + byte] = bytes[byte * count + element]
      }
    }
    return Data(result)
  }

  /// Copies the part of a block that lies in the data set, row by row.
  private func copy(
    _ block: UnsafeRawBufferPointer, _ origin: [Int], to target: UnsafeMutableRawBufferPointer
  ) {
    let rank = shape.rank
    let counts = (0..<rank).map {
      max(min(blockShape[$0], shape[$0] - min(origin[$0], shape[$0])), 0)
    }
    guard counts.allSatisfy({ $0 > 0 }) else { return }
    let (from, to) = (blockShape.strides, shape.strides)
    let rowBytes = (counts.last ?? 1) * elementSize
    var index = Array(repeating: 0, count: rank)
    while true {
      var (source, destination) = (0, 0)
      for axis in 0..<rank {
        source += index[axis] * from[axis]
        destination += (origin[axis] + index[axis]) * to[axis]
      }
      UnsafeMutableRawBufferPointer(
        rebasing: target[destination * elementSize..<destination * elementSize + rowBytes]
      ).copyMemory(
        from: UnsafeRawBufferPointer(
          rebasing: block[source * elementSize..<source * elementSize + rowBytes]))
      var axis = rank - 2
      while axis >= 0 {
        index[axis] += 1
        if index[axis] < counts[axis] { break }
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// The bytes of one block.
private final class BlockBytes: ByteSource {
  let place = FilePlace(path: "")
  private var rest: Data

  init(_ rest: Data) { self.rest = rest }

  var remainingAtMost: Int { rest.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(buffer.count, rest.count)
    rest.prefix(count).copyBytes(to: buffer)
    rest = rest.dropFirst(count)
    return count
  }
}
