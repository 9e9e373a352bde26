/// The nodes that some values depend on, each after those that it needs.
struct ONNXOrder {
  private(set) var nodes: [Int] = []

  private enum Mark { case open, done }

  /// - Parameters:
  ///   - nodes: The nodes, in any order.
  ///   - outputs: The values that are wanted.
  ///   - isKnown: Whether a value exists already.
  /// - Throws: `InterchangeError.Fact` if a value is made twice, never, or from itself.
  init(_ nodes: [ONNXNode], for outputs: [String], isKnown: (String) -> Bool) throws {
    var makers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.output where !name.isEmpty {
        guard makers.updateValue(index, forKey: name) == nil else {
          throw Self.damaged("two nodes make the value '\(name)'")
        }
      }
    }
    var marks = [Mark?](repeating: nil, count: nodes.count)
    // A stack of its own: a chain of nodes may be longer than the program's stack is deep.
    var stack: [(node: Int, needs: [String])] = []
    func open(_ name: String) throws {
      guard let maker = makers[name] else {
        if isKnown(name) { return }
        throw Self.damaged("nothing makes the value '\(name)'")
      }
      switch marks[maker] {
      case .done: return
      case .open: throw Self.damaged("the value '\(name)' depends on itself")
      case nil:
        marks[maker] = .open
        stack.append((maker, nodes[maker].needs(isMade: { makers[$0] != nil })))
      }
    }
    for output in outputs {
      try open(output)
      while let top = stack.last {
        if let next = top.needs.last {
          stack[stack.count - 1].needs.removeLast()
          try open(next)
        } else {
          stack.removeLast()
          marks[top.node] = .done
          self.nodes.append(top.node)
        }
      }
    }
  }

  private static func damaged(_ reason: String) -> InterchangeError.Fact {
    .damaged(format: "ONNX", reason)
  }
}

extension ONNXNode {
  /// The values that the node reads, in the reverse of the order in which they should be made:
  /// its inputs, and what its subgraphs take from outside.
  fileprivate func needs(isMade: (String) -> Bool) -> [String] {
    var result = input.filter { !$0.isEmpty }
    for attribute in attribute {
      for graph in [attribute.g] + attribute.graphs where attribute.hasG || !graph.node.isEmpty {
        result += graph.outerNames.filter(isMade)
      }
    }
    return result.reversed()
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
