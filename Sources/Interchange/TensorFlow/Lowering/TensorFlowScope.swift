/// The nodes of a graph or of a function's body, with the values that are made of them.
final class TensorFlowScope {
  let nodes: [TensorFlowNodeDef]
  private let operators: [String: String]
  private var values: [String: [TensorFlowOperand]] = [:]

  init(_ nodes: [TensorFlowNodeDef]) {
    self.nodes = nodes
    operators = Dictionary(
      nodes.map { ($0.name, $0.op) }, uniquingKeysWith: { first, _ in first })
  }

  func define(_ name: String, _ operands: [TensorFlowOperand]) { values[name] = operands }

  func isKnown(_ name: String) -> Bool { values[name] != nil }

  /// The nodes that some values depend on, each after those that it needs.
  ///
  /// - Throws: `InterchangeError.Fact` if a value is made twice, never, or from itself.
  func order(for outputs: [String]) throws -> [Int] {
    try NodeOrder(
      makes: nodes.map { [$0.name] },
      needs: { index, _ in self.needs(self.nodes[index]) },
      for: outputs.map { TensorFlowReference($0).node }, format: "TensorFlow",
      isKnown: { self.isKnown($0) }
    ).nodes
  }

  /// A node whose values are known already needs nothing.
  private func needs(_ node: TensorFlowNodeDef) -> [String] {
    isKnown(node.name) ? [] : node.dataInputs.map { TensorFlowReference($0).node }
  }

  /// The value that a name refers to.
  ///
  /// - Throws: `NodeError` if there is none.
  func operand(_ text: String) throws -> TensorFlowOperand {
    let reference = TensorFlowReference(text)
    guard let made = values[reference.node] else {
      throw NodeError(reason: "uses '\(reference.node)', which nothing makes")
    }
    let names = operators[reference.node].flatMap { TensorFlowRegistry.operators[$0]?.outputs }
    let start = reference.output.flatMap { names?.firstIndex(of: $0) } ?? 0
    guard reference.index >= 0, reference.index < made.count - start else {
      throw NodeError(reason: "uses '\(text)', which does not exist")
    }
    return made[start + reference.index]
  }
}

extension TensorFlowNodeDef {
  /// The inputs that are values; the others only say what runs first.
  var dataInputs: [String] { input.filter { !$0.hasPrefix("^") } }

  /// The node as errors name it: "node 'dense/MatMul' (MatMul)".
  var place: String { "node '\(name)' (\(op))" }
}

extension TensorFlowFunctionDef {
  /// The function's nodes, with the attributes of a call in the places that refer to them.
  func body(_ given: [String: TensorFlowAttrValue]) -> [TensorFlowNodeDef] {
    nodeDef.map { node in
      guard node.attr.values.contains(where: { !$0.placeholder.isEmpty }) else { return node }
      var node = node
      for (name, value) in node.attr where !value.placeholder.isEmpty {
        node.attr[name] = given[value.placeholder]
      }
      return node
    }
  }
}
