/// The nodes that some values depend on, each after those that it needs.
struct ONNXOrder {
  let nodes: [Int]

  /// - Parameters:
  ///   - nodes: The nodes, in any order.
  ///   - outputs: The values that are wanted.
  ///   - isKnown: Whether a value exists already.
  /// - Throws: `InterchangeError.Fact` if a value is made twice, never, or from itself.
  init(_ nodes: [ONNXNode], for outputs: [String], isKnown: (String) -> Bool) throws {
    self.nodes = try NodeOrder(
      makes: nodes.map(\.output), needs: { nodes[$0].needs(isMade: $1) }, for: outputs,
      format: "ONNX", isKnown: isKnown
    ).nodes
  }
}

extension ONNXNode {
  /// The values that the node reads: its inputs, and what its subgraphs take from outside.
  fileprivate func needs(isMade: (String) -> Bool) -> [String] {
    var result = input.filter { !$0.isEmpty }
    for attribute in attribute {
      for graph in [attribute.g] + attribute.graphs where attribute.hasG || !graph.node.isEmpty {
        result += graph.outerNames.filter(isMade)
      }
    }
    return result
  }
}

extension ONNXGraph {
  /// The names that the graph, or one within it, reads: its own values may be among them.
  var outerNames: [String] {
    var result = output.map(\.name)
    for node in node {
      result += node.input.filter { !$0.isEmpty }
      for attribute in node.attribute {
        if attribute.hasG { result += attribute.g.outerNames }
        for graph in attribute.graphs { result += graph.outerNames }
      }
    }
    return result
  }
}
