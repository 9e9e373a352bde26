import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Recurrent layers")
struct RecurrentOperatorTests {
  private static let directions = ["forward", "reverse", "bidirectional"]

  /// Every direction and layout, with and without lengths; then the options one by one.
  static let cases: [RecurrentCase] = {
    var result: [RecurrentCase] = []
    for kind in [RecurrentCase.Kind.simple, .gated, .memory] {
      for direction in directions {
        for isBatchFirst in [false, true] {
          for lengths in [nil, [1, 3], [2, 0]] {
            result.append(
              RecurrentCase(
                kind: kind, direction: direction, isBatchFirst: isBatchFirst, lengths: lengths))
          }
        }
        result.append(RecurrentCase(kind: kind, direction: direction, clip: 0.4))
        result.append(RecurrentCase(kind: kind, direction: direction, hasBias: false))
        result.append(RecurrentCase(kind: kind, direction: direction, hasInitialState: false))
      }
    }
    for direction in directions {
      for lengths in [nil, [1, 3]] {
        result += [
          RecurrentCase(
            kind: .gated, direction: direction, isLinearFirst: true, lengths: lengths),
          RecurrentCase(
            kind: .memory, direction: direction, isCoupled: true, lengths: lengths),
          RecurrentCase(
            kind: .memory, direction: direction, hasPeepholes: true, lengths: lengths),
          RecurrentCase(
            kind: .memory, direction: direction, clip: 0.5, isCoupled: true, hasPeepholes: true,
            lengths: lengths),
        ]
      }
    }
    result.append(RecurrentCase(kind: .gated, isLinearFirst: true, hasBias: false))
    return result + functions
  }()

  private static let functions = [
    "Relu", "Affine", "LeakyRelu", "ThresholdedRelu", "ScaledTanh", "HardSigmoid", "Elu",
    "Softsign", "Softplus",
  ].map { name in
    RecurrentCase(
      kind: .memory, direction: "bidirectional",
      functions: [name, "Tanh", "Sigmoid", "Sigmoid", name, "Tanh"])
  }

  @Test("give what the equations of the standard give", arguments: cases)
  func equations(example: RecurrentCase) throws {
    let results = try example.sketch.results(example.operands.map(\.tensor), opset: 14)
    for (result, expected) in zip(results, example.expected()) {
      let difference = Difference(result, expected)
      // Clip and slopes are float32 numbers in the file.
      #expect(difference.isWithin(absolute: 1e-8, relative: 1e-8), "\(difference)")
    }
  }

  @Test(
    "have the derivatives that central differences show",
    arguments: [
      RecurrentCase(kind: .simple, direction: "bidirectional", lengths: [1, 3]),
      RecurrentCase(kind: .gated, direction: "reverse", lengths: [3, 2]),
      RecurrentCase(kind: .gated, isBatchFirst: true, isLinearFirst: true),
      RecurrentCase(kind: .memory, direction: "bidirectional", lengths: [2, 3]),
      RecurrentCase(kind: .memory, isBatchFirst: true, isCoupled: true, hasPeepholes: true),
    ])
  func derivatives(example: RecurrentCase) throws {
    let program = try example.sketch.network(opset: 14).program
    let whole = try Program(
      inputs: program.inputs, equations: program.equations,
      outputs: Array(program.outputs.prefix(1)), outputNames: ["Y"])
    let operands = example.operands.map(\.tensor)
    let seed = SampleValues.nonzero(whole.outputTypes[0].shape, .float64)
    let function = try ReferenceBackend().compile(whole)
    let gradient = try ReferenceBackend().compile(
      whole.differentiated(withRespectTo: Array(operands.indices)))
    let results = try gradient(operands + [seed])
    for (position, result) in results.dropFirst().enumerated() {
      let expected = try CentralDifferences.gradient(
        of: function, at: operands, withRespectTo: position, seed: seed)
      let difference = Difference(result, expected)
      #expect(
        difference.isWithin(absolute: 1e-8, relative: 1e-8),
        "\(example.operands[position].name): \(difference)")
    }
  }

  @Test("leave the number of samples open", arguments: [false, true])
  func symbolicBatch(isBatchFirst: Bool) throws {
    for hasInitialState in [false, true] {
      let example = RecurrentCase(
        kind: .memory, direction: "bidirectional", isBatchFirst: isBatchFirst,
        hasInitialState: hasInitialState)
      var sketch = example.sketch
      sketch.nodes[0].message.input[4] = "lengths"
      sketch.inputs.append((name: "lengths", type: .int32, shape: [2]))
      let arguments = example.operands.map(\.tensor) + [Tensor([3, 1] as [Int32])]
      let fixed = try sketch.results(arguments, opset: 14)
      sketch.inputs = sketch.inputs.map { input in
        guard ["X", "initial_h", "initial_c", "lengths"].contains(input.name) else { return input }
        let axis = input.name == "lengths" || isBatchFirst ? 0 : 1
        var dimensions = input.shape.dimensions
        dimensions[axis] = Shape.batch
        return (input.name, input.type, Shape(dimensions))
      }
      let program = try sketch.network(opset: 14).program
      #expect(program.isSymbolic)
      #expect(try sketch.results(arguments, opset: 14, batch: 2) == fixed)
    }
  }

  @Test("stay short: a step of an LSTM is fifteen equations, one of them a product")
  func size() throws {
    var example = RecurrentCase(kind: .memory, hasInitialState: false)
    example.hasBias = false
    let program = try example.sketch.network(opset: 14).program
    let products = program.equations.filter {
      if case .matrixMultiply = $0.primitive { return true }
      return false
    }
    #expect(products.count == 1 + example.steps)
    #expect(program.equations.count <= 15 * example.steps + 20)
  }

  @Test("refuse what does not fit in one sentence")
  func refusals() {
    func refusal(_ name: String, _ attribute: NodeSketch.Attribute) -> String {
      var sketch = RecurrentCase(kind: .gated).sketch
      sketch.nodes[0].message.attribute.removeAll { $0.name == name }
      let extra = NodeSketch("GRU", [], [], [name: attribute])
      sketch.nodes[0].message.attribute += extra.message.attribute
      return sketch.refusal(opset: 14)
    }
    #expect(
      refusal("direction", .string("sideways"))
        == "node 'n' (GRU, opset 14): there is no direction 'sideways'")
    #expect(
      refusal("activations", .strings(["Tanh", "Sine"]))
        == "node 'n' (GRU, opset 14): there is no activation 'Sine'")
    #expect(
      refusal("activations", .strings(["Tanh"]))
        == "node 'n' (GRU, opset 14): has 1 activations, not 2")
    #expect(
      refusal("hidden_size", .int(7))
        == "node 'n' (GRU, opset 14): hidden_size is 7, but the weights have 2 units")
    #expect(
      refusal("activation_alpha", .floats([1]))
        == "node 'n' (GRU, opset 14): activation_alpha or activation_beta has more values than "
        + "the activations take")
  }
}
