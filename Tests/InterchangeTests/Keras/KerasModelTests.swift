import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

/// Models that Keras wrote in both formats, with what it computes for them: `scripts/record-keras`.
@Suite("Keras models")
struct KerasModelTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/keras")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static let names = [
    "residual", "recurrent", "tabular", "transformer", "reshaping", "volume", "masked",
    "sequential",
  ]
  static let files =
    names.flatMap { ["\($0).keras", "\($0).h5"] } + ["adult.h5", "emotion.hdf5"]

  /// What Keras was given for a model, and what it answered.
  private func recorded(_ file: String, _ kind: String) throws -> [Tensor] {
    let name = file.prefix { $0 != "." }
    let arrays = try NumpyArchive.read(Self.path("\(name).npz"))
    return (0..<arrays.count).compactMap { arrays["\(kind)\($0)"] }
  }

  @Test("compute what Keras computes", arguments: files)
  func outputs(file: String) throws {
    let network = try KerasFile(path: Self.path(file)).network(NetworkRequest())
    let inputs = try recorded(file, "input")
    let expected = try recorded(file, "output")
    let program = try network.program.bound(batch: inputs[0].shape[0])
    let executable = try ReferenceBackend().compile(program)
    let results = try executable(inputs)
    #expect(results.count == expected.count)
    for (result, expected) in zip(results, expected) {
      let largest = expected.doubles.map(abs).max() ?? 1
      let difference = Difference(result, expected)
      #expect(difference.isWithin(absolute: 1e-6 * largest, relative: 1e-5), "\(difference)")
    }
  }

  @Test("serve every number of samples, each by itself", arguments: names)
  func batches(name: String) throws {
    let network = try KerasFile(path: Self.path("\(name).keras")).network(NetworkRequest())
    #expect(network.program.isSymbolic)
    let inputs = try recorded(name, "input")
    let whole = try ReferenceBackend().compile(network.program.bound(batch: inputs[0].shape[0]))
    let single = try ReferenceBackend().compile(network.program.bound(batch: 1))
    let together = try whole(inputs)
    for sample in 0..<inputs[0].shape[0] {
      let alone = try single(inputs.map { $0.row(sample) })
      for (alone, together) in zip(alone, together) {
        let difference = Difference(alone, together.row(sample))
        #expect(difference.isWithin(absolute: 1e-6, relative: 1e-5), "\(difference)")
      }
    }
  }

  @Test("say how their outputs end, and where their inputs lead nowhere")
  func ends() throws {
    func network(_ name: String) throws -> ImportedNetwork {
      try KerasFile(path: Self.path(name)).network(NetworkRequest())
    }
    let tabular = try network("tabular.keras")
    guard case .softmax = tabular.origins[0] else {
      Issue.record("\(tabular.origins)")
      return
    }
    #expect(tabular.origins[1] == .plain)
    guard case .logistic = try network("adult.h5").origins[0] else {
      Issue.record("a logistic end is not seen")
      return
    }
    #expect(try network("recurrent.keras").gradient == .exact)
    #expect(try network("residual.keras").weightNames.values.contains("/layers/conv2d/vars/0"))
    #expect(
      try network("adult.h5").weightNames.values.contains(
        "model_weights/dense/dense/kernel:0"))
  }

  @Test("state their inputs, outputs and layers")
  func description() throws {
    let file = try KerasFile(path: Self.path("tabular.keras"))
    #expect(file.format == "Keras, version 3.15.1")
    #expect(
      file.inputs.map { "\($0.name): \($0)" } == ["left: float32[?, 4]", "right: float32[?, 4]"])
    #expect(file.outputs.map(\.name) == ["score", "likeness"])
    #expect(file.operatorCounts["Dense"] == 4)
    let network = try file.network(NetworkRequest(outputs: ["likeness"]))
    #expect(network.program.outputNames == ["likeness"])
  }

  @Test("have derivatives that agree with central differences")
  func gradients() throws {
    let network = try KerasFile(path: Self.path("sequential.keras")).network(NetworkRequest())
    let program = try network.program.bound(batch: 2)
    let input = SampleValues.uniform(program.inputs[0].type.shape, .float64)
    let seed = SampleValues.nonzero(program.outputTypes[0].shape, .float64)
    let gradient = try ReferenceBackend().compile(program.differentiated())
    let results = try gradient([input, seed])
    let expected = try CentralDifferences.gradient(
      of: ReferenceBackend().compile(program), at: [input], withRespectTo: 0, seed: seed)
    let difference = Difference(results[1], expected)
    #expect(difference.isWithin(absolute: 1e-9, relative: 1e-8), "\(difference)")
  }

  @Test("are known by their first bytes")
  func detection() throws {
    func matches(_ name: String) throws -> Bool {
      try KerasFile.matches(Data(contentsOf: URL(filePath: Self.path(name))).prefix(64))
    }
    #expect(try matches("adult.h5"))
    #expect(try matches("tabular.keras"))
    #expect(try !matches("tabular.npz"))
    #expect(!KerasFile.matches(Data()))
  }
}

extension Tensor {
  /// One sample as a batch of its own.
  fileprivate func row(_ index: Int) -> Tensor {
    func read<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      let size = count / shape[0]
      return Tensor(
        Array(scalars(of: type)[index * size..<(index + 1) * size]), shape: shape.batched(1))
    }
    return elementType.dispatch { read($0) }
  }
}
