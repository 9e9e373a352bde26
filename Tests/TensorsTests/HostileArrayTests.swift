import Foundation
import Testing

@testable import Tensors

@Suite("Damaged arrays and archives") struct HostileArrayTests {
  /// A `.npy` file with the given header text and no elements.
  static func npy(_ header: String, version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    let length = [UInt8(text.count % 256), UInt8(text.count / 256)]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text
  }

  static func dictionary(shape: String, type: String = "<f4") -> [UInt8] {
    npy("{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n")
  }

  @Test(
    "each kind of damage is told apart, without taking memory",
    arguments: [
      ([], .notAnArray),
      (Array("hello, world".utf8), .notAnArray),
      (npy("{}", version: 9), .unsupportedVersion(9)),
      (npy("[1, 2"), .badHeader("it is not a Python dictionary")),
      (npy(String(repeating: "(", count: 5000)), .badHeader("it is not a Python dictionary")),
      (npy("{'descr': '<f4', 'fortran_order': False}"), .badHeader("'shape' is missing")),
      (npy("{'descr': '<f4', 'shape': (1,)}"), .badHeader("'fortran_order' is missing")),
      (npy("{'fortran_order': False, 'shape': (1,)}"), .badHeader("'descr' is missing")),
      (
        dictionary(shape: "(-1,)"),
        .badHeader("'shape' holds something that is not a length")
      ),
      (dictionary(shape: "(2,)", type: "<c8"), .unsupportedType("<c8")),
      (dictionary(shape: "(2,)", type: "|O"), .unsupportedType("|O")),
      (dictionary(shape: "(2, 3)"), .truncated(expected: 24, got: 0)),
      (dictionary(shape: "(1000000000000,)"), .truncated(expected: 4_000_000_000_000, got: 0)),
      (
        dictionary(shape: "(4294967296, 4294967296)"),
        .tooManyElements(shape: [4_294_967_296, 4_294_967_296])
      ),
      (
        dictionary(shape: "(0, 4611686018427387904, 4)"),
        .tooManyElements(shape: [0, 4_611_686_018_427_387_904, 4])
      ),
    ] as [([UInt8], ArrayFileError.Fact)])
  func arrays(bytes: [UInt8], expected: ArrayFileError.Fact) throws {
    try Fixtures.withFile("a.npy", bytes) { path in
      #expect(throws: ArrayFileError(path: path, expected)) { try NumpyArray.read(path) }
    }
  }

  @Test("what no tensor can hold is refused")
  func unsupported() {
    for (name, fact) in [
      ("text", ArrayFileError.Fact.unsupportedType("<U1")), ("record", .unsupportedType("record")),
      ("too_large", .integerTooLarge(1 << 63)),
    ] {
      let path = Fixtures.path("arrays/\(name).npy")
      #expect(throws: ArrayFileError(path: path, fact)) { try NumpyArray.read(path) }
    }
  }

  @Test("an archive that is cut off anywhere is refused")
  func truncated() throws {
    let bytes = try Fixtures.bytes("arrays/types.npz")
    for length in stride(from: 0, to: bytes.count, by: 97) {
      try Fixtures.withFile("a.npz", Array(bytes.prefix(length))) { path in
        #expect(throws: ArrayFileError.self) { try NumpyArchive.read(path) }
      }
    }
  }

  @Test("one flipped byte of the content never goes unnoticed")
  func flipped() throws {
    for archive in ["types", "fortran"] {
      let bytes = try Fixtures.bytes("arrays/\(archive).npz")
      let good = try NumpyArchive.read(Fixtures.path("arrays/\(archive).npz"))
      for position in stride(from: 0, to: bytes.count, by: 29) {
        var damaged = bytes
        damaged[position] ^= 0x55
        try Fixtures.withFile("a.npz", damaged) { path in
          // A byte may lie in a time stamp or a name; then nothing may have changed but that.
          guard let arrays = try? NumpyArchive.read(path) else { return }
          #expect(Set(arrays.values).isSubset(of: Set(good.values)), "byte \(position)")
        }
      }
    }
  }

  @Test("a wrong checksum names the member")
  func checksum() throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/a.npz"
      try NumpyArchive.write([("x", Tensor([1, 2, 3] as [Float]))], to: path)
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      let element = try #require(
        bytes.indices.first { bytes[$0...].starts(with: [0, 0, 0x40, 0x40]) })
      bytes[element] = 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: ArrayFileError.self) { try NumpyArchive.read(path) }
      #expect(error?.fact == .wrongChecksum)
      #expect(
        error?.description
          == "\(path), member 'x.npy': the data is damaged: its checksum does not match")
    }
  }

  @Test("a missing member lists those that are there")
  func missing() throws {
    let path = Fixtures.path("arrays/types.npz")
    let error = #expect(throws: ArrayFileError.self) {
      try NumpyArchiveReader(path: path).array("x")
    }
    #expect(error?.description.contains("is missing; the archive holds little_f8, ") == true)
  }
}
