import Foundation

extension HDF5File {
  enum Link {
    /// The place of an object's header.
    case object(Int)
    /// A path, or a file and a path.
    case elsewhere
  }

  /// The members of a group by name.
  func links(of header: HDF5Header) throws -> [String: Link] {
    var links: [String: Link] = [:]
    for message in header.messages where message.kind == .link {
      let (name, link) = try link(header.contents(message))
      links[name] = link
    }
    if var information = try header.contents(.linkInformation) {
      try information.skip(1)
      try information.skip(try information.number(1) & 1 != 0 ? 8 : 0)
      guard try information.address() == nil else {
        throw Self.unsupported("groups with very many members are not supported")
      }
    }
    guard var table = try header.contents(.symbolTable) else { return links }
    guard let tree = try table.address(), let heap = try table.address() else {
      throw HDF5Cursor.cutOff
    }
    try addSymbols(tree: tree, names: nameSegment(heap), to: &links)
    return links
  }

  /// A link as a message of its own.
  private func link(_ cursor: HDF5Cursor) throws -> (String, Link) {
    var cursor = cursor
    guard try cursor.number(1) == 1 else { throw HDF5Cursor.cutOff }
    let flags = try cursor.number(1)
    let kind = flags & 8 != 0 ? try cursor.number(1) : 0
    try cursor.skip((flags & 4 != 0 ? 8 : 0) + (flags & 16 != 0 ? 1 : 0))
    let name = try cursor.text(cursor.number(1 << (flags & 3)))
    guard kind == 0 else { return (name, .elsewhere) }
    guard let address = try cursor.address() else { throw HDF5Cursor.cutOff }
    return (name, .object(address))
  }

  /// Where a group keeps the names of its members.
  private func nameSegment(_ address: Int) throws -> (position: Int, count: Int) {
    var cursor = try HDF5Cursor(bytes, at: address)
    try cursor.expect("HEAP")
    try cursor.skip(4)
    let count = try cursor.number(8)
    try cursor.skip(8)
    guard let position = try cursor.address() else { throw HDF5Cursor.cutOff }
    _ = try HDF5Cursor(bytes, at: position, count: count)
    return (position, count)
  }

  private func addSymbols(
    tree: Int, names: (position: Int, count: Int), to links: inout [String: Link]
  ) throws {
    for leaf in try HDF5Tree(bytes, at: tree, keySize: 8, kind: 0).leaves {
      var cursor = try HDF5Cursor(bytes, at: leaf.child)
      try cursor.expect("SNOD")
      try cursor.skip(2)
      for _ in 0..<(try cursor.number(2)) {
        let offset = try cursor.number(8)
        let address = try cursor.address()
        let cacheKind = try cursor.number(4)
        try cursor.skip(20)
        guard offset < names.count else { throw HDF5Cursor.cutOff }
        var text = try HDF5Cursor(
          bytes, at: names.position + offset, count: names.count - offset)
        let name = try text.text(text.remaining)
        // A link that is a path has no object.
        links[name] = cacheKind == 2 ? .elsewhere : address.map(Link.object) ?? .elsewhere
      }
    }
  }
}

/// The leaves of a tree by which a file finds the members of a group or the blocks of a data set.
struct HDF5Tree {
  struct Leaf {
    /// Where the leaf's key lies.
    var key: Int
    var child: Int
  }

  private(set) var leaves: [Leaf] = []
  private let bytes: Data
  private let keySize: Int
  private let kind: Int
  /// Places that were read: a damaged tree may lead back into itself.
  private var seen: Set<Int> = []

  /// - Throws: `InterchangeError.Fact` if the tree is damaged.
  init(_ bytes: Data, at address: Int, keySize: Int, kind: Int) throws {
    self.bytes = bytes
    self.keySize = keySize
    self.kind = kind
    try read(address, level: nil)
    guard Set(leaves.map(\.child)).count == leaves.count else { throw HDF5Cursor.cutOff }
  }

  private mutating func read(_ address: Int, level expected: Int?) throws {
    var cursor = try HDF5Cursor(bytes, at: address)
    try cursor.expect("TREE")
    guard seen.insert(address).inserted, try cursor.number(1) == kind else {
      throw HDF5Cursor.cutOff
    }
    let level = try cursor.number(1)
    guard level == expected ?? level, level < 32 else { throw HDF5Cursor.cutOff }
    let count = try cursor.number(2)
    try cursor.skip(16)
    for _ in 0..<count {
      let key = cursor.position
      try cursor.skip(keySize)
      guard let child = try cursor.address() else { throw HDF5Cursor.cutOff }
      if level == 0 {
        leaves.append(Leaf(key: key, child: child))
      } else {
        try read(child, level: level - 1)
      }
    }
  }
}
