/// The table of contents at the end of a zip archive.
struct ZipDirectory {
  let members: [ZipReader.Member]

  init(file: OpenFile) throws {
    let place = FilePlace(path: file.path)
    let end = try Self.endRecord(of: file, place: place)
    guard let offset = Int(exactly: end.offset), let length = Int(exactly: end.length),
      offset <= file.length, length <= file.length - offset
    else { throw place.error(.damagedArchive("its table of contents lies outside the file")) }
    let range = offset..<offset + length
    let bytes = try FileBytes(file: file, place: place, range: range).bytes(length)
    members = try Self.members(in: bytes, count: end.count, place: place)
  }

  private struct EndRecord {
    var count: UInt64
    var length: UInt64
    var offset: UInt64
  }

  /// Searches the end of the file for the end record, which a comment of up to 64 KiB may follow.
  private static func endRecord(of file: OpenFile, place: FilePlace) throws -> EndRecord {
    let start = max(file.length - 22 - 0xFFFF, 0)
    let tail = try FileBytes(file: file, place: place, range: start..<file.length)
      .bytes(file.length - start)
    var position = tail.count - 22
    while position >= 0 {
      if tail[position...].starts(with: [0x50, 0x4B, 5, 6]) {
        var reader = LittleEndianReader(tail[(position + 10)...])
        guard let count = reader.next(UInt16.self), let length = reader.next(UInt32.self),
          let offset = reader.next(UInt32.self)
        else { break }
        if count == 0xFFFF || length == .max || offset == .max {
          return try zip64EndRecord(of: file, before: start + position, place: place)
        }
        return EndRecord(count: UInt64(count), length: UInt64(length), offset: UInt64(offset))
      }
      position -= 1
    }
    throw place.error(.notAnArchive)
  }

  private static func zip64EndRecord(
    of file: OpenFile, before end: Int, place: FilePlace
  ) throws -> EndRecord {
    let damaged = place.error(.damagedArchive("its zip64 end record is missing"))
    guard end >= 20 else { throw damaged }
    let locator = try FileBytes(file: file, place: place, range: end - 20..<end).bytes(20)
    var reader = LittleEndianReader(locator[8...])
    guard locator.starts(with: [0x50, 0x4B, 6, 7]), let offset = reader.next(UInt64.self),
      let start = Int(exactly: offset), start <= file.length - 56
    else { throw damaged }
    let record = try FileBytes(file: file, place: place, range: start..<start + 56).bytes(56)
    var fields = LittleEndianReader(record[32...])
    guard record.starts(with: [0x50, 0x4B, 6, 6]), let count = fields.next(UInt64.self),
      let length = fields.next(UInt64.self), let directory = fields.next(UInt64.self)
    else { throw damaged }
    return EndRecord(count: count, length: length, offset: directory)
  }

  private static func members(
    in bytes: [UInt8], count: UInt64, place: FilePlace
  ) throws -> [ZipReader.Member] {
    var members: [ZipReader.Member] = []
    var names: Set<String> = []
    var reader = LittleEndianReader(bytes)
    while members.count < count {
      guard let member = member(from: &reader) else {
        throw place.error(.damagedArchive("entry \(members.count + 1) of its table is damaged"))
      }
      guard names.insert(member.name).inserted else {
        throw FilePlace(path: place.path, member: member.name).error(.duplicateMember)
      }
      members.append(member)
    }
    return members
  }

  private static func member(from reader: inout LittleEndianReader) -> ZipReader.Member? {
    guard reader.nextBytes(4)?.elementsEqual([0x50, 0x4B, 1, 2]) == true,
      reader.nextBytes(4) != nil, let flags = reader.next(UInt16.self),
      let method = reader.next(UInt16.self), reader.nextBytes(4) != nil,
      let checksum = reader.next(UInt32.self), let compressed = reader.next(UInt32.self),
      let length = reader.next(UInt32.self), let nameLength = reader.next(UInt16.self),
      let extraLength = reader.next(UInt16.self), let commentLength = reader.next(UInt16.self),
      reader.nextBytes(8) != nil, let offset = reader.next(UInt32.self),
      let name = reader.nextBytes(Int(nameLength)), let extra = reader.nextBytes(Int(extraLength)),
      reader.nextBytes(Int(commentLength)) != nil
    else { return nil }
    var member = ZipReader.Member(
      name: String(decoding: name, as: UTF8.self), flags: flags, method: method,
      checksum: checksum, compressedLength: UInt64(compressed), length: UInt64(length),
      headerOffset: UInt64(offset))
    return member.applyZip64(extra) ? member : nil
  }
}

extension ZipReader.Member {
  /// Replaces each field that says "see the zip64 extra field"; false if that is missing.
  fileprivate mutating func applyZip64(_ extra: ArraySlice<UInt8>) -> Bool {
    let marker = UInt64(UInt32.max)
    guard length == marker || compressedLength == marker || headerOffset == marker else {
      return true
    }
    var reader = LittleEndianReader(extra)
    while let kind = reader.next(UInt16.self), let size = reader.next(UInt16.self),
      let content = reader.nextBytes(Int(size))
    {
      guard kind == 1 else { continue }
      var fields = LittleEndianReader(content)
      for field in [\Self.length, \.compressedLength, \.headerOffset]
      where self[keyPath: field] == marker {
        guard let value = fields.next(UInt64.self) else { return false }
        self[keyPath: field] = value
      }
      return true
    }
    return false
  }
}
