import Programs
import Tensors

/// Where values come from: constants, variables, functions.
///
/// - Source: https://www.tensorflow.org/api_docs/python/tf/raw_ops, as for every operator here.
enum TensorFlowSources {
  static let all: [TensorFlowOperator] =
    passing + [
      TensorFlowOperator("Const", lower: constant),
      TensorFlowOperator("NoOp") { _ in [] },
      TensorFlowOperator("Assert") { _ in [] },
      .value("StopGradient") { try $0.input(0).stoppingGradient() },
      TensorFlowOperator("IdentityN") { $0.inputs },
      TensorFlowOperator("Placeholder") { call in
        throw call.error("is an input that the model's signature does not name")
      },
      TensorFlowOperator("VarHandleOp") { [.variable($0.node.name)] },
      TensorFlowOperator("VariableV2", lower: variable),
      TensorFlowOperator("Variable", lower: variable),
      .value("ReadVariableOp") { try $0.readVariable(0) },
      TensorFlowOperator("PartitionedCall", lower: call),
      TensorFlowOperator("StatefulPartitionedCall", lower: call),
      TensorFlowOperator("If", lower: branch),
      TensorFlowOperator("StatelessIf", lower: branch),
    ]

  /// Operators that hand on what they are given.
  private static let passing = [
    "Identity", "PreventGradient", "CheckNumerics", "Snapshot", "PlaceholderWithDefault",
    "EnsureShape",
  ].map { name in TensorFlowOperator(name) { [try $0.operand(0)] } }

  private static func constant(_ call: TensorFlowCall) throws -> [TensorFlowOperand] {
    let message = call.node.attr["value"]?.tensor ?? TensorFlowTensorProto()
    guard let numbers = try message.numbers("the constant '\(call.node.name)'") else {
      let type = TensorFlowType.name(message.dtype)
      return [.unavailable("uses '\(call.node.name)', which is of type \(type) and not numbers")]
    }
    let value = call.tracer.weight(call.node.name, numbers.tensor)
    return [.value(value.broadcast(to: numbers.shape))]
  }

  private static func variable(_ call: TensorFlowCall) throws -> [TensorFlowOperand] {
    [.value(try call.variable(call.node.name))]
  }

  private static func call(_ call: TensorFlowCall) throws -> [TensorFlowOperand] {
    try call.lowering.call(call.function("f"), call.inputs)
  }

  /// One of two functions, by a condition that is known.
  private static func branch(_ call: TensorFlowCall) throws -> [TensorFlowOperand] {
    let condition = try call.reals(0)
    try call.require(condition.count == 1, "the condition has \(condition.count) elements")
    let name = condition[0] != 0 ? "then_branch" : "else_branch"
    return try call.lowering.call(call.function(name), Array(call.inputs.dropFirst()))
  }
}

extension TensorFlowCall {
  /// The function that an attribute names.
  func function(_ name: String) throws -> TensorFlowNameAttrList {
    guard let function = node.attr[name]?.func, !function.name.isEmpty else {
      throw error("has no attribute '\(name)'")
    }
    return function
  }

  func variable(_ name: String) throws -> Value {
    guard let tensor = lowering.file.variables[name] else {
      throw error("the value of the variable '\(name)' is not in the file; freeze the graph")
    }
    return tracer.weight(name, tensor)
  }

  /// The value of the variable that an input refers to.
  func readVariable(_ index: Int) throws -> Value {
    switch try operand(index) {
    case .variable(let name): return try variable(name)
    case .value(let value): return value
    case .unavailable(let reason): throw error(reason)
    }
  }
}
