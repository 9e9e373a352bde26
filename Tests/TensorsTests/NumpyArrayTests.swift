import Foundation
import Testing

@testable import Tensors

@Suite("NumpyArray") struct NumpyArrayTests {
  /// The values that `fixtures/arrays/record.py` writes, in double precision.
  static func expected(_ name: String) -> [Double] {
    let isFloat = name.contains("_f")
    let hasSign = isFloat || name.contains("_i") || name.hasPrefix("i")
    return (0..<24).map { index in
      let value = index * 37 % 101 - (hasSign ? 50 : 0)
      if name == "b1" { return value > 50 ? 1 : 0 }
      return isFloat ? Double(value) / 8 : Double(value)
    }
  }

  static let elementTypes: [String: ElementType] = [
    "little_f8": .float64, "little_f4": .float32, "little_f2": .float32, "little_i8": .int64,
    "little_i4": .int32, "little_i2": .int32, "i1": .int32, "little_u8": .int64,
    "little_u4": .int64, "little_u2": .int32, "u1": .uint8, "b1": .bool, "big_f4": .float32,
    "big_i2": .int32,
  ]

  @Test(
    "arrays of every type and both orders are read as NumPy wrote them",
    arguments: ["types", "fortran"])
  func types(archive: String) throws {
    let arrays = try NumpyArchive.read(Fixtures.path("arrays/\(archive).npz"))
    #expect(Set(arrays.keys) == Set(Self.elementTypes.keys))
    for (name, array) in arrays {
      #expect(array.elementType == Self.elementTypes[name], "\(name)")
      #expect(array.shape == [3, 4, 2])
      #expect(array.doubles == Self.expected(name), "\(name)")
    }
  }

  @Test("all three versions of the format are read", arguments: [1, 2, 3])
  func versions(version: Int) throws {
    let array = try NumpyArray.read(Fixtures.path("arrays/version\(version).npy"))
    #expect(array.doubles == Self.expected("little_f4"))
  }

  @Test("scalars and empty arrays keep their shape")
  func degenerate() throws {
    let scalar = try NumpyArray.read(Fixtures.path("arrays/scalar.npy"))
    #expect(scalar.shape == [] && scalar.floats == [1.5])
    #expect(try NumpyArray.read(Fixtures.path("arrays/empty.npy")).shape == [0, 3])
  }

  @Test("a written float32 array has the very bytes that NumPy writes")
  func bytesAsNumpy() throws {
    let array = try NumpyArray.read(Fixtures.path("arrays/version1.npy"))
    try Fixtures.withFolder { folder in
      try NumpyArray.write(array, to: "\(folder)/a.npy")
      let written = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/a.npy")))
      #expect(try written == Fixtures.bytes("arrays/version1.npy"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npy"])
    }
  }

  @Test("every element type survives writing and reading", arguments: ElementType.allCases)
  func roundTrip(type: ElementType) throws {
    let tensor = Tensor((0..<30).map { Double($0 * 5 % 7) }, shape: [2, 3, 5]).converted(to: type)
    try Fixtures.withFolder { folder in
      try NumpyArray.write(tensor, to: "\(folder)/a.npy")
      #expect(try NumpyArray.read("\(folder)/a.npy") == tensor)
    }
  }

  @Test("an array read in pieces equals the whole", arguments: ["types", "fortran"])
  func pieces(archive: String) throws {
    let reader = try NumpyArchiveReader(path: Fixtures.path("arrays/\(archive).npz"))
    var rows = try reader.array("little_i2")
    var parts: [Tensor] = []
    while let part = try rows.next(2) { parts.append(part) }
    #expect(parts.map { $0.shape[0] } == [2, 1])
    #expect(Tensor.concatenated(parts) == (try reader.array("little_i2").readAll()))
  }

  @Test("a write that fails leaves the old file")
  func atomic() throws {
    try Fixtures.withFolder { folder in
      let path = "\(folder)/a.npy"
      try NumpyArray.write(Tensor([Float(1)]), to: path)
      struct Stop: Error {}
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: path) { file in
          try file.write([1, 2, 3])
          throw Stop()
        }
      }
      #expect(try NumpyArray.read(path).floats == [1])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.npy"])
      #expect(throws: ArrayFileError.self) {
        try NumpyArray.write(Tensor([Float(1)]), to: "\(folder)/missing/a.npy")
      }
    }
  }
}
