import Programs
import Tensors

/// A network that is timed: its input, its parameters, and its logits as a function of both.
struct Network: Sendable {
  let name: String
  let input: Shape
  let parameters: [Shape]
  let logits: @Sendable ([Value]) -> Value

  /// Three linear layers: 784-256-128-10.
  static let perceptron = Network(
    name: "mlp", input: [784],
    parameters: [[256, 784], [256], [128, 256], [128], [10, 128], [10]]
  ) { x in
    let first = x[0].linear(weight: x[1], bias: x[2]).relu()
    let second = first.linear(weight: x[3], bias: x[4]).relu()
    return second.linear(weight: x[5], bias: x[6])
  }

  /// Two 5x5 convolutions of 32 and 64 channels, each with pooling, then 1024 units.
  static let convolutions = Network(
    name: "mnist_cnn", input: [1, 28, 28],
    parameters: [
      [32, 1, 5, 5], [32], [64, 32, 5, 5], [64], [1024, 3136], [1024], [10, 1024], [10],
    ]
  ) { x in
    let same = ConvolutionGeometry(rank: 2, padding: 2)
    let pool = WindowGeometry(rank: 2, size: 2)
    let first = x[0].convolved(with: x[1], same, bias: x[2]).relu().maxPooled(pool)
    let second = first.convolved(with: x[3], same, bias: x[4]).relu().maxPooled(pool)
    let hidden = second.flattened().linear(weight: x[5], bias: x[6]).relu()
    return hidden.linear(weight: x[7], bias: x[8])
  }

  /// A small network over channels that are no multiples of 16, with a stride in place of pooling.
  static let strided = Network(
    name: "strided", input: [3, 32, 32],
    parameters: [[24, 3, 3, 3], [24], [40, 24, 3, 3], [40], [10, 40], [10]]
  ) { x in
    let first = x[0].convolved(
      with: x[1], ConvolutionGeometry(rank: 2, stride: 2, padding: 1), bias: x[2]
    ).relu()
    let second = first.convolved(
      with: x[3], ConvolutionGeometry(rank: 2, stride: 2, padding: 1), bias: x[4]
    ).relu()
    return second.mean(over: [2, 3]).linear(weight: x[5], bias: x[6])
  }

  /// Three small linear layers: 30-64-32-2.
  static let tabular = Network(
    name: "tabular", input: [30], parameters: [[64, 30], [64], [32, 64], [32], [2, 32], [2]]
  ) { x in
    let first = x[0].linear(weight: x[1], bias: x[2]).relu()
    let second = first.linear(weight: x[3], bias: x[4]).relu()
    return second.linear(weight: x[5], bias: x[6])
  }

  /// 140 steps of one number through 64 units, unrolled; the last state to 5 classes.
  static let recurrent = Network(
    name: "lstm", input: [140, 1], parameters: [[256, 1], [256, 64], [256], [5, 64], [5]]
  ) { x in
    let steps = x[0].linear(weight: x[1], bias: x[3])
    let zero =
      steps.slice(axis: 1, 0..<1).slice(axis: 2, 0..<64).reshaped(
        to: [x[0].shape[0], 64]) * 0
    var (hidden, cell) = (zero, zero)
    for step in 0..<x[0].shape[1] {
      let gates = steps.select(axis: 1, step) + hidden.linear(weight: x[2])
      let part = { (index: Int) in gates.slice(axis: 1, 64 * index..<64 * index + 64) }
      let kept = part(1).logistic() * cell
      cell = kept + part(0).logistic() * part(2).hyperbolicTangent()
      hidden = part(3).logistic() * cell.hyperbolicTangent()
    }
    return hidden.linear(weight: x[4], bias: x[5])
  }

  /// Small random parameters, the same at every start.
  var initial: [Tensor] {
    var random = RandomStream(seed: 1, purpose: name)
    return parameters.map { shape in
      let fanIn = Double(shape.dimensions.dropFirst().reduce(1, *))
      return random.normal(shape) * Tensor(1 / fanIn.squareRoot())
    }
  }

  private var ports: [Program.Port] {
    [.init(name: "x", type: ValueType(.float32, [Shape.batch] + input))]
      + parameters.enumerated().map {
        .init(name: "p\($0.offset)", type: ValueType(.float32, $0.element))
      }
  }

  private func fixed(_ program: Program) throws -> Program {
    try program.binding(
      Dictionary(uniqueKeysWithValues: initial.enumerated().map { ("p\($0.offset)", $0.element) }))
  }

  /// x to logits, with fixed parameters.
  func forward() throws -> Program {
    try fixed(Program.trace(ports) { [("logits", logits($0))] })
  }

  /// x to the gradient of the cross-entropy of class 0, with fixed parameters.
  func inputGradient() throws -> Program {
    try fixed(
      Program.trace(ports) { x in
        let loss = -logits(x).logSoftmax(axis: 1).slice(axis: 1, 0..<1)
        return [("gradient", x[0].builder.gradient(of: loss, withRespectTo: [x[0]])[0])]
      })
  }

  /// x and parameters with their velocities to the same after a step of SGD with momentum.
  func trainingStep() throws -> Program {
    let velocities = parameters.enumerated().map {
      Program.Port(name: "v\($0.offset)", type: ValueType(.float32, $0.element))
    }
    return try Program.trace(ports + velocities) { all in
      let x = Array(all.prefix(1 + parameters.count))
      let loss = -logits(x).logSoftmax(axis: 1).slice(axis: 1, 0..<1).mean(over: [0, 1])
      let gradients = x[0].builder.gradient(of: loss, withRespectTo: Array(x.dropFirst()))
      let next = zip(all.suffix(parameters.count), gradients).map { $0 * 0.9 + $1 }
      let stepped = zip(x.dropFirst(), next).map { $0 - $1 * 0.01 }
      return (stepped + next).enumerated().map { ("r\($0.offset)", $0.element) }
    }
  }
}
