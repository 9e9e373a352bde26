import ConfigurationFiles
package import Programs
package import Tensors

/// How gradients change parameters; formulas and defaults are PyTorch's.
public enum Optimizer: Hashable, Sendable, Codable {
  /// Stochastic gradient descent.
  ///
  ///     g += λ p;  v = μ v + g;  p −= η v, or η (g + μ v) with Nesterov's look-ahead
  case sgd(momentum: Double = 0, nesterov: Bool = false, weightDecay: Double = 0)
  /// Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; weight decay as part of the gradient.
  case adam(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0)
  /// Loshchilov and Hutter 2019, arXiv:1711.05101: weight decay apart from the gradient.
  case adamW(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01)

  /// The learning rate that is used where none is given.
  public var defaultLearningRate: Double {
    if case .sgd = self { return 0.01 }
    return 0.001
  }

  /// How many tensors of its own shape each parameter needs beside it.
  package var slotCount: Int {
    switch self {
    case .sgd(let momentum, _, _): momentum == 0 ? 0 : 1
    case .adam, .adamW: 2
    }
  }

  /// The numbers that change from step to step, as inputs of the update.
  ///
  /// - Parameters:
  ///   - rate: The learning rate η.
  ///   - step: The number of the update, from 1.
  ///   - gradientScale: What gradients are multiplied by first.
  /// - Returns: Float32 scalars, the scale last.
  package func scalars(rate: Double, step: Int, gradientScale: Double = 1) -> [Tensor] {
    switch self {
    case .sgd: return [Tensor(rate), Tensor(gradientScale)]
    case .adam(let beta1, let beta2, _, _), .adamW(let beta1, let beta2, _, _):
      let first = 1 - power(beta1, step)
      let second = 1 - power(beta2, step)
      return [
        Tensor(rate), Tensor(rate / first), Tensor(second.squareRoot()), Tensor(gradientScale),
      ]
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }

  /// One parameter's update: its new value and its new slots.
  private func updated(
    _ parameter: Value, _ gradient: Value, _ slots: [Value], _ scalars: [Value]
  ) -> [Value] {
    let gradient = gradient * scalars[scalars.count - 1]
    switch self {
    case .sgd(let momentum, let nesterov, let weightDecay):
      let gradient = weightDecay == 0 ? gradient : gradient + parameter * weightDecay
      guard momentum != 0 else { return [parameter - gradient * scalars[0]] }
      let velocity = slots[0] * momentum + gradient
      let direction = nesterov ? gradient + velocity * momentum : velocity
      return [parameter - direction * scalars[0], velocity]
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      let gradient = weightDecay == 0 ? gradient : gradient + parameter * weightDecay
      return adam(parameter, gradient, slots, scalars, (beta1, beta2, epsilon))
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      let shrunk = parameter * (1 - scalars[0] * weightDecay)
      return adam(shrunk, gradient, slots, scalars, (beta1, beta2, epsilon))
    }
  }

  private func adam(
    _ parameter: Value, _ gradient: Value, _ slots: [Value], _ scalars: [Value],
    _ settings: (beta1: Double, beta2: Double, epsilon: Double)
  ) -> [Value] {
    let mean = slots[0] * settings.beta1 + gradient * (1 - settings.beta1)
    let square = slots[1] * settings.beta2 + gradient * gradient * (1 - settings.beta2)
    let deviation = square.squareRoot() / scalars[2] + settings.epsilon
    return [parameter - scalars[1] * (mean / deviation), mean, square]
  }

  /// The update of parameters of these shapes as a program.
  ///
  /// Inputs: scalars, then parameter, gradient and slots of each; outputs: parameter and slots.
  package func program(_ shapes: [Shape]) throws -> Program {
    let scalarCount = scalars(rate: 0, step: 1).count
    let width = 2 + slotCount
    let scalarPorts = (0..<scalarCount).map {
      Program.Port(name: "scalar \($0)", type: ValueType(.float32, []))
    }
    let ports = shapes.enumerated().flatMap { index, shape in
      (0..<width).map { Program.Port(name: "\(index).\($0)", type: ValueType(.float32, shape)) }
    }
    return try Program.trace(scalarPorts + ports) { values in
      shapes.indices.flatMap { index in
        let own = values[(scalarCount + index * width)..<(scalarCount + (index + 1) * width)]
        let start = own.startIndex
        return updated(
          own[start], own[start + 1], Array(own.dropFirst(2)), Array(values.prefix(scalarCount))
        ).enumerated().map { (name: "\(index).\($0.offset)", value: $0.element) }
      }
    }
  }
}

extension Optimizer {
  private enum Name: String, CaseIterable {
    case sgd, adam
    case adamW = "adamw"
  }

  /// Reads `adam`, `sgd: {momentum: 0.9, nesterov: true}`, `adamw: {weight-decay: 0.01}`, ….
  init(_ node: ConfigurationNode) throws {
    let (nameNode, settings) = try node.named()
    let name = try nameNode.choice(of: Name.self)
    guard name != .sgd else {
      let keys = try settings.settings(keys: ["momentum", "nesterov", "weight-decay"])
      self = .sgd(
        momentum: try keys?.number("momentum", in: 0..<1) ?? 0,
        nesterov: try keys?.boolean("nesterov") ?? false,
        weightDecay: try keys?.number("weight-decay", in: 0...) ?? 0)
      return
    }
    let keys = try settings.settings(keys: ["betas", "epsilon", "weight-decay"])
    let betas = try keys?["betas"]?.items.map { try $0.number(in: 0..<1) } ?? [0.9, 0.999]
    guard betas.count == 2 else { throw settings.expected("two betas") }
    let epsilon = try keys?.number("epsilon", in: 0...) ?? 1e-8
    let decay = try keys?.number("weight-decay", in: 0...) ?? (name == .adam ? 0 : 0.01)
    self =
      name == .adam
      ? .adam(beta1: betas[0], beta2: betas[1], epsilon: epsilon, weightDecay: decay)
      : .adamW(beta1: betas[0], beta2: betas[1], epsilon: epsilon, weightDecay: decay)
  }
}
