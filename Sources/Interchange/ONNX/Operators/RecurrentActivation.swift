import Programs
import Tensors

/// A function of the gates of RNN, GRU and LSTM.
///
/// - Source: https://onnx.ai/onnx/operators/onnx__LSTM.html, "Activation functions"; alpha and beta
///   default to those of the operators of the same names.
enum RecurrentActivation: Hashable, Sendable {
  case relu
  case tanh
  case sigmoid
  /// α x + β
  case affine(alpha: Double, beta: Double)
  /// x for x ≥ 0, else α x
  case leakyRelu(alpha: Double)
  /// x for x ≥ α, else 0
  case thresholdedRelu(alpha: Double)
  /// α tanh(β x)
  case scaledTanh(alpha: Double, beta: Double)
  /// α x + β, clamped to [0, 1]
  case hardSigmoid(alpha: Double, beta: Double)
  /// x for x ≥ 0, else α (eˣ − 1)
  case elu(alpha: Double)
  case softsign
  case softplus

  func callAsFunction(_ value: Value) -> Value {
    switch self {
    case .relu: value.relu()
    case .tanh: value.hyperbolicTangent()
    case .sigmoid: value.logistic()
    case .affine(let alpha, let beta): value * alpha + beta
    case .leakyRelu(let alpha): value.leakyRelu(slope: alpha)
    case .thresholdedRelu(let alpha):
      value.compare(.less, value.scalar(alpha)).select(value.scalar(0), value)
    case .scaledTanh(let alpha, let beta): (value * beta).hyperbolicTangent() * alpha
    case .hardSigmoid(let alpha, let beta): value.hardSigmoid(slope: alpha, offset: beta)
    case .elu(let alpha): value.elu(alpha: alpha)
    case .softsign: value.softsign()
    case .softplus: value.softplus()
    }
  }
}

extension ONNXCall {
  /// The activations of the attributes, those of each direction in turn.
  ///
  /// Where the file gives none they are the standard's, which are named for one direction.
  func recurrentActivations(
    default standard: [String], directions: Int
  ) throws -> [[RecurrentActivation]] {
    let count = standard.count * directions
    let names =
      try strings("activations") ?? Array(repeating: standard, count: directions).flatMap { $0 }
    try require(names.count == count, "has \(names.count) activations, not \(count)")
    var alphas = RecurrentParameters(try floats("activation_alpha"), functions: count)
    var betas = RecurrentParameters(try floats("activation_beta"), functions: count)
    let all = try names.enumerated().map { index, name in
      guard let function = RecurrentActivation(name, at: index, &alphas, &betas) else {
        throw error("there is no activation '\(name)'")
      }
      return function
    }
    try require(
      alphas.areUsed && betas.areUsed,
      "activation_alpha or activation_beta has more values than the activations take")
    return (0..<directions).map { Array(all[$0 * standard.count..<($0 + 1) * standard.count]) }
  }
}

/// The values of `activation_alpha` or `activation_beta`.
///
/// A list as long as that of the activations has an entry for each; a shorter one for those alone
/// that take a parameter, in order.
private struct RecurrentParameters {
  private let values: [Float]
  private let isPositional: Bool
  private var next = 0

  init(_ values: [Float]?, functions: Int) {
    self.values = values ?? []
    isPositional = self.values.count == functions
  }

  var areUsed: Bool { isPositional || next >= values.count }

  mutating func value(at index: Int, default standard: Double) -> Double {
    let place = isPositional ? index : next
    next += 1
    return place < values.count ? Double(values[place]) : standard
  }
}

extension RecurrentActivation {
  fileprivate init?(
    _ name: String, at index: Int, _ alphas: inout RecurrentParameters,
    _ betas: inout RecurrentParameters
  ) {
    func alpha(_ standard: Double) -> Double { alphas.value(at: index, default: standard) }
    func beta(_ standard: Double) -> Double { betas.value(at: index, default: standard) }
    switch name.lowercased() {
    case "relu": self = .relu
    case "tanh": self = .tanh
    case "sigmoid": self = .sigmoid
    case "affine": self = .affine(alpha: alpha(1), beta: beta(0))
    case "leakyrelu": self = .leakyRelu(alpha: alpha(0.01))
    case "thresholdedrelu": self = .thresholdedRelu(alpha: alpha(1))
    case "scaledtanh": self = .scaledTanh(alpha: alpha(1), beta: beta(1))
    case "hardsigmoid": self = .hardSigmoid(alpha: alpha(0.2), beta: beta(0.5))
    case "elu": self = .elu(alpha: alpha(1))
    case "softsign": self = .softsign
    case "softplus": self = .softplus
    default: return nil
    }
  }
}
