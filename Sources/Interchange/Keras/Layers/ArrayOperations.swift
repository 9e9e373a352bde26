import Programs
import Tensors

/// Functions of arrays that stand between layers: what `x + y` becomes in a functional model.
enum ArrayOperations {
  static let all: [KerasLayerKind] =
    [
      binary("Add") { $0 + $1 },
      binary("Subtract") { $0 - $1 },
      binary("Multiply") { $0 * $1 },
      binary("Divide") { $0 / $1 },
      binary("TrueDivide") { $0 / $1 },
      binary("Maximum") { $0.maximum($1) },
      binary("Minimum") { $0.minimum($1) },
      binary("Power") { $0.power($1) },
      binary("Matmul") { $0.matrixMultiplied(by: $1) },
    ]
    + [
      unary("Negative") { -$0 },
      unary("Absolute") { $0.absoluteValue() },
      unary("Square") { $0.squared() },
      unary("Sqrt") { $0.squareRoot() },
      unary("Exp") { $0.exponential() },
      unary("Log") { $0.logarithm() },
      unary("Sin") { $0.sine() },
      unary("Cos") { $0.cosine() },
      unary("Tanh") { $0.hyperbolicTangent() },
      unary("Relu") { $0.relu() },
      KerasLayerKind("Sigmoid") { [KerasTensor($0.tracer.logistic(try $0.real()))] },
    ]

  private static func binary(
    _ name: String, _ combine: @escaping @Sendable (Value, Value) -> Value
  ) -> KerasLayerKind {
    .stepwise(name) { call in
      try call.require(call.arguments.count == 2, "expects 2 arguments")
      return combine(try call.argument(0), try call.argument(1))
    }
  }

  private static func unary(
    _ name: String, _ function: @escaping @Sendable (Value) -> Value
  ) -> KerasLayerKind {
    .stepwise(name) { function(try $0.real()) }
  }
}

extension KerasCall {
  /// A tensor, or a number that stands for one.
  fileprivate func argument(_ index: Int) throws -> Value {
    switch arguments[index] {
    case .tensor(let tensor): return tensor.value.converted(to: elementType)
    case .value(let value):
      if let number = value.number {
        return builder.constant(Tensor(number, elementType: elementType))
      }
      throw error("argument \(index) is no number")
    case .list: throw error("argument \(index) is a list")
    }
  }
}
