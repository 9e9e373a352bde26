import Programs
import Tensors

/// Normalisation by means and variances: of channels, samples, groups or axes.
enum NormalizationOperators {
  static let all: [ONNXOperator] =
    [
      .value("BatchNormalization", since: 7) { call in
        try call.require(!(1..<5).contains(where: call.isWanted), batchTraining)
        return try call.normalizedByStatistics()
      },
      .value("BatchNormalization", since: 14) { call in
        try call.require(!(try call.flag("training_mode")), batchTraining)
        return try call.normalizedByStatistics()
      },
      .value("InstanceNormalization", lower: instance),
      ONNXOperator("LayerNormalization", lower: layer),
      .value("GroupNormalization", since: 18) { try group($0, parametersArePerChannel: false) },
      .value("GroupNormalization", since: 21) { try group($0, parametersArePerChannel: true) },
      .value("RMSNormalization", lower: rootMeanSquare),
      .value("MeanVarianceNormalization", lower: meanVariance),
    ] + VectorNormalizationOperators.all

  private static let batchTraining =
    "is in training mode, where a sample's result depends on the others: export the model for "
    + "inference"

  private static func instance(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let rank = value.shape.rank
    try call.require(rank >= 3, "\(value.type) has no axes after the channels")
    let normalized = value.normalized(over: Array(2..<rank), epsilon: try call.epsilon())
    return try normalized * call.real(1).alongChannels(rank: rank)
      + call.real(2).alongChannels(rank: rank)
  }

  /// The outputs are the result, the mean and 1 / √(variance + ε).
  private static func layer(_ call: ONNXCall) throws -> [Operand?] {
    let input = try call.real(0)
    let value = try call.stashed(input)
    let axes = try call.trailingAxes(of: value)
    let mean = value.mean(over: axes, keepingDimensions: true)
    let centred = value - mean
    let variance = centred.squared().mean(over: axes, keepingDimensions: true)
    let inverse = 1 / (variance + (try call.epsilon())).squareRoot()
    var result = (centred * inverse).converted(to: input.elementType) * (try call.real(1))
    if let bias = call.optionalInput(2) { result = result + bias }
    return [Operand(result, like: call), Operand(mean), Operand(inverse)]
  }

  private static func group(
    _ call: ONNXCall, parametersArePerChannel: Bool
  ) throws -> Value {
    let input = try call.real(0)
    let value = try call.stashed(input)
    let (shape, groups) = (value.shape, try call.requiredInt("num_groups"))
    try call.require(
      shape.rank >= 2 && groups >= 1 && shape[1] % groups == 0 && !Shape.isSymbolic(shape[1]),
      "the channels of \(value.type) do not form \(groups) groups")
    let size = shape[1] / groups
    let grouped = value.reshaped(
      to: Shape([shape[0], groups, size] + shape.dimensions.dropFirst(2)))
    let normalized = grouped.normalized(
      over: Array(2...shape.rank), epsilon: try call.epsilon()
    ).converted(to: input.elementType)
    let places = Array(repeating: 1, count: shape.rank - 2)
    func placed(_ index: Int) throws -> Value {
      let parameter = try call.real(index)
      try call.require(
        parameter.shape.dimensions == [parametersArePerChannel ? shape[1] : groups],
        "\(parameter.type) does not hold a number for each "
          + (parametersArePerChannel ? "channel" : "group"))
      return parameter.reshaped(
        to: Shape([groups, parametersArePerChannel ? size : 1] + places))
    }
    return try (normalized * placed(1) + placed(2)).reshaped(to: shape)
  }

  /// x / √(mean of x² + ε) · scale.
  ///
  /// - Source: Zhang and Sennrich 2019, arXiv:1910.07467.
  private static func rootMeanSquare(_ call: ONNXCall) throws -> Value {
    let input = try call.real(0)
    let value = try call.stashed(input)
    let square = value.squared()
      .mean(over: try call.trailingAxes(of: value), keepingDimensions: true)
    let normalized = value / (square + (try call.epsilon())).squareRoot()
    return try normalized.converted(to: input.elementType) * call.real(1)
  }

  /// (x − mean) / (σ + 10⁻⁹), where a deviation σ of 0 has the derivative 0.
  private static func meanVariance(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let axes = try call.axes(call.optionalInts("axes") ?? [0, 2, 3], rank: value.shape.rank)
    if axes.contains(0), value.shape[0] != 1 {
      call.tracer.note(
        "MeanVarianceNormalization is over the batch: a sample's result depends on the others")
    }
    let centred = value - value.mean(over: axes, keepingDimensions: true)
    let variance = centred.squared().mean(over: axes, keepingDimensions: true)
    return centred / (variance.root(2) + 1e-9)
  }
}

extension ONNXCall {
  fileprivate func epsilon() throws -> Double { try float("epsilon", default: 1e-5) }

  /// A value in the precision that `stash_type` asks for, if that is more than its own.
  fileprivate func stashed(_ value: Value) throws -> Value {
    let type = ONNXElementType(rawValue: Int32(clamping: try int("stash_type", default: 1)))
    guard let type, type.isFloatingPoint else {
      throw error("the attribute 'stash_type' names no real numbers")
    }
    return type == .double ? value.converted(to: .float64) : value
  }

  /// The axes from the attribute 'axis' on.
  fileprivate func trailingAxes(of value: Value) throws -> [Int] {
    let rank = value.shape.rank
    return Array(try axis(int("axis", default: -1), rank: rank)..<rank)
  }

  /// x · s + (bias − mean · s) with s = scale / √(variance + ε), s and the offset being constants
  /// of a trained model.
  fileprivate func normalizedByStatistics() throws -> Value {
    let value = try real(0)
    let rank = value.shape.rank
    try require(rank >= 2, "\(value.type) has no channels")
    // Before version 9 each element of a sample could have parameters of its own.
    func placed(_ index: Int) throws -> Value {
      let parameter = try real(index).converted(to: value.elementType)
      return parameter.shape.rank == 1 ? parameter.alongChannels(rank: rank) : parameter
    }
    let factor = try placed(1) / (placed(4) + epsilon()).squareRoot()
    return try value * factor + (placed(2) - placed(3) * factor)
  }
}
