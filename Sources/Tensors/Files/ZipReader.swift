/// A zip archive that is open for reading; only its table of contents is held in memory.
///
/// - Source: PKWARE APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 to 4.3.16 and 4.5.3 (zip64).
package struct ZipReader {
  /// One file of the archive.
  package struct Member: Hashable, Sendable {
    package var name: String
    var flags: UInt16
    var method: UInt16
    var checksum: UInt32
    var compressedLength: UInt64
    package var length: UInt64
    var headerOffset: UInt64
  }

  package let members: [Member]
  private let file: OpenFile

  package init(path: String) throws {
    file = try OpenFile(path: path)
    members = try ZipDirectory(file: file).members
  }

  /// Opens a member: its bytes are verified against its checksum when they end.
  package func open(_ member: Member) throws -> any ByteSource {
    let place = FilePlace(path: file.path, member: member.name)
    if member.flags & 1 != 0 { throw place.error(.encrypted) }
    guard let length = Int(exactly: member.length), let stored = storedRange(of: member) else {
      throw place.error(.damagedArchive("a length does not fit into the file"))
    }
    let bytes = FileBytes(file: file, place: place, range: try dataRange(stored, place: place))
    let content: any ByteSource
    switch member.method {
    case 0: content = bytes
    case 8: content = try InflatedBytes(bytes, format: .deflate)
    default: throw place.error(.unsupportedCompression(Int(member.method)))
    }
    return CheckedBytes(content, length: length, checksum: member.checksum)
  }

  /// The header's offset and the compressed length, if both lie within the file.
  private func storedRange(of member: Member) -> (header: Int, length: Int)? {
    guard let header = Int(exactly: member.headerOffset), header <= file.length,
      let length = Int(exactly: member.compressedLength), length <= file.length - header
    else { return nil }
    return (header, length)
  }

  /// The bytes after the local header, whose name and extra field have lengths of their own.
  private func dataRange(
    _ stored: (header: Int, length: Int), place: FilePlace
  ) throws -> Range<Int> {
    let headerRange = stored.header..<file.length
    let header = try FileBytes(file: file, place: place, range: headerRange).bytes(30)
    var reader = LittleEndianReader(header[26...])
    guard header.starts(with: [0x50, 0x4B, 3, 4]), let name = reader.next(UInt16.self),
      let extra = reader.next(UInt16.self)
    else { throw place.error(.damagedArchive("a member's header is missing")) }
    let start = stored.header + 30 + Int(name) + Int(extra)
    guard start <= file.length, stored.length <= file.length - start else {
      throw place.error(
        .truncated(expected: stored.length, got: max(file.length - start, 0)))
    }
    return start..<start + stored.length
  }
}
