import Execution
import Programs
import Tensors
import Testing

@testable import Models

@Suite("Layers")
struct LayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let layer: any Layer
    var mode = LayerScope.Mode.inference
    var testDescription: String { name }
  }

  static let cases: [Case] =
    [
      Case(name: "dense", layer: Dense(3)),
      Case(name: "convolution", layer: convolution),
      Case(name: "convolution-1d", layer: Convolution(4, kernel: 3, padding: 1)),
      Case(name: "convolution-same", layer: Convolution(3, kernel: 4, padding: .same)),
      Case(
        name: "transposed-convolution",
        layer: TransposedConvolution(
          6, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2)),
      Case(name: "average-pool", layer: AveragePool(3, stride: 2, padding: 1)),
      Case(
        name: "average-pool-unpadded",
        layer: AveragePool(3, stride: 2, padding: 1, countsPadding: false)),
      Case(name: "max-pool", layer: MaxPool(3, stride: 2, padding: 1)),
      Case(name: "batch-normalization-training", layer: BatchNormalization(), mode: .training),
      Case(name: "batch-normalization", layer: BatchNormalization()),
      Case(name: "layer-normalization", layer: LayerNormalization(axes: 2)),
      Case(name: "group-normalization", layer: GroupNormalization(groups: 2)),
      Case(name: "embedding", layer: Embedding(count: 7, width: 3)),
      Case(name: "simple-rnn", layer: SimpleRecurrent(4, returnsSequences: true, usesRelu: true)),
      Case(name: "gru", layer: GatedRecurrent(4, depth: 2, bidirectional: true)),
      Case(
        name: "lstm",
        layer: LongShortTermMemory(4, depth: 2, bidirectional: true, returnsSequences: true)),
      Case(name: "self-attention", layer: SelfAttention(heads: 2)),
    ]
    + ActivationFunction.allCases.map {
      Case(name: "activation-\($0.rawValue)", layer: Activation($0))
    }

  /// Stride 2, padding 1, two groups, and a dilation along the second axis only.
  static var convolution: Convolution {
    var layer = Convolution(6, kernel: 3, stride: 2, padding: 1, groups: 2)
    layer.window.kernel = [3, 2]
    layer.window.dilation = [1, 2]
    return layer
  }

  @Test("outputs, gradients and statistics are PyTorch's", arguments: cases)
  func figures(_ test: Case) throws {
    let figures = try RecordedFigures()
    let inputs = try figures("\(test.name)/inputs")
    let parameters = figures.under("\(test.name)/parameter/")
    let network = Network(
      input: inputs.shape.sample, layers: LayerSequence([test.layer.named("layer")]))
    let structure = try network.structure(mode: test.mode)
    #expect(
      Set(structure.parameters.map { String($0.name.dropFirst("layer.".count)) })
        == Set(parameters.keys))
    let results = try run(test, network, structure, figures, inputs)
    #expect(
      relativeDifference(results["output"] ?? inputs, try figures("\(test.name)/output")) < 1e-5)
    for kind in ["gradient/", "statistic/"] {
      for (name, expected) in figures.under("\(test.name)/\(kind)") {
        let result = try #require(results[kind + name], "\(kind)\(name)")
        #expect(relativeDifference(result, expected) < 2e-5, "\(kind)\(name)")
      }
    }
    guard let expected = figures.tensors["\(test.name)/input-gradient"] else { return }
    #expect(relativeDifference(results["input-gradient"] ?? inputs, expected) < 2e-5)
  }

  /// The layer's output with the gradients of Σ output · cotangent, by name.
  private func run(
    _ test: Case, _ network: Network, _ structure: Network.Structure, _ figures: RecordedFigures,
    _ inputs: Tensor
  ) throws -> [String: Tensor] {
    let cotangent = try figures("\(test.name)/cotangent")
    let port = Program.Port(
      name: "inputs", type: ValueType(.float32, [Shape.batch] + network.input))
    let seed = Program.Port(
      name: "seed", type: ValueType(.float32, [Shape.batch] + cotangent.shape.sample))
    let names = structure.parameters.map(\.name)
    let program = try Program.trace([port, seed] + structure.parameters.map(\.port)) { values in
      let parameters = Array(values.dropFirst(2))
      let scope = LayerScope(
        mode: test.mode, values: Dictionary(uniqueKeysWithValues: zip(names, parameters)))
      let output = try network.layers(values[0], in: scope)
      let gradients = values[0].builder.gradient(
        of: output, seed: values[1], withRespectTo: [values[0]] + parameters)
      let kinds = ["input-gradient"] + names.map { "gradient/" + $0.dropFirst("layer.".count) }
      let statistics = scope.updates.map {
        (name: "statistic/" + $0.name.dropFirst("layer.".count), value: $0.value)
      }
      return [(name: "output", value: output)] + statistics
        + zip(kinds, gradients).map { (name: $0, value: $1) }
    }
    let values = try structure.parameters.map {
      try figures("\(test.name)/parameter/\($0.name.dropFirst("layer.".count))")
    }
    let executable = try ReferenceBackend().compile(program.bound(batch: inputs.shape[0]))
    let results = try executable([inputs, cotangent] + values)
    return Dictionary(uniqueKeysWithValues: zip(program.outputNames, results))
  }

  @Test("dropout keeps the mean in training and does nothing otherwise")
  func dropout() throws {
    let network = Network(input: [1000]) { Dropout(0.3) }
    let port = Program.Port(name: "inputs", type: ValueType(.float32, [4, 1000]))
    let key = Program.Port(name: "key", type: ValueType(.int64, [2]))
    let program = try Program.trace([port, key]) { values in
      let scope = LayerScope(mode: .training, values: ["key.dropout1": values[1]])
      return [("outputs", try network.layers(values[0], in: scope))]
    }
    let executable = try ReferenceBackend().compile(program)
    let ones = Tensor(repeating: 1, shape: [4, 1000])
    let outputs = try executable([ones, Tensor([Int64(7), 0])])[0]
    let values = Set(outputs.floats)
    #expect(values == [0, 1 / 0.7])
    // 4,000 draws: five standard deviations of the share are 0.036.
    let dropped = Double(outputs.floats.count { $0 == 0 }) / 4000
    #expect(abs(dropped - 0.3) < 0.036)
    #expect(try executable([ones, Tensor([Int64(7), 0])])[0] == outputs)
    #expect(try executable([ones, Tensor([Int64(8), 0])])[0] != outputs)
  }

  @Test("initial values have the deviation that their rule states")
  func initialization() throws {
    let layer = Dense(200, initialization: .heNormal)
    let network = Network(input: [300], layers: LayerSequence([layer, Dense(100)]))
    let values = try network.initialParameters(seed: 4)
    #expect(values["dense1.bias"] == Tensor(zeros: [200]))
    let he = Moments(try #require(values["dense1.weight"]).reshaped(to: [60000]), groups: 1)
    // 60,000 draws: a standard deviation of the deviation is 0.3 %.
    #expect(abs(he.deviations[0] / (2.0 / 300).squareRoot() - 1) < 0.015)
    let uniform = Moments(try #require(values["dense2.weight"]).reshaped(to: [20000]), groups: 1)
    #expect(uniform.maxima[0] <= 1 / 200.0.squareRoot())
    #expect(abs(uniform.deviations[0] * (3 * 200.0).squareRoot() - 1) < 0.02)
  }
}
