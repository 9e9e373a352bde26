import Programs
import TestSupport
import Tensors

/// A small network in a file's terms: a program over the batch size N, with weights by name.
struct ExportedNetwork: Sendable, CustomStringConvertible {
  let description: String
  let program: Program
  let parameters: [String: Tensor]

  /// A function of inputs and of parameters, given by their names and shapes.
  private init(
    _ description: String, inputs: [(String, Shape)], weights: [(String, Shape)] = [],
    _ function: ([Value]) -> [(name: String, value: Value)]
  ) throws {
    self.description = description
    program = try Program.trace(
      (inputs + weights).map { Program.Port(name: $0, type: ValueType(.float32, $1)) }, function)
    parameters = Dictionary(
      uniqueKeysWithValues: weights.map { name, shape in
        (name, SampleValues.uniform(shape, .float32, from: 0.1, to: 0.9, purpose: name) - 0.4)
      })
  }

  private init(_ description: String, program: Program, parameters: [String: Tensor]) {
    (self.description, self.program, self.parameters) = (description, program, parameters)
  }

  /// The inputs of a batch, without the parameters.
  func inputs(batch: Int) -> [Tensor] {
    program.inputs.filter { parameters[$0.name] == nil }.map { port in
      SampleValues.nonzero(port.type.shape.bound(batch: batch), .float32)
    }
  }

  static func all() throws -> [ExportedNetwork] {
    [
      try classifier(), try convolutional(), try recurrent(), try attention(), try batchwise(),
      try gradient(),
    ]
  }

  /// Two layers, as most people's first network has them.
  static func classifier() throws -> ExportedNetwork {
    try ExportedNetwork(
      "classifier", inputs: [("x", [Shape.batch, 5])],
      weights: [
        ("hidden.weight", [7, 5]), ("hidden.bias", [7]), ("last.weight", [3, 7]),
        ("last.bias", [3]),
      ]
    ) { values in
      let hidden = values[0].linear(weight: values[1], bias: values[2]).relu()
      return [("logits", hidden.linear(weight: values[3], bias: values[4]))]
    }
  }

  /// Convolutions in groups, normalisation, both ways of pooling, activations.
  static func convolutional() throws -> ExportedNetwork {
    try ExportedNetwork(
      "convolutional", inputs: [("image", [Shape.batch, 2, 9, 9])],
      weights: [
        ("first.weight", [4, 2, 3, 3]), ("first.bias", [4]), ("norm.mean", [4]),
        ("norm.scale", [4]), ("second.weight", [4, 2, 3, 3]), ("up.weight", [4, 3, 2, 2]),
        ("last.weight", [5, 48]), ("last.bias", [5]),
      ]
    ) { values in
      let first = values[0].convolved(
        with: values[1], ConvolutionGeometry(rank: 2, padding: 1), bias: values[2])
      let normalized =
        (first - values[3].alongChannels(rank: 4)) / 1.5 * values[4].alongChannels(rank: 4)
      let pooled = normalized.softplus().maxPooled(
        WindowGeometry(rank: 2, size: 3, stride: 2, padding: 1))
      let second = pooled.convolved(
        with: values[5], ConvolutionGeometry(rank: 2, padding: 1, groups: 2)
      ).gelu()
      let means = second.averagePooled(
        WindowGeometry(rank: 2, size: 2, stride: 2, padding: 1), countsPadding: true)
      let others = second.averagePooled(
        WindowGeometry(rank: 2, size: 2, stride: 2, padding: 1), countsPadding: false)
      let up = (means + others).convolvedTransposed(
        with: values[6], ConvolutionGeometry(rank: 2, stride: 2, padding: 1),
        outputPadding: [0, 0])
      let last = up.flattened().linear(weight: values[7], bias: values[8])
      return [("logits", last), ("probabilities", last.softmax(axis: 1))]
    }
  }

  /// An LSTM of five unrolled steps.
  static func recurrent() throws -> ExportedNetwork {
    try ExportedNetwork(
      "recurrent", inputs: [("x", [Shape.batch, 5, 3])],
      weights: [("w", [16, 3]), ("u", [16, 4]), ("bias", [16])]
    ) { values in
      let zero = values[0].scalar(0).broadcast(to: [Shape.batch, 4])
      var (state, cell, states) = (zero, zero, [Value]())
      for step in 0..<5 {
        let gates =
          values[0].select(axis: 1, step).linear(weight: values[1], bias: values[3])
          + state.linear(weight: values[2])
        func gate(_ index: Int) -> Value { gates.slice(axis: 1, 4 * index..<4 * index + 4) }
        cell =
          gate(1).logistic() * cell + gate(0).logistic() * gate(2).hyperbolicTangent()
        state = gate(3).logistic() * cell.hyperbolicTangent()
        states.append(state)
      }
      return [("states", Value.stacked(states, axis: 1)), ("cell", cell)]
    }
  }

  /// Two heads that look at six positions, and the layer after them.
  static func attention() throws -> ExportedNetwork {
    try ExportedNetwork(
      "attention", inputs: [("x", [Shape.batch, 6, 8])],
      weights: [("query", [8, 8]), ("key", [8, 8]), ("value", [8, 8]), ("out", [8, 8])]
    ) { values in
      func heads(_ weight: Value) -> Value {
        values[0].linear(weight: weight).reshaped(to: [Shape.batch, 6, 2, 4])
          .transposed([0, 2, 1, 3]).reshaped(to: [2 * Shape.batch, 6, 4])
      }
      let scores = heads(values[1]).matrixMultiplied(by: heads(values[2]), transposeRight: true)
      let seen = (scores / 2).softmax(axis: 2).matrixMultiplied(by: heads(values[3]))
      let joined = seen.reshaped(to: [Shape.batch, 2, 6, 4]).transposed([0, 2, 1, 3])
        .reshaped(to: [Shape.batch, 6, 8])
      let sum = (joined.linear(weight: values[4]) + values[0]).normalized(over: [2], epsilon: 1e-5)
      return [("scores", sum.mean(over: [1]).logSoftmax(axis: 1))]
    }
  }

  /// Whatever may depend on the batch size: shapes, counts, indices, cuts.
  static func batchwise() throws -> ExportedNetwork {
    try ExportedNetwork("batchwise", inputs: [("x", [Shape.batch, 3])]) { values in
      let x = values[0]
      let centred = x - x.mean(over: [0])
      let index = x.builder.append(.iota(.float32, x.shape, axis: 0), [])
      let twice = Value.concatenated([x, centred], axis: 0)
      let second = twice.slice(axis: 0, Shape.batch..<2 * Shape.batch)
      let classes = x.argMax(axis: 1)
      return [
        ("centred", centred), ("numbered", x + index), ("twice", twice.exponential()),
        ("second", second.reversed(axes: [0])), ("oneHot", classes.oneHot(count: 3)),
        ("first", x.sum(over: [0]).broadcast(to: x.shape)),
        ("order", x.argSort(axis: 0)), ("again", x), ("count", x.elementCount(over: [0])),
        ("padded", x.padded(low: [Shape.batch, 0], high: [0, 1], value: 2)),
      ]
    }
  }

  /// The derivatives of the convolutional network in everything.
  static func gradient() throws -> ExportedNetwork {
    let network = try convolutional()
    let program = try network.program.differentiated(
      withRespectTo: Array(network.program.inputs.indices))
    return ExportedNetwork("gradient", program: program, parameters: network.parameters)
  }
}
