import Programs
import Tensors

/// Support vector machines, of the domain "ai.onnx.ml".
enum MachineLearningSupportVectorOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("SVMClassifier", domain: "ai.onnx.ml", lower: classifier),
    .machineLearning("SVMRegressor", regressor),
  ]

  /// Σ cᵥ k(x, v) + ρ over the support vectors v; without any, the coefficients are weights.
  private static func regressor(_ call: ONNXCall) throws -> Value {
    try call.require(
      try PostTransform(call) == .none,
      "post_transform is left out by other programs: "
        + "export the model without it")
    let value = try call.samples(0)
    let count = try call.int("n_supports", default: 0)
    let coefficients = try call.floats("coefficients") ?? []
    let rho = try call.floats("rho") ?? []
    try call.require(rho.count == 1, "has \(rho.count) numbers in 'rho', not one")
    let kernel = try SupportVectorKernel(call)
    let products: Value
    if count == 0 {
      try call.require(kernel.kind == .linear, "has a kernel but no support vectors")
      products = value
    } else {
      products = kernel.values(value, try call.supportVectors(count, of: value))
    }
    try call.require(
      coefficients.count == products.shape[1],
      "has \(coefficients.count) coefficients for \(products.shape[1]) support vectors")
    let weights = call.constant(Tensor(coefficients, shape: [coefficients.count, 1]))
    let result = products.matrixMultiplied(by: weights) + Double(rho[0])
    guard try call.flag("one_class") else { return result }
    call.tracer.markGradientless("SVMRegressor")
    return result.isGreater(than: result.scalar(0)) * 2 - 1
  }

  private static func classifier(_ call: ONNXCall) throws -> [Operand?] {
    let classes = try ClassLabels(call, integers: "classlabels_ints")
    let machine = try SupportVectorClassifier(call, classes: classes.count)
    let value = try call.samples(0)
    let kernels = try SupportVectorKernel(call).values(
      value, try call.supportVectors(machine.vectorCount, of: value))
    let pairs = machine.pairScores(kernels)
    let labels = classes.labels(at: machine.votes(pairs).argMax(axis: 1))
    return [labels, Operand(try scores(machine, pairs, call))]
  }

  private static func scores(
    _ machine: SupportVectorClassifier, _ pairs: Value, _ call: ONNXCall
  ) throws -> Value {
    let transform = try PostTransform(call)
    if let platt = try machine.platt(call) {
      let margins = pairs * platt.slopes + platt.offsets
      let probabilities = PairwiseCoupling(classes: machine.classes).probabilities(
        first: (-margins).logistic())
      if machine.classes == 2 {
        // Up to the tolerance of the coupling, 1 − σ(z) and σ(z) for the one margin z.
        call.tracer.markSoftmax(probabilities, ofSecond: margins)
      } else {
        call.tracer.markProbabilities(probabilities)
      }
      return transform.scores(probabilities, call.tracer)
    }
    if machine.classes > 2 { return transform.scores(pairs, call.tracer) }
    return try transform.pair(pairs, isSigned: transform == .none, call)
  }
}

extension ONNXCall {
  /// The attribute 'support_vectors' as `[count, F]` for samples `[N, F]`.
  fileprivate func supportVectors(_ count: Int, of value: Value) throws -> Value {
    let numbers = try floats("support_vectors") ?? []
    let features = value.shape[1]
    let (expected, overflow) = count.multipliedReportingOverflow(by: features)
    try require(
      count > 0 && !overflow && numbers.count == expected,
      "has \(numbers.count) numbers for \(count) support vectors of \(features) features")
    return constant(Tensor(numbers, shape: [count, features]))
  }
}

/// A function of a sample and a support vector.
///
///     LINEAR x·v   POLY (γ x·v + c)ᵈ   RBF exp(−γ ‖x − v‖²)   SIGMOID tanh(γ x·v + c)
struct SupportVectorKernel {
  enum Kind: String {
    case linear = "LINEAR"
    case polynomial = "POLY"
    case radial = "RBF"
    case sigmoid = "SIGMOID"
  }

  let kind: Kind
  let gamma: Double
  let offset: Double
  let degree: Double

  init(_ call: ONNXCall) throws {
    let name = try call.string("kernel_type", default: "LINEAR")
    guard let kind = Kind(rawValue: name) else {
      throw call.error("the attribute 'kernel_type' is '\(name)', which the standard lacks")
    }
    self.kind = kind
    let parameters = try call.floats("kernel_params") ?? []
    try call.require(
      parameters.count == 3 || (parameters.isEmpty && kind == .linear),
      "has \(parameters.count) numbers in 'kernel_params', not gamma, offset and degree")
    (gamma, offset, degree) =
      parameters.isEmpty
      ? (0, 0, 0) : (Double(parameters[0]), Double(parameters[1]), Double(parameters[2]))
  }

  /// The kernel of samples `[N, F]` and vectors `[V, F]`: `[N, V]`.
  func values(_ samples: Value, _ vectors: Value) -> Value {
    switch kind {
    case .linear: return product(samples, vectors)
    case .polynomial:
      return Self.power(product(samples, vectors) * gamma + offset, degree)
    case .radial:
      // Not ‖x‖² − 2 x·v + ‖v‖², whose digits cancel for neighbours.
      let difference = samples.expanded(axis: 1) - vectors
      return (difference.squared().sum(over: [2]) * -gamma).exponential()
    case .sigmoid: return (product(samples, vectors) * gamma + offset).hyperbolicTangent()
    }
  }

  private func product(_ samples: Value, _ vectors: Value) -> Value {
    samples.matrixMultiplied(by: vectors, transposeRight: true)
  }

  /// A small whole power by products: its derivative exists for any base.
  private static func power(_ base: Value, _ degree: Double) -> Value {
    guard degree.rounded() == degree, (1...16).contains(degree) else {
      return base.power(base.scalar(degree))
    }
    return (1..<Int(degree)).reduce(base) { result, _ in result * base }
  }
}
