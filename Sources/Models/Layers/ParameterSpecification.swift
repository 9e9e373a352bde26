public import Tensors

/// A parameter of a network: its name, its shape and where its values begin.
public struct ParameterSpecification: Hashable, Sendable {
  public let name: String
  public let shape: Shape
  public let initializer: Initializer
  /// Whether gradients change the parameter; running statistics are not trained.
  public var isTrainable = true

  init(_ name: String, _ shape: Shape, _ initializer: Initializer) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
  }

  /// The value at the beginning of a training; it depends on the seed and the name alone.
  public func initialValue(seed: UInt64) -> Tensor {
    var random = RandomStream(seed: seed, purpose: "init/\(name)")
    return initializer.values(shape, using: &random)
  }
}

/// How the first values of a parameter are drawn.
public enum Initializer: Hashable, Sendable, Codable {
  case constant(Double)
  /// Uniform in ±bound.
  case uniform(bound: Double)
  case normal(deviation: Double)
  /// Normal, drawn again beyond two deviations.
  case truncatedNormal(deviation: Double)
  /// Deviation gain / √fan: Kaiming (He) and LeCun initialisation.
  case scaled(gain: Double, fan: Fan, isUniform: Bool)

  public static let zeros = Initializer.constant(0)
  public static let ones = Initializer.constant(1)

  /// The number of inputs or outputs that one output or input is connected to.
  public enum Fan: String, Hashable, Sendable, Codable {
    case input
    case output
    /// Their mean (Glorot and Bengio 2010).
    case average
  }

  func values(_ shape: Shape, using random: inout RandomStream) -> Tensor {
    switch self {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .uniform(let bound): return random.uniform(shape, from: -bound, to: bound)
    case .normal(let deviation):
      return Tensor((0..<shape.count).map { _ in Float(deviation * random.normal()) }, shape: shape)
    case .truncatedNormal(let deviation):
      let values = (0..<shape.count).map { _ -> Float in
        var value = random.normal()
        while abs(value) > 2 { value = random.normal() }
        return Float(deviation * value)
      }
      return Tensor(values, shape: shape)
    case .scaled(let gain, let fan, let isUniform):
      let deviation = gain / fan.count(of: shape).squareRoot()
      let same: Initializer =
        isUniform ? .uniform(bound: 3.0.squareRoot() * deviation) : .normal(deviation: deviation)
      return same.values(shape, using: &random)
    }
  }
}

extension Initializer.Fan {
  /// The fan of a weight `[out, in, window…]`.
  func count(of shape: Shape) -> Double {
    let window = shape.dimensions.dropFirst(2).reduce(1, *)
    let input = Double(shape.rank > 1 ? shape[1] * window : shape.count)
    let output = Double(shape.rank > 0 ? shape[0] * window : 1)
    switch self {
    case .input: return max(input, 1)
    case .output: return max(output, 1)
    case .average: return max((input + output) / 2, 1)
    }
  }
}

/// How a layer's weights begin, by the name that configurations use.
public enum WeightInitialization: String, Hashable, Sendable, Codable, CaseIterable {
  /// Uniform in ±1 / √fan-in, weights and biases: what PyTorch does.
  case standard = "default"
  /// He et al. 2015, arXiv:1502.01852: deviation √(2 / fan-in).
  case heNormal = "he-normal"
  case heUniform = "he-uniform"
  /// Deviation 1 / √fan-in.
  case lecunNormal = "lecun-normal"
  /// Glorot and Bengio 2010: deviation √(2 / (fan-in + fan-out)).
  case xavierNormal = "xavier-normal"
  case xavierUniform = "xavier-uniform"
  /// Deviation 0.02, cut at two deviations.
  case truncatedNormal = "truncated-normal"
  case zeros

  var weight: Initializer {
    switch self {
    case .standard:
      return .scaled(gain: (1.0 / 3).squareRoot(), fan: .input, isUniform: true)
    case .heNormal: return .scaled(gain: 2.0.squareRoot(), fan: .input, isUniform: false)
    case .heUniform: return .scaled(gain: 2.0.squareRoot(), fan: .input, isUniform: true)
    case .lecunNormal: return .scaled(gain: 1, fan: .input, isUniform: false)
    case .xavierNormal: return .scaled(gain: 1, fan: .average, isUniform: false)
    case .xavierUniform: return .scaled(gain: 1, fan: .average, isUniform: true)
    case .truncatedNormal: return .truncatedNormal(deviation: 0.02)
    case .zeros: return .zeros
    }
  }

  /// The initializer of the bias beside a weight of a shape.
  func bias(besideWeight shape: Shape) -> Initializer {
    guard self == .standard else { return .zeros }
    return .uniform(bound: 1 / Initializer.Fan.input.count(of: shape).squareRoot())
  }
}
