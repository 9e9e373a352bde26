import Foundation
import Testing

@testable import Tensors

@Suite("NumpyArchive") struct NumpyArchiveTests {
  static let arrays = [
    ("x", Tensor((0..<5000).map { Float($0 % 17) }, shape: [50, 100])),
    ("y", Tensor((0..<50).map { Int64($0) })),
    ("empty", Tensor(zeros: [0, 2])),
  ]

  @Test("what is written is read back, stored or deflated", arguments: [false, true])
  func roundTrip(compressed: Bool) throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/a.npz"
      try NumpyArchive.write(Self.arrays, to: path, compressed: compressed)
      let read = try NumpyArchive.read(path)
      #expect(read == Dictionary(uniqueKeysWithValues: Self.arrays))
      #expect(try NumpyArchiveReader(path: path).names == ["x", "y", "empty"])
      let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
      #expect(compressed ? size < 4000 : size > 20_400)
    }
  }

  @Test("equal content makes equal bytes")
  func deterministic() throws {
    try Fixtures.withFolder { folder in
      for name in ["a", "b"] {
        try NumpyArchive.write(Self.arrays, to: "\(folder)/\(name).npz", compressed: true)
      }
      let first = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.npz"))
      #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/b.npz")) == first)
    }
  }

  @Test("zip64 fields are written and read where lengths need them")
  func zip64() throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/a.npz"
      // From length 0 on, so that every field of every member becomes a zip64 field.
      try NumpyArchive.write(Self.arrays, to: path, compressed: false, zip64From: 0)
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      #expect(bytes.suffix(42).starts(with: [0x50, 0x4B, 6, 7]))
      #expect(try NumpyArchive.read(path) == Dictionary(uniqueKeysWithValues: Self.arrays))
    }
  }
}
