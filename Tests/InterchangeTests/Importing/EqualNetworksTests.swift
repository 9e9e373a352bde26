import Execution
import Foundation
import Models
import NativeBackend
import Programs
import Tensors
import Testing

@testable import Interchange

/// A trained network, once as PyTorch exported it and once built of layers from the same weights.
@Suite("Equal networks")
struct EqualNetworksTests {
  private static let folder = NetworkFixtures.folder.appending(path: "onnx/digits")
  private static let input = InputSpecification.image([1, 28, 28])
  private static let inputs: Tensor = {
    let values = (0..<3 * 784).map { index -> Float in Float(index * 37 % 101) / 101 }
    return Tensor(values, shape: [3, 1, 28, 28])
  }()

  private static func imported() throws -> Model {
    let file = try NetworkFiles.open(folder.appending(path: "digits_cnn.onnx").path)
    return try ModelImporter(file, options: ImportOptions(sample: input, name: "digits"))
      .model(probing: inputs, on: NativeBackend()).model
  }

  private static func built() throws -> Model {
    try NetworkDescription(path: folder.appending(path: "digits_cnn.yaml").path)
      .model(for: input, classNames: [])
  }

  /// The logits, and the gradient of their weighted sum in the inputs.
  private func results(_ model: Model, on backend: any Backend) throws -> [Tensor] {
    let forward = try backend.compile(model.bound().bound(batch: 3))
    let backward = try backend.compile(model.bound().differentiated().bound(batch: 3))
    let seed = Tensor((0..<30).map { Float($0 % 7) - 3 }, shape: [3, 10])
    let logits = try forward([Self.inputs])
    let gradient = try backward([Self.inputs, seed])
    return [logits[0], gradient[gradient.count - 1]]
  }

  @Test("an imported network and the same one built of layers have one output and one gradient")
  func gradients() throws {
    let imported = try results(Self.imported(), on: NativeBackend())
    let built = try results(Self.built(), on: NativeBackend())
    for (left, right) in zip(imported, built) {
      let scale = right.doubles.map(abs).max() ?? 0
      #expect(scale > 0.1)
      #expect(zip(left.doubles, right.doubles).allSatisfy { abs($0 - $1) <= 2e-6 * scale })
    }
  }

  @Test("weights are parameters under the file's names")
  func parameters() throws {
    #expect(
      try Set(Self.imported().parameters.keys).contains("conv_layers.0.weight"))
  }

  @Test("a model that is written as ONNX comes back with the same bits and descriptions")
  func roundTrip() throws {
    let model = try Self.built()
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: path) }
    try ModelFile.export(model, toONNX: path.path)
    let file = try NetworkFiles.open(path.path)
    let known = try #require(ExportedDescription(file))
    #expect(known.input == model.input)
    #expect(known.classNames == model.classNames)
    let again = try ModelImporter(
      file, options: ImportOptions(sample: known.input, name: known.name)
    ).model(probing: Self.inputs, on: NativeBackend()).model
    #expect(
      try results(again, on: NativeBackend()) == results(model, on: NativeBackend()))
  }
}
