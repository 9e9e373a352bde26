import Programs
import Tensors

/// Operators of two or more values.
enum TensorFlowArithmetic {
  static let all: [TensorFlowOperator] = [
    .value("Add") { try $0.input(0) + $0.input(1) },
    .value("AddV2") { try $0.input(0) + $0.input(1) },
    .value("Sub") { try $0.input(0) - $0.input(1) },
    .value("Mul") { try $0.input(0) * $0.input(1) },
    .value("RealDiv") { try $0.input(0) / $0.input(1) },
    .value("Div") { try $0.input(0) / $0.input(1) },
    .value("TruncateDiv") { try $0.input(0) / $0.input(1) },
    .value("DivNoNan") { call in
      let (value, divisor) = try (call.input(0), call.input(1))
      let isZero = divisor.compare(.equal, divisor.scalar(0))
      // The quotient that is not taken must be finite, or its derivative would be NaN.
      let quotient = value / isZero.select(divisor.scalar(1), divisor)
      return isZero.select(value.scalar(0), quotient)
    },
    .value("FloorDiv") { call in
      let (value, divisor) = try (call.input(0), call.input(1))
      guard !value.elementType.isFloatingPoint else { return (value / divisor).floor() }
      return (value - value.remainder(divisor)) / divisor
    },
    .value("FloorMod") { try $0.input(0).remainder($0.input(1)) },
    .value("Pow") { try $0.input(0).power($0.input(1)) },
    .value("Maximum") { try $0.input(0).maximum($0.input(1)) },
    .value("Minimum") { try $0.input(0).minimum($0.input(1)) },
    .value("SquaredDifference") { try ($0.input(0) - $0.input(1)).squared() },
    .value("AddN") { call in
      let values = try call.values()
      return try values.dropFirst().reduce(call.input(0)) { $0 + $1 }
    },
    .value("BiasAdd", lower: bias),
    .value("BiasAddV1", lower: bias),
    .value("MatMul") { call in
      try call.real(0).matrixMultiplied(
        by: call.real(1), transposeLeft: call.flag("transpose_a"),
        transposeRight: call.flag("transpose_b"))
    },
    .value("BatchMatMul", lower: batchedProduct),
    .value("BatchMatMulV2", lower: batchedProduct),
    .value("BatchMatMulV3", lower: batchedProduct),
    .value("Einsum", lower: einsum),
  ]

  private static func bias(_ call: TensorFlowCall) throws -> Value {
    let (value, bias) = try (call.input(0), call.input(1))
    let isFirst = call.string("data_format", default: "NHWC").hasPrefix("NC")
    return value + (isFirst ? bias.alongChannels(rank: value.shape.rank) : bias)
  }

  private static func batchedProduct(_ call: TensorFlowCall) throws -> Value {
    try call.real(0).matrixMultiplied(
      by: call.real(1), transposeLeft: call.flag("adj_x"), transposeRight: call.flag("adj_y"))
  }

  private static func einsum(_ call: TensorFlowCall) throws -> Value {
    let equation = call.string("equation", default: "")
    return try EinsumOperators.product(equation, of: call.values(), call)
  }
}
