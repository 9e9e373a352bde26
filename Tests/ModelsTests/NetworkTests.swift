import ConfigurationFiles
import Execution
import Foundation
import Programs
import Tensors
import Testing

@testable import Models

@Suite("Networks")
struct NetworkTests {
  static let digits = Network(input: [1, 28, 28]) {
    Convolution(16, kernel: 5, padding: 2)
    Relu()
    MaxPool(2)
    Flatten()
    Dense(10)
  }

  @Test("parameters have PyTorch's names and shapes")
  func names() throws {
    let parameters = try Self.digits.parameters()
    #expect(
      parameters.map { "\($0.name) \($0.shape)" } == [
        "conv1.weight [16, 1, 5, 5]", "conv1.bias [16]", "dense1.weight [10, 3136]",
        "dense1.bias [10]",
      ])
  }

  @Test("a layer that cannot take its inputs is named")
  func misfit() throws {
    let network = Network(input: [1, 4, 4]) {
      Convolution(2, kernel: 3)
      MaxPool(5)
    }
    let error = #expect(throws: ModelError.self) { _ = try network.structure() }
    #expect(error?.description.hasPrefix("layer 'pool1': ") == true)
  }

  @Test("configurations describe the same networks, and a typing error is found")
  func configuration() throws {
    let text = """
      - convolution: {channels: 16, kernel: 5, padding: 2}
      - relu
      - max-pool: 2
      - flatten
      - dense: 10
      """
    let layers = try LayerSequence(ConfigurationNode(yaml: text, file: "net.yaml"))
    #expect(layers == Self.digits.layers)
    let wrong = text.replacing("padding", with: "pading")
    let error = #expect(throws: ConfigurationError.self) {
      _ = try LayerSequence(ConfigurationNode(yaml: wrong, file: "net.yaml"))
    }
    #expect(
      error?.description == "net.yaml:1:42: unknown key 'pading'; did you mean 'padding'?")
  }

  @Test("a network survives its JSON form")
  func codable() throws {
    let network = Network(input: [3, 8]) {
      Permute([2, 1])
      LongShortTermMemory(4, bidirectional: true, returnsSequences: true)
      Residual {
        SelfAttention(heads: 2)
        Dropout(0.1)
      }
      Flatten()
      Dense(2).named("output")
    }
    let data = try JSONEncoder().encode(network)
    #expect(try JSONDecoder().decode(Network.self, from: data) == network)
  }

  @Test("a model file keeps everything, and is the same file each time")
  func modelFile() throws {
    let input = InputSpecification.image([1, 28, 28])
    var model = try Self.digits.model(
      name: "digits", input: input, classNames: (0..<10).map(String.init),
      parameters: Self.digits.initialParameters(seed: 1),
      scaling: InputScaling(offset: Tensor(0.1), scale: Tensor(0.3)))
    model.trainingRecord = #"{"seed":1}"#
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFile.save(model, to: path)
    let loaded = try ModelFile.load(from: path)
    #expect(loaded.program == model.program)
    #expect(loaded.parameters == model.parameters)
    #expect(loaded.input == model.input)
    #expect(loaded.classNames == model.classNames)
    #expect(loaded.trainingRecord == model.trainingRecord)
  }
}
