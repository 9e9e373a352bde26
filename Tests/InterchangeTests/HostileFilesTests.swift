import Execution
import Foundation
import Models
import Programs
import SwiftProtobuf
import Tensors
import Testing

@testable import Interchange

@Suite("Hostile files")
struct HostileFilesTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fuzz/corpus")

  private static func files(_ kind: String) -> [URL] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: corpus.appending(path: kind).path)
    return (names ?? []).sorted().map { corpus.appending(path: "\(kind)/\($0)") }
  }

  private static func hostile(_ name: String) throws -> Data {
    try Data(contentsOf: corpus.appending(path: "onnx/hostile-\(name).onnx"))
  }

  /// Reads and lowers a model for N samples.
  private func network(_ bytes: Data, folder: URL? = nil) throws -> ImportedNetwork {
    try ONNXFile(bytes, folder: folder).network(NetworkRequest())
  }

  /// What is wrong with a hostile model, in words.
  private func refusal(of name: String, folder: URL? = nil) throws -> String? {
    let bytes = try Self.hostile(name)
    let fact = #expect(throws: InterchangeError.Fact.self) {
      _ = try network(bytes, folder: folder)
    }
    return fact?.description
  }

  // MARK: Sentences

  static let sentences: [(String, String)] = [
    ("cycle", "is no valid ONNX file: the value 'b' depends on itself"),
    ("self", "is no valid ONNX file: the value 'y' depends on itself"),
    ("missing", "is no valid ONNX file: nothing makes the value 'w'"),
    ("twice", "is no valid ONNX file: two nodes make the value 'y'"),
    (
      "overflow",
      "is no valid ONNX file: tensor 'w' has the impossible shape [1099511627776, 1099511627776]"
    ),
    ("negative", "is no valid ONNX file: tensor 'w' has the impossible shape [-1, -4]"),
    (
      "hidden-overflow",
      "is no valid ONNX file: tensor 'w' has the impossible shape [1099511627776, 0, 1099511627776]"
    ),
    (
      "outside",
      "is no valid ONNX file: tensor 'w' lies in the file '../../etc/passwd', but the model is no file itself"
    ),
    ("input-negative", "is no valid ONNX file: input 'x': no tensor has the shape [-5, 3]"),
    (
      "constant-of-shape",
      "node that makes 'y' (ConstantOfShape, opset 17): broadcast(float32[]): a value of type "
        + "float32[2147483648, 1048576] would take more than 16 GiB a sample"
    ),
    (
      "range",
      "node that makes 'y' (Range, opset 17): would lay out a table of 2147483392 numbers; Assay "
        + "makes up to 67108864 of them for all nodes together"
    ),
    (
      "tree-cycle",
      "node that makes 'y' (ai.onnx.ml.TreeEnsembleRegressor, opset 3): has a tree that leads back to itself"
    ),
    (
      "functions", "is no valid ONNX file: its loops and functions unfold to more than 400000 nodes"
    ),
    ("attributes", "is no valid ONNX file: its graphs unfold to more than 4000000 nodes"),
    (
      "recursion",
      "is no valid ONNX file: graphs and functions lie more than 64 deep in each other"
    ),
    ("loops", "is no valid ONNX file: its loops and functions unfold to more than 400000 nodes"),
  ]

  @Test("a hostile model is refused in one sentence", arguments: sentences.indices)
  func refusals(index: Int) throws {
    let (name, sentence) = Self.sentences[index]
    #expect(try refusal(of: name) == sentence)
  }

  @Test("data outside of the model's folder, or beyond the end of a file, are refused")
  func places() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "hostile-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(count: 8).write(to: folder.appending(path: "w.bin"))
    #expect(
      try refusal(of: "outside", folder: folder)
        == "is no valid ONNX file: tensor 'w' lies in '../../etc/passwd', outside of the model's folder"
    )
    #expect(
      try refusal(of: "absolute", folder: folder)
        == "is no valid ONNX file: tensor 'w' lies in '/etc/passwd', outside of the model's folder")
    #expect(
      try refusal(of: "beyond", folder: folder)
        == "is no valid ONNX file: tensor 'w' begins at byte 4611686018427387904 of 'w.bin', which has 8"
    )
    #expect(
      try refusal(of: "length", folder: folder)
        == "is no valid ONNX file: tensor 'w' takes 9223372036854775807 bytes from byte 1 of 'w.bin', which has 8"
    )
  }

  @Test("the corpus holds a model of Assay that is one")
  func seed() throws {
    let url = Self.corpus.appending(path: "safetensors/model-linear.safetensors")
    let model = try ModelFile.model(in: SafetensorsFile(Data(contentsOf: url)), path: url.path)
    #expect(model.program.inputs.map(\.name) == ["x", "w", "b"])
  }

  @Test("a chain of a hundred thousand nodes needs no stack")
  func chain() throws {
    let count = 100_000
    var model = ONNXModel()
    model.opsetImport = [ONNXOperatorSet(domain: "", version: 17)]
    model.graph.input = [ONNXValueInfo("0", ValueType(.float32, [1, 2]))]
    model.graph.node = (0..<count).map { index in
      ONNXNode(
        "Flatten", ["\(index)"], ["\(index + 1)"], [.int("axis", index.isMultiple(of: 2) ? 2 : 0)])
    }
    model.graph.output = [ONNXValueInfo("\(count)", ValueType(.float32, [1, 2]))]
    let bytes: Data = try model.serializedBytes()
    #expect(try network(bytes).program.equations.count == count)
  }

  // MARK: Bounded time

  @Test("every file of the corpus is read or refused", arguments: files("onnx"))
  func models(url: URL) throws {
    try read(Data(contentsOf: url), of: "onnx", as: url.lastPathComponent)
  }

  @Test("every safetensors file of the corpus is read or refused", arguments: files("safetensors"))
  func tensors(url: URL) throws {
    try read(Data(contentsOf: url), of: "safetensors", as: url.lastPathComponent)
  }

  @Test("damaged files are read or refused", arguments: ["onnx", "safetensors"])
  func damage(kind: String) throws {
    var stream = RandomBytes(seed: 20)
    for url in Self.files(kind) {
      let whole = try Data(contentsOf: url)
      guard whole.count > 8, !Self.slow.contains(url.lastPathComponent) else { continue }
      for round in 0..<6 {
        let name = "\(url.lastPathComponent), damage \(round)"
        let cut = Int(truncatingIfNeeded: stream.next() % UInt64(whole.count))
        try read(whole.prefix(cut), of: kind, as: name)
        try read(stream.damaged(whole), of: kind, as: name)
      }
    }
  }

  /// Files that use up a limit, which takes a while.
  private static let slow: Set<String> = [
    "hostile-functions.onnx", "hostile-attributes.onnx", "hostile-loops.onnx",
    "hostile-loop-growing.onnx", "hostile-loop.onnx",
  ]

  /// Reads bytes in whichever way they can be read.
  private func read(_ bytes: Data, of kind: String, as name: String) throws {
    let start = ContinuousClock.now
    // What it throws does not matter, as long as it comes back.
    if kind == "onnx" {
      _ = try? network(bytes)
    } else {
      _ = try? ModelFile.model(in: SafetensorsFile(bytes), path: name)
    }
    #expect(ContinuousClock.now - start < .seconds(10), "\(name)")
  }
}

/// Numbers that are the same in each run.
///
/// - Source: Steele et al. 2014, "Fast splittable pseudorandom number generators" (SplitMix64).
private struct RandomBytes {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// Bytes of which up to four have another value.
  mutating func damaged(_ bytes: Data) -> Data {
    var result = bytes
    for _ in 0...(next() % 4) {
      let place = Int(truncatingIfNeeded: next() % UInt64(bytes.count))
      result[result.startIndex + place] = UInt8(truncatingIfNeeded: next())
    }
    return result
  }
}
