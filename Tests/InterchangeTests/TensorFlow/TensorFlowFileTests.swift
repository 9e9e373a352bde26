import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("TensorFlow models")
struct TensorFlowFileTests {
  static func file(_ name: String) throws -> TensorFlowFile {
    try TensorFlowFile(path: NetworkFixtures.path("tensorflow/\(name)"))
  }

  /// Compares a model's outputs with what TensorFlow computed (scripts/record-tensorflow.py).
  private func compare(
    _ file: TensorFlowFile, with name: String, output: (String) -> String
  ) throws {
    let recorded = try NetworkFixtures.arrays("tensorflow/\(name).npz")
    let results = try file.network(NetworkRequest()).outputs(recorded)
    let expected = recorded.filter { $0.key.hasPrefix("output:") }
    #expect(results.count == expected.count)
    for (key, expected) in expected {
      let result = try #require(results[output(String(key.dropFirst("output:".count)))], "\(key)")
      let difference = Difference(result.converted(to: expected.elementType), expected)
      #expect(difference.isWithin(absolute: 1e-5, relative: 1e-5), "\(key): \(difference)")
    }
  }

  @Test("compute what is recorded of every operator")
  func operators() throws {
    try compare(Self.file("operators.pb"), with: "operators") { "out_\($0)" }
  }

  @Test("are read as frozen graphs")
  func frozen() throws {
    let file = try Self.file("convolutional.pb")
    #expect(file.format == "TensorFlow GraphDef")
    #expect(file.inputs.map(\.description) == ["float[?, 12, 12, 1]"])
    #expect(file.operatorCounts["Conv2D"] == 2)
    try compare(file, with: "convolutional") { "out_\($0)" }
    guard case .softmax = try file.network(NetworkRequest()).origins[0] else {
      Issue.record("the output's softmax is not known")
      return
    }
  }

  @Test("are read as what Keras exports")
  func keras() throws {
    let file = try Self.file("convolutional")
    #expect(file.format == "TensorFlow SavedModel")
    try compare(file, with: "convolutional") { "output_\($0)" }
  }

  @Test("find their variables by the paths of objects")
  func objects() throws {
    let file = try Self.file("perceptron")
    #expect(file.inputs.map(\.name) == ["features"])
    #expect(file.outputs.map(\.name) == ["logits", "probabilities"])
    #expect(file.variables.count == 3)
    #expect(file.companions.count == 3)
    let opened = try NetworkFiles.open(NetworkFixtures.path("tensorflow/perceptron"))
    #expect(opened.outputs == file.outputs)
    try compare(file, with: "perceptron") { $0 }
    let network = try file.network(NetworkRequest(outputs: ["probabilities"]))
    #expect(network.program.inputs[0].type.shape == [Shape.batch, 6])
  }

  @Test(
    "have the right derivatives",
    arguments: [
      "conv_same", "conv_valid", "conv_explicit", "conv_groups", "conv_depthwise",
      "conv_transposed", "conv_cube", "conv_dilated", "max_pool", "average_pool", "normalized",
      "response", "product_batched", "einsum", "arithmetic", "powers", "safe_quotient", "selu",
      "softmax", "log_softmax", "exponentials", "roots", "mean", "sums", "ends", "stack",
      "more_strides", "mirrored", "tiled", "gathered", "points", "chosen", "bilinear_centred",
      "nearest",
    ])
  func gradients(_ name: String) throws {
    let network = try Self.file("operators.pb").network(NetworkRequest(outputs: ["out_\(name)"]))
    #expect(network.gradient == .exact)
    let data = SampleValues.distinct([1, 6, 7, 4], .float64)
    let scaled = Tensor(data.doubles.map { $0 / 8 + 7.0 / 256 }, shape: data.shape)
    try network.checkGradient(at: ["x": scaled], in: "x")
  }

  @Test("say where their derivatives are not the operators' own")
  func gradientKinds() throws {
    func gradient(_ name: String) throws -> GradientKind {
      try Self.file("operators.pb").network(NetworkRequest(outputs: ["out_\(name)"])).gradient
    }
    #expect(try gradient("place") == .none(operators: ["ArgMax"]))
    #expect(
      try gradient("quantized") == .straightThrough(operators: ["FakeQuantWithMinMaxArgs"]))
  }

  @Test("that are cut off or damaged are refused or read, and never more than that")
  func damagedGraphs() throws {
    let bytes = try Data(
      contentsOf: URL(filePath: NetworkFixtures.path("tensorflow/convolutional.pb")))
    for damaged in DamagedFiles.cut(bytes, every: 50)
      + DamagedFiles.flipped(bytes, every: 101, by: 0x85)
    {
      do {
        _ = try TensorFlowFile(graph: damaged).network(NetworkRequest())
      } catch {
        #expect(error is InterchangeError.Fact || error is ProgramError, "\(error)")
      }
    }
  }

  @Test("have checkpoints whose damage is found")
  func damagedCheckpoints() throws {
    let folder = URL(filePath: NetworkFixtures.path("tensorflow/perceptron"))
    let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: folder, to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    for name in ["saved_model.pb", "variables/variables.index"] {
      let path = copy.appending(path: name)
      let bytes = try Data(contentsOf: path)
      let step = name == "saved_model.pb" ? 201 : 3
      for damaged in DamagedFiles.cut(bytes, every: step == 3 ? 3 : 500)
        + DamagedFiles.flipped(bytes, every: step, by: 0x85)
      {
        try damaged.write(to: path)
        do {
          _ = try TensorFlowFile(path: copy.path).network(NetworkRequest())
        } catch {
          #expect(
            error is InterchangeError.Fact || error is InterchangeError || error is ProgramError,
            "\(error)")
        }
      }
      try bytes.write(to: path)
    }
    try Data().write(to: copy.appending(path: "variables/variables.data-00000-of-00001"))
    #expect(throws: InterchangeError.self) { _ = try TensorFlowFile(path: copy.path) }
  }
}
