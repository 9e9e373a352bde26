public import ConfigurationFiles
public import Programs
import Tensors

/// The activation functions, by the names that configurations use.
public enum ActivationFunction: String, Hashable, Sendable, Codable, CaseIterable {
  case relu, relu6
  case leakyRelu = "leaky-relu"
  case elu, selu, gelu
  case geluTanh = "gelu-tanh"
  case swish, mish, softplus, softsign, tanh, sigmoid, softmax
  case hardSigmoid = "hard-sigmoid"
  case hardSwish = "hard-swish"

  /// The slope or scale of a function that has one.
  var defaultParameter: Double? {
    switch self {
    case .leakyRelu: 0.01
    case .elu: 1
    default: nil
    }
  }

  func callAsFunction(_ x: Value, parameter: Double?) -> Value {
    switch self {
    case .relu: x.relu()
    case .relu6: x.relu().minimum(x.scalar(6))
    case .leakyRelu: x.leakyRelu(slope: parameter ?? 0.01)
    case .elu: x.elu(alpha: parameter ?? 1)
    case .selu: x.selu()
    case .gelu: x.gelu()
    case .geluTanh: x.geluApproximation()
    case .swish: x.swish()
    case .mish: x.mish()
    case .softplus: x.softplus()
    case .softsign: x.softsign()
    case .tanh: x.hyperbolicTangent()
    case .sigmoid: x.logistic()
    case .softmax: x.softmax(axis: x.shape.rank - 1)
    case .hardSigmoid: x.hardSigmoid()
    case .hardSwish: x.hardSwish()
    }
  }
}

/// A function of each element (softmax: of the last axis).
public struct Activation: Layer {
  public static let kind = "activation"
  public var name: String?
  public var function: ActivationFunction
  /// The slope of a leaky ReLU, the scale of an ELU.
  public var parameter: Double?

  public init(_ function: ActivationFunction, parameter: Double? = nil) {
    self.function = function
    self.parameter = parameter
  }

  public init(_ settings: ConfigurationNode) throws {
    self.init(try settings.choice(of: ActivationFunction.self))
  }

  /// Reads the settings of a function whose name has been read.
  init(_ function: ActivationFunction, settings: ConfigurationNode) throws {
    self.function = function
    guard !settings.isNull else { return }
    guard function.defaultParameter != nil else {
      name = try settings.nameOnly()
      return
    }
    if case .scalar = settings.content {
      parameter = try settings.number()
      return
    }
    let key = function == .elu ? "alpha" : "slope"
    let keys = try settings.mapping(keys: [key, "name"])
    parameter = try keys.number(key)
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    function(inputs, parameter: parameter)
  }
}

/// The larger of x and 0.
public struct Relu: LayerConvertible {
  public init() {}
  public var layer: any Layer { Activation(.relu) }
}

/// The hyperbolic tangent.
public struct Tanh: LayerConvertible {
  public init() {}
  public var layer: any Layer { Activation(.tanh) }
}

/// The logistic function, 1 / (1 + e⁻ˣ).
public struct Sigmoid: LayerConvertible {
  public init() {}
  public var layer: any Layer { Activation(.sigmoid) }
}

/// x Φ(x), with Φ the normal distribution function.
public struct Gelu: LayerConvertible {
  public init() {}
  public var layer: any Layer { Activation(.gelu) }
}
