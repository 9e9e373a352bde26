/// The operators of a model, those of its subgraphs and functions included.
struct ONNXCensus {
  private(set) var counts: [String: Int] = [:]
  private let file: ONNXFile

  init(_ file: ONNXFile) {
    self.file = file
    count(file.model.graph.node)
    for function in file.model.functions { count(function.node) }
  }

  private mutating func count(_ nodes: [ONNXNode]) {
    for node in nodes {
      counts[node.label, default: 0] += 1
      for attribute in node.attribute {
        if attribute.hasG { count(attribute.g.node) }
        for graph in attribute.graphs { count(graph.node) }
      }
    }
  }

  /// Checks that every operator which the wanted outputs depend on is known.
  ///
  /// - Throws: `InterchangeError.Fact` that names all of the others.
  func checkSupport(_ request: NetworkRequest) throws {
    var missing: [String: [String]] = [:]
    let outputs = request.outputs ?? file.model.graph.output.map(\.name)
    let graph = file.model.graph
    let known = Set(graph.input.map(\.name)).union(file.initializers.keys)
    let declared = Set(graph.output.map(\.name))
    let order = try ONNXOrder(
      graph.node, for: outputs.filter(declared.contains),
      isKnown: known.contains)
    var seen: Set<ONNXFunctionKey> = []
    check(order.nodes.map { graph.node[$0] }, file.model.opsetImport.byDomain, &missing, &seen)
    guard !missing.isEmpty else { return }
    throw InterchangeError.Fact.unsupported(
      format: "ONNX",
      missing.sorted { $0.key < $1.key }.map { label, nodes in
        let shown = nodes.prefix(3).joined(separator: ", ") + (nodes.count > 3 ? ", …" : "")
        return "\(label) at \(nodes.count == 1 ? "node" : "nodes") \(shown)"
      } + ["export the model without them, or choose an output before them with --output"])
  }

  private func check(
    _ nodes: [ONNXNode], _ opsets: [String: Int], _ missing: inout [String: [String]],
    _ seen: inout Set<ONNXFunctionKey>
  ) {
    for node in nodes {
      let opset = opsets[node.domain == "ai.onnx" ? "" : node.domain] ?? 1
      for attribute in node.attribute where attribute.hasG {
        check(attribute.g.node, opsets, &missing, &seen)
      }
      guard ONNXRegistry.standard.lowering(of: node, opset: opset) == nil else { continue }
      let key = ONNXFunctionKey(node)
      if let function = file.functions[key] {
        guard seen.insert(key).inserted else { continue }
        check(function.node, function.opsetImport.byDomain, &missing, &seen)
      } else {
        let name = node.name.isEmpty ? node.output.first ?? "" : node.name
        missing["\(node.label) (opset \(opset))", default: []].append("'\(name)'")
      }
    }
  }
}

extension ONNXNode {
  /// The operator's name, with its domain where that is not the standard's.
  var label: String { domain.isEmpty || domain == "ai.onnx" ? opType : "\(domain).\(opType)" }
}
