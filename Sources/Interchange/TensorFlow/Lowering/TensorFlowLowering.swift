import Programs
import Tensors

/// The lowering of one graph: nodes in the order in which their results are needed.
final class TensorFlowLowering {
  let tracer = NetworkTracer()
  let file: TensorFlowFile
  private var loweredNodes = 0
  private var depth = 0

  /// Nodes that are lowered at most, those of inlined functions included.
  static let largestNodeCount = 400_000
  /// How deep functions may call each other.
  static let largestDepth = 64

  init(_ file: TensorFlowFile) { self.file = file }

  /// Lowers what some values of a graph or function depend on.
  ///
  /// - Parameters:
  ///   - outputs: The values that are wanted.
  ///   - scope: The nodes, and what is known of them; receives every value that is made.
  /// - Returns: The values.
  /// - Throws: `InterchangeError.Fact` with the node at which lowering failed.
  func lower(_ outputs: [String], in scope: TensorFlowScope) throws -> [TensorFlowOperand] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.largestDepth else {
      throw TensorFlowFile.damaged("functions call each other more than \(Self.largestDepth) deep")
    }
    for index in try scope.order(for: outputs) {
      let node = scope.nodes[index]
      if !scope.isKnown(node.name) { scope.define(node.name, try lower(node, in: scope)) }
    }
    return try outputs.map { name in
      do { return try scope.operand(name) } catch let error as NodeError {
        throw TensorFlowFile.damaged(error.reason)
      }
    }
  }

  private func lower(
    _ node: TensorFlowNodeDef, in scope: TensorFlowScope
  ) throws -> [TensorFlowOperand] {
    loweredNodes += 1
    guard loweredNodes <= Self.largestNodeCount else {
      throw TensorFlowFile.damaged(
        "its functions unfold to more than \(Self.largestNodeCount) nodes")
    }
    do {
      let inputs = try node.dataInputs.map { try scope.operand($0) }
      let results = try results(of: node, inputs)
      if let failure = tracer.builder.failure { throw failure }
      return results
    } catch let error as NodeError {
      let fact = InterchangeError.Fact.node(node.place, reason: error.reason)
      guard let value = error.unknownValue else { throw fact }
      throw TensorFlowUnknownValue(value: value, fact: fact)
    } catch let error as ProgramError {
      throw InterchangeError.Fact.node(node.place, reason: error.reasonWithoutPlace)
    }
  }

  private func results(
    of node: TensorFlowNodeDef, _ inputs: [TensorFlowOperand]
  ) throws -> [TensorFlowOperand] {
    if let found = TensorFlowRegistry.operators[node.op] {
      return try found.lower(TensorFlowCall(node: node, inputs: inputs, lowering: self))
    }
    var function = TensorFlowNameAttrList()
    (function.name, function.attr) = (node.op, node.attr)
    return try call(function, inputs)
  }

  /// Puts a function's body in the place of a call.
  func call(
    _ function: TensorFlowNameAttrList, _ inputs: [TensorFlowOperand]
  ) throws -> [TensorFlowOperand] {
    guard let definition = file.functions[function.name] else {
      throw NodeError(reason: "there is no function '\(function.name)'")
    }
    let arguments = definition.signature.inputArg
    guard arguments.count == inputs.count else {
      throw NodeError(
        reason: "gives \(inputs.count) values to '\(function.name)', which takes \(arguments.count)"
      )
    }
    let scope = TensorFlowScope(definition.body(function.attr))
    for (argument, input) in zip(arguments, inputs) { scope.define(argument.name, [input]) }
    let names = try definition.signature.outputArg.map { output in
      guard let name = definition.ret[output.name] else {
        throw NodeError(reason: "'\(function.name)' does not say what it returns")
      }
      return name
    }
    return try lower(names, in: scope)
  }
}

/// A value that must be known before the model runs, and where.
///
/// Importing begins again with the inputs that it follows from fixed, if a caller gave their values.
struct TensorFlowUnknownValue: Error {
  let value: Int
  let fact: InterchangeError.Fact
}
