import Programs
import Tensors

/// A graph within a node, to be lowered as often as it runs.
///
/// Its weights and constants are made once, however often that is.
struct ONNXSubgraph {
  let graph: ONNXGraph
  private let call: ONNXCall
  private let shared: ONNXScope
  private let nodes: [ONNXNode]

  init(_ call: ONNXCall, attribute: String) throws {
    let graph = try call.graph(attribute)
    let shared = call.scope.nested()
    for message in graph.initializer {
      shared[message.name] = call.entry(
        message.name, try message.contents(call.lowering.external))
    }
    for message in graph.sparseInitializer {
      let name = message.values.name
      let contents = try message.contents(call.lowering.external)
      if case .numbers(let tensor, _) = contents { try call.requireTable([tensor.count]) }
      shared[name] = call.entry(name, contents)
    }
    let constants = graph.node.filter { $0.opType == "Constant" }
    try call.lowering.lower(constants, for: constants.flatMap(\.output), in: shared)
    self.call = call
    self.graph = graph
    self.shared = shared
    nodes = graph.node.filter { $0.opType != "Constant" }
  }

  /// The outputs for some inputs.
  ///
  /// - Throws: `NodeError` if an output is not a tensor of numbers, and what its nodes throw.
  func callAsFunction(_ arguments: [Operand]) throws -> [Operand] {
    try call.require(
      arguments.count == graph.input.count,
      "its graph '\(graph.name)' takes \(graph.input.count) inputs, not \(arguments.count)")
    let scope = shared.nested()
    for (port, argument) in zip(graph.input, arguments) { scope.define(port.name, argument) }
    let names = graph.output.map(\.name)
    try call.lowering.lower(nodes, for: names, in: scope)
    return try names.map { try call.lowering.operand($0, in: scope) }
  }
}

extension ONNXCall {
  fileprivate func entry(_ name: String, _ contents: ONNXTensorContents) -> ONNXScope.Entry {
    switch contents {
    case .numbers(let tensor, let type): .operand(Operand(tracer.weight(name, tensor), type))
    case .texts: .unavailable("uses '\(name)', which is text and not numbers")
    case .unsupported(let reason): .unavailable("uses '\(name)': \(reason)")
    }
  }

  /// A condition, if it is known before the model runs.
  func knownCondition(_ value: Value) throws -> Bool? {
    try require(
      value.elementType == .bool && value.shape.count == 1,
      "the condition has type \(value.type), not a single bool")
    guard let known = tracer.known(value), known.alternative == nil else { return nil }
    return known.tensor.doubles[0] != 0
  }

  /// An error that goes away if the condition's value becomes known.
  func unknownCondition(_ value: Value, _ reason: String) -> NodeError {
    NodeError(reason: reason, unknownValue: value.id)
  }
}

extension Operand {
  /// The first operand where the condition holds, else the second; nil if their types differ.
  static func selected(_ condition: Value, _ first: Operand, _ second: Operand) -> Operand? {
    let (left, right) = Value.unified(first.value, second.value)
    guard left.type == right.type else { return nil }
    let type = first.type == second.type ? first.type : ONNXElementType(left.elementType)
    return Operand(condition.reshaped(to: []).select(left, right), type)
  }

  /// The operands along a new axis; nil if their types differ.
  static func stacked(_ operands: [Operand], axis: Int) -> Operand? {
    let values = operands.map(\.value)
    let real = values.first { $0.elementType.isFloatingPoint }
    let unified = values.map { value in real.map { Value.unified(value, $0).0 } ?? value }
    guard let first = unified.first, unified.allSatisfy({ $0.type == first.type }) else {
      return nil
    }
    return Operand(Value.stacked(unified, axis: axis), operands[0].type)
  }
}
