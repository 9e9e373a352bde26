import Foundation
import Tensors

extension HDF5File {
  /// The text of an attribute: a scalar is a list of one; nil if there is no such attribute.
  ///
  /// - Throws: `InterchangeError.Fact` if it is damaged or not text.
  func strings(_ name: String, of path: String) throws -> [String]? {
    guard var attribute = try attribute(name, of: path) else { return nil }
    // An empty list is written as one of numbers.
    guard attribute.count > 0 else { return [] }
    switch attribute.type {
    case .fixedText(let size):
      return try (0..<attribute.count).map { _ in try attribute.data.text(size) }
    case .text:
      var heaps: [Int: [Int: Data]] = [:]
      var length = 0
      return try (0..<attribute.count).map { _ in
        let text = try heapText(&attribute.data, &heaps)
        length += text.utf8.count
        // Each text lies in a place of its own.
        guard length <= bytes.count else { throw HDF5Cursor.cutOff }
        return text
      }
    default:
      throw Self.damaged("the attribute '\(name)' of '\(path)' is not text")
    }
  }

  /// The whole numbers of an attribute; nil if there is no such attribute.
  ///
  /// - Throws: `InterchangeError.Fact` if it is damaged or of another kind.
  func integers(_ name: String, of path: String) throws -> [Int]? {
    guard var attribute = try attribute(name, of: path) else { return nil }
    guard case .integer(let size, _, _) = attribute.type else {
      throw Self.damaged("the attribute '\(name)' of '\(path)' is no whole number")
    }
    let bytes = try attribute.data.take(attribute.count * size)
    let tensor = attribute.type.tensor(bytes, shape: [attribute.count])
    return tensor.converted(to: .int64).scalars(of: Int64.self).map(Int.init)
  }

  private struct Attribute {
    var type: HDF5Type
    var count: Int
    var data: HDF5Cursor
  }

  private func attribute(_ name: String, of path: String) throws -> Attribute? {
    guard let header = try header(of: path) else { return nil }
    for message in header.messages where message.kind == .attribute {
      if let found = try attribute(header.contents(message), named: name) { return found }
    }
    if var information = try header.contents(.attributeInformation) {
      try information.skip(1)
      try information.skip(try information.number(1) & 1 != 0 ? 2 : 0)
      guard try information.address() == nil else {
        throw Self.unsupported("'\(path)' has more attributes than are supported")
      }
    }
    return nil
  }

  /// An attribute, if it has this name.
  private func attribute(_ cursor: HDF5Cursor, named name: String) throws -> Attribute? {
    var cursor = cursor
    let version = try cursor.number(1)
    let flags = try cursor.number(1)
    guard (1...3).contains(version) else { throw HDF5Cursor.cutOff }
    let sizes = try (0..<3).map { _ in try cursor.number(2) }
    try cursor.skip(version == 3 ? 1 : 0)
    /// The parts of the first version fill multiples of eight bytes.
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    guard try cursor.text(padded(sizes[0])) == name else { return nil }
    guard version == 1 || flags & 3 == 0 else {
      throw Self.unsupported("types that objects share are not supported")
    }
    var (typeCursor, spaceCursor) = (cursor, cursor)
    let type = try HDF5Type(&typeCursor)
    try spaceCursor.skip(padded(sizes[1]))
    let space = try HDF5Space(&spaceCursor)
    try cursor.skip(padded(sizes[1]) + padded(sizes[2]))
    let (total, overflow) = space.count.multipliedReportingOverflow(by: type.size)
    guard !overflow, type.size > 0, total <= cursor.remaining else {
      throw Self.damaged("the attribute '\(name)' cannot be read")
    }
    return Attribute(type: type, count: space.count, data: cursor)
  }

  /// Text of any length: its size, and its place in a heap.
  private func heapText(
    _ cursor: inout HDF5Cursor, _ heaps: inout [Int: [Int: Data]]
  ) throws -> String {
    let count = try cursor.number(4)
    let address = try cursor.address()
    let index = try cursor.number(4)
    guard count > 0 else { return "" }
    guard let address else { throw HDF5Cursor.cutOff }
    let heap = try heaps[address] ?? heapObjects(address)
    heaps[address] = heap
    guard let object = heap[index], object.count >= count else { throw HDF5Cursor.cutOff }
    return String(decoding: object.prefix(count).prefix { $0 != 0 }, as: UTF8.self)
  }

  /// The objects of a heap that all objects of the file share, by their numbers.
  private func heapObjects(_ address: Int) throws -> [Int: Data] {
    var cursor = try HDF5Cursor(bytes, at: address)
    try cursor.expect("GCOL")
    try cursor.skip(4)
    let size = try cursor.number(8)
    guard size >= 16 else { throw HDF5Cursor.cutOff }
    cursor = try HDF5Cursor(bytes, at: address, count: size)
    try cursor.skip(16)
    var objects: [Int: Data] = [:]
    while cursor.remaining >= 16 {
      let index = try cursor.number(2)
      try cursor.skip(6)
      let count = try cursor.number(8)
      if index == 0 { break }
      objects[index] = try cursor.take(count)
      try cursor.align(from: address)
    }
    return objects
  }
}
