import Foundation
import Tensors
import Testing

@testable import Interchange

@Suite("Safetensors files")
struct SafetensorsTests {
  private func path(_ name: String) -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString)-\(name).safetensors").path
  }

  /// A file with the given header and bytes after it.
  private func bytes(_ header: String, data: [UInt8] = [], length: Int? = nil) -> Data {
    let text = [UInt8](header.utf8)
    let count = length ?? text.count
    return Data((0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) } + text + data)
  }

  @Test("what is written is read again, with the same bytes each time")
  func roundTrip() throws {
    let file = SafetensorsFile(
      tensors: [
        "a.weight": Tensor([1, -2.5, .infinity, 0] as [Float], shape: [2, 2]),
        "b": Tensor([0.1, 0.2, 0.3]), "codes": Tensor([Int64.min, 5]),
        "small": Tensor([Int32(-7)]), "bytes": Tensor([UInt8(3), 255, 0]),
        "flags": Tensor([true, false]), "scalar": Tensor(4),
        "empty": Tensor([Float](), shape: [0, 3]),
      ], metadata: ["name": "Grüße \"x\"\n"])
    let (first, second) = (path("first"), path("second"))
    defer { for path in [first, second] { try? FileManager.default.removeItem(atPath: path) } }
    try file.write(to: first)
    try file.write(to: second)
    let read = try SafetensorsFile(path: first)
    #expect(read.tensors == file.tensors)
    #expect(read.metadata == file.metadata)
    #expect(FileManager.default.contentsEqual(atPath: first, andPath: second))
  }

  @Test("half-precision numbers and small integers are widened exactly")
  func narrowTypes() throws {
    func read(_ type: String, _ data: [UInt8], count: Int) throws -> [Double] {
      let header =
        #"{"x":{"dtype":"\#(type)","shape":[\#(count)],"data_offsets":[0,\#(data.count)]}}"#
      return try #require(SafetensorsFile(bytes(header, data: data)).tensors["x"]).doubles
    }
    // 1, −2, the smallest subnormal, the largest number, infinity.
    let halves: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00]
    let halfBytes = halves.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(try read("F16", halfBytes, count: 5) == [1, -2, 0x1p-24, 65504, .infinity])
    #expect(try read("BF16", [0x80, 0x3F, 0x49, 0xC0], count: 2) == [1, -3.140625])
    #expect(try read("I8", [0xFF, 0x7F], count: 2) == [-1, 127])
    #expect(try read("I16", [0x00, 0x80], count: 1) == [-32768])
  }

  static let hostile: [(String, [UInt8], Int?, String)] = [
    ("", [], nil, "is not a safetensors file: its header is not a JSON object"),
    ("{}", [], Int(Int32.max), "its header of 2147483647 bytes would be longer than the file"),
    ("{}", [], -1, "its header of 18446744073709551615 bytes would be longer than the file"),
    ("[1, 2]", [], nil, "its header is not a JSON object"),
    ("{\"x\":", [], nil, "has a damaged safetensors header: it is not valid JSON"),
    ("{\"x\": 3}", [], nil, "the entry 'x' is not one of a tensor"),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}"#, [], nil,
      "has a damaged safetensors header"
    ),
    (
      #"{"x":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], nil,
      "the entry 'x' is not one of a tensor"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, [0, 0, 0, 0], nil,
      "it ends at byte 8 of 4: the file is cut off"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], nil,
      "4 bytes do not hold the shape [3]"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#,
      [0, 0, 0, 0], nil, "do not hold the shape"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], nil,
      "do not hold the shape"
    ),
    (
      #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0], nil,
      "its offsets are [4, 0]"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"U8","shape":[2],"#
        + #""data_offsets":[2,4]}}"#, [0, 0, 0, 0], nil, "it begins at byte 2, not at 3"
    ),
    (
      #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}"#, [0, 0, 0, 0], nil,
      "1 bytes at its end belong to no tensor"
    ),
  ]

  @Test("hostile headers give one clear sentence", arguments: hostile.indices)
  func hostileHeaders(index: Int) throws {
    let (header, data, length, expected) = Self.hostile[index]
    let fact = #expect(throws: InterchangeError.Fact.self) {
      _ = try SafetensorsFile(bytes(header, data: data, length: length))
    }
    #expect(fact?.description.contains(expected) == true, "\(fact?.description ?? "")")
  }

  @Test("a file cut off anywhere is refused")
  func truncation() throws {
    let path = path("whole")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try SafetensorsFile(tensors: ["x": Tensor([1, 2, 3] as [Float])]).write(to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in 0..<whole.count {
      #expect(throws: InterchangeError.Fact.self) { _ = try SafetensorsFile(whole.prefix(count)) }
    }
  }

  @Test("a missing file and an unwritable place are named")
  func places() throws {
    let missing = #expect(throws: InterchangeError.self) {
      _ = try SafetensorsFile(path: "/nowhere/x.safetensors")
    }
    #expect(missing?.description == "/nowhere/x.safetensors: cannot be read: there is no such file")
    let unwritable = #expect(throws: InterchangeError.self) {
      try SafetensorsFile(tensors: [:]).write(to: "/nowhere/x.safetensors")
    }
    #expect(unwritable?.description.contains("No such file or directory") == true)
  }
}
