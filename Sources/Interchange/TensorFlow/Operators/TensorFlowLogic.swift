import Programs
import Tensors

/// Relations, and what follows from them.
enum TensorFlowLogic {
  static let all: [TensorFlowOperator] = [
    .value("Equal") { try $0.input(0).compare(.equal, $0.input(1)) },
    .value("NotEqual") { try $0.input(0).compare(.equal, $0.input(1)).not() },
    .value("Less") { try $0.input(0).compare(.less, $0.input(1)) },
    .value("LessEqual") { try $0.input(0).compare(.lessOrEqual, $0.input(1)) },
    .value("Greater") { try $0.input(1).compare(.less, $0.input(0)) },
    .value("GreaterEqual") { try $0.input(1).compare(.lessOrEqual, $0.input(0)) },
    .value("LogicalAnd") { try $0.input(0).and($0.input(1)) },
    .value("LogicalOr") { try $0.input(0).or($0.input(1)) },
    .value("LogicalNot") { try $0.input(0).not() },
    .value("IsNan") { call in try call.real(0).compare(.equal, call.real(0)).not() },
    .value("Select", lower: select),
    .value("SelectV2") { try $0.input(0).select($0.input(1), $0.input(2)) },
    .value("ZerosLike") { call in
      let value = try call.input(0)
      return value.scalar(0).broadcast(to: value.shape)
    },
    .value("OnesLike") { call in
      let value = try call.input(0)
      return value.scalar(1).broadcast(to: value.shape)
    },
  ]

  /// A condition that is a vector chooses among the rows.
  private static func select(_ call: TensorFlowCall) throws -> Value {
    let (condition, first) = try (call.input(0), call.input(1))
    guard condition.shape.rank == 1, first.shape.rank > 1 else {
      return condition.select(first, try call.input(2))
    }
    let ones = Array(repeating: 1, count: first.shape.rank - 1)
    let rows = condition.reshaped(to: condition.shape + Shape(ones))
    return rows.select(first, try call.input(2))
  }
}
