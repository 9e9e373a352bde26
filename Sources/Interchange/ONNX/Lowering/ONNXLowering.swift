import Programs
import Tensors

/// The lowering of one model: nodes in the order in which their results are needed.
final class ONNXLowering {
  let tracer = NetworkTracer()
  let external: ExternalData
  private let registry: ONNXRegistry
  private let functions: [ONNXFunctionKey: ONNXFunction]
  private var loweredNodes = 0
  private var visitedNodes = 0
  private var tableCount = 0
  private var depth = 0

  private let largestNodeCount: Int
  /// Nodes that are put in order at most, each time anew that a loop or a function does so.
  private let largestVisitCount: Int
  /// Numbers in tables that are laid out at most.
  static let largestTableCount = 1 << 26
  /// How deep graphs and functions may lie in each other.
  static let largestDepth = 64

  init(_ file: ONNXFile, largestNodeCount: Int) {
    self.largestNodeCount = largestNodeCount
    largestVisitCount = 10 * largestNodeCount
    external = ExternalData(folder: file.external)
    registry = .standard
    functions = file.functions
  }

  /// Lowers what some values of a graph depend on.
  ///
  /// - Parameters:
  ///   - nodes: The graph's nodes, in any order.
  ///   - outputs: The names of the values that are wanted.
  ///   - scope: The graph's inputs and weights; receives every value that is made.
  /// - Throws: `InterchangeError.Fact` with the node at which lowering failed.
  func lower(_ nodes: [ONNXNode], for outputs: [String], in scope: ONNXScope) throws {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.largestDepth else {
      throw InterchangeError.Fact.damaged(
        format: "ONNX", "graphs and functions lie more than \(Self.largestDepth) deep in each other"
      )
    }
    try visit(nodes)
    let order = try ONNXOrder(nodes, for: outputs, isKnown: { scope[$0] != nil })
    for index in order.nodes { try lower(nodes[index], in: scope) }
  }

  /// A value by name.
  ///
  /// - Throws: `NodeError` if it is text or another thing that Assay does not compute.
  func operand(_ name: String, in scope: ONNXScope) throws -> Operand {
    switch scope[name] {
    case .operand(let operand): return operand
    case .unavailable(let reason): throw NodeError(reason: reason)
    case nil: throw NodeError(reason: "uses '\(name)', which nothing makes")
    }
  }

  /// Counts nodes, or steps that unfold to as much, against what is lowered at most.
  ///
  /// - Throws: `InterchangeError.Fact` if it is more.
  func count(_ nodes: Int) throws {
    loweredNodes += nodes
    guard loweredNodes <= largestNodeCount else {
      throw InterchangeError.Fact.damaged(
        format: "ONNX", "its loops and functions unfold to more than \(largestNodeCount) nodes"
      )
    }
  }

  /// Counts nodes that are looked at, whether they are needed or not, with those within them: an
  /// attribute that functions hand on can hold more graphs than the file has bytes.
  private func visit(_ nodes: [ONNXNode]) throws {
    visitedNodes += nodes.nestedCount(upTo: largestVisitCount - visitedNodes)
    guard visitedNodes < largestVisitCount else {
      throw InterchangeError.Fact.damaged(
        format: "ONNX", "its graphs unfold to more than \(largestVisitCount) nodes")
    }
  }

  /// Counts the numbers of a table; false if there are too many.
  func countTable(_ count: Int) -> Bool {
    guard count <= Self.largestTableCount - tableCount else { return false }
    tableCount += count
    return true
  }

  private func lower(_ node: ONNXNode, in scope: ONNXScope) throws {
    try count(1)
    let opset = scope.opset(of: node.domain) ?? 1
    do {
      try tracer.check()
      let results = try results(of: node, opset: opset, in: scope)
      if let failure = tracer.builder.failure { throw failure }
      for (index, name) in node.output.enumerated() where !name.isEmpty {
        scope[name] =
          index < results.count
          ? results[index].map { .operand($0) } ?? node.unavailable(name)
          : node.unavailable(name)
      }
    } catch let error as NodeError {
      throw ONNXUnknownValue(error, node: node.place(opset: opset))
        ?? fact(node, opset, error.reason)
    } catch let error as ProgramError {
      throw fact(node, opset, error.reasonWithoutPlace)
    }
  }

  private func fact(_ node: ONNXNode, _ opset: Int, _ reason: String) -> InterchangeError.Fact {
    .node(node.place(opset: opset), reason: reason)
  }

  private func results(of node: ONNXNode, opset: Int, in scope: ONNXScope) throws -> [Operand?] {
    let inputs = try node.input.map { $0.isEmpty ? nil : try operand($0, in: scope) }
    if let found = registry.lowering(of: node, opset: opset) {
      return try found.lower(
        ONNXCall(node: node, opset: opset, inputs: inputs, lowering: self, scope: scope))
    }
    guard let function = functions[ONNXFunctionKey(node)] else {
      throw NodeError(reason: "the operator is not supported")
    }
    return try inline(function, node, inputs)
  }

  private func inline(
    _ function: ONNXFunction, _ node: ONNXNode, _ inputs: [Operand?]
  ) throws -> [Operand?] {
    let scope = ONNXScope(opsets: function.opsetImport.byDomain)
    for (name, operand) in zip(function.input, inputs) {
      if let operand { scope.define(name, operand) }
    }
    let left =
      function.input.dropFirst(inputs.count)
      + zip(function.input, inputs).filter { $1 == nil }.map(\.0)
    let nodes = function.body(for: node).map { $0.withoutInputs(Set(left)) }
    try lower(nodes, for: function.output, in: scope)
    return try function.output.map { try operand($0, in: scope) }
  }
}

extension [ONNXNode] {
  /// The number of nodes, with those of their graphs; counting ends at a limit.
  fileprivate func nestedCount(upTo limit: Int) -> Int {
    var count = self.count
    for node in self {
      for attribute in node.attribute {
        for graph in (attribute.hasG ? [attribute.g] : []) + attribute.graphs {
          guard count < limit else { return count }
          count += 1 + graph.node.nestedCount(upTo: limit - count)
        }
      }
    }
    return count
  }
}

extension ONNXNode {
  /// The node as errors name it: "node 'conv1' (Conv, opset 13)".
  func place(opset: Int) -> String {
    let title = name.isEmpty ? output.first.map { "that makes '\($0)'" } ?? "" : "'\(name)'"
    let kind = domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)"
    return "node \(title) (\(kind), opset \(opset))"
  }

  fileprivate func unavailable(_ name: String) -> ONNXScope.Entry {
    .unavailable("uses '\(name)', an output of \(opType) that Assay does not compute")
  }

  /// The node with some of its inputs left out.
  fileprivate func withoutInputs(_ names: Set<String>) -> ONNXNode {
    guard !names.isEmpty, input.contains(where: names.contains) else { return self }
    var result = self
    result.input = input.map { names.contains($0) ? "" : $0 }
    return result
  }
}

/// A value that must be known before the model runs, and where.
///
/// Importing begins again with the inputs that it follows from fixed, if a caller gave their values.
struct ONNXUnknownValue: Error {
  let value: Int
  let fact: InterchangeError.Fact

  init?(_ error: NodeError, node: String) {
    guard let value = error.unknownValue else { return nil }
    self.value = value
    fact = .node(node, reason: error.reason)
  }
}
