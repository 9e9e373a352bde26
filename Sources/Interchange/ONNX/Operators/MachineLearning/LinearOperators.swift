import Programs
import Tensors

/// Linear models, of the domain "ai.onnx.ml".
enum MachineLearningLinearOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("LinearClassifier", domain: "ai.onnx.ml", lower: classifier),
    .machineLearning("LinearRegressor", regressor),
  ]

  /// Outputs the labels and x Wᵀ + b after the transform; one score of two classes becomes two.
  private static func classifier(_ call: ONNXCall) throws -> [Operand?] {
    let classes = try ClassLabels(call, integers: "classlabels_ints")
    let transform = try PostTransform(call)
    let intercepts = try call.floats("intercepts") ?? []
    let count = intercepts.isEmpty ? classes.count : intercepts.count
    let raw = try call.linear(targets: count)
    if count == 1, classes.count == 2 {
      let isSecond = raw.select(axis: 1, 0).compare(.lessOrEqual, raw.scalar(0)).not()
      return [
        classes.labels(secondWhere: isSecond),
        Operand(try transform.pair(raw, isSigned: false, call)),
      ]
    }
    try call.require(
      count == classes.count && count > 1, "has \(count) scores for \(classes.count) classes")
    let scores = transform.scores(raw, call.tracer)
    if transform == .logistic, count == 2, try call.isMirrored() {
      call.tracer.markSoftmax(scores, ofSecond: raw.slice(axis: 1, 1..<2))
    }
    return [classes.labels(at: raw.argMax(axis: 1)), Operand(scores)]
  }

  private static func regressor(_ call: ONNXCall) throws -> Value {
    let targets = try call.int("targets", default: 1)
    let raw = try call.linear(targets: targets)
    let transform = try PostTransform(call)
    return targets == 1
      ? try transform.singleTarget(raw, call) : transform.scores(raw, call.tracer)
  }
}

extension ONNXCall {
  /// x Wᵀ + b of the first input `[N, F]`, from 'coefficients' `[targets, F]` and 'intercepts'.
  fileprivate func linear(targets: Int) throws -> Value {
    let value = try samples(0)
    let features = value.shape[1]
    let coefficients = try floats("coefficients") ?? []
    let (expected, overflow) = targets.multipliedReportingOverflow(by: features)
    try require(
      targets > 0 && !overflow && coefficients.count == expected,
      "has \(coefficients.count) coefficients for \(targets) scores of \(features) features")
    let weight = tracer.weight(
      weightName("coefficients"), Tensor(coefficients, shape: [targets, features]))
    let product = value.matrixMultiplied(by: weight, transposeRight: true)
    guard let intercepts = try floats("intercepts"), !intercepts.isEmpty else { return product }
    try require(
      intercepts.count == targets, "has \(intercepts.count) intercepts for \(targets) scores")
    return product + tracer.weight(weightName("intercepts"), Tensor(intercepts))
  }

  /// Whether the two scores are −z and z, so that σ(−z) and σ(z) are the softmax of (0, z).
  fileprivate func isMirrored() throws -> Bool {
    func isMirrored(_ numbers: [Float]) -> Bool {
      let half = numbers.count / 2
      return zip(numbers[..<half], numbers[half...]).allSatisfy { $0 == -$1 }
    }
    return try isMirrored(floats("coefficients") ?? []) && isMirrored(floats("intercepts") ?? [])
  }

  /// What a weight is called that is an attribute of the node.
  private func weightName(_ attribute: String) -> String {
    "\(node.name.isEmpty ? node.output.first ?? "" : node.name).\(attribute)"
  }
}
