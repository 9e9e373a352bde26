import Programs
import Tensors

/// Losses, and what is done in training alone.
enum LossOperators {
  static let all: [ONNXOperator] = [
    .value("NegativeLogLikelihoodLoss") { call in
      try call.negativeLogLikelihood(of: call.real(0))
    },
    ONNXOperator("SoftmaxCrossEntropyLoss") { call in
      let logarithms = try call.tracer.logSoftmax(call.real(0), axis: 1)
      return [
        Operand(try call.negativeLogLikelihood(of: logarithms), like: call),
        Operand(logarithms, like: call),
      ]
    },
    ONNXOperator("Dropout", since: 1) { call in
      let operand = try call.operand(0)
      let ones = operand.value.scalar(1).broadcast(to: operand.shape)
      return [operand, Operand(ones, operand.type)]
    },
    ONNXOperator("Dropout", since: 10, lower: keepAll),
    ONNXOperator("Dropout", since: 12) { call in
      if try call.optionalTensor(2)?.doubles.first ?? 0 != 0 {
        let ratio = try call.optionalTensor(1)?.doubles.first ?? 0.5
        try call.require(
          ratio == 0, "is in training mode, where results are random: export for inference")
      }
      return try keepAll(call)
    },
  ]

  /// All elements, and a mask that says so.
  private static func keepAll(_ call: ONNXCall) throws -> [Operand?] {
    let operand = try call.operand(0)
    let mask = call.constant(Tensor(repeating: 1, shape: [], elementType: .bool))
    return [operand, Operand(mask.broadcast(to: operand.shape))]
  }
}

extension ONNXCall {
  /// −w[t] x[n, t, …] for each target t, or the sum, or the sum by that of the weights.
  ///
  /// Targets equal to `ignore_index`, which need not be classes, have the weight 0.
  fileprivate func negativeLogLikelihood(of value: Value) throws -> Value {
    let targets = try input(1)
    let shape = value.shape
    try require(
      shape.rank >= 2 && targets.shape == shape.reduced(over: [1], keepingDimensions: false),
      "the targets \(targets.type) do not fit \(value.type)")
    let ignored = try optionalInt("ignore_index").map {
      targets.compare(.equal, targets.scalar(Double($0)))
    }
    let classes = ignored.map { $0.select(targets.scalar(0), targets) } ?? targets
    let picked = value.gatherElements(classes.expanded(axis: 1), axis: 1)
      .reshaped(to: targets.shape)
    var weights = optionalInput(2).map { $0.gather(classes, axis: 0) }
    if let ignored {
      weights = ignored.select(value.scalar(0), weights ?? value.scalar(1))
    }
    let losses = weights.map { -picked * $0 } ?? -picked
    let axes = Array(0..<targets.shape.rank)
    switch try string("reduction", default: "mean") {
    case "none": return losses
    case "sum": return losses.sum(over: axes)
    case "mean":
      return weights.map { losses.sum(over: axes) / $0.sum(over: axes) } ?? losses.mean(over: axes)
    case let other: throw error("there is no reduction '\(other)'")
    }
  }
}
