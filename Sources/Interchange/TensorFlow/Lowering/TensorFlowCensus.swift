/// The operators of a graph, those of its functions included.
struct TensorFlowCensus {
  private let file: TensorFlowFile
  private var missing: [String: [String]] = [:]
  private var seen: Set<String> = []

  init(_ file: TensorFlowFile) { self.file = file }

  static func counts(_ file: TensorFlowFile) -> [String: Int] {
    let nodes = file.nodes + file.functions.values.flatMap(\.nodeDef)
    return nodes.reduce(into: [:]) { $0[$1.op, default: 0] += 1 }
  }

  /// Checks that every operator which some values depend on is known.
  ///
  /// - Throws: `InterchangeError.Fact` that names all of the others.
  mutating func checkSupport(of outputs: [String], known: Set<String>) throws {
    try check(TensorFlowScope(file.nodes, known: known), outputs)
    guard !missing.isEmpty else { return }
    throw InterchangeError.Fact.unsupported(
      format: "TensorFlow",
      missing.sorted { $0.key < $1.key }.map { op, nodes in
        let shown = Array(nodes.prefix(3)).list + (nodes.count > 3 ? ", …" : "")
        return "\(op) at \(nodes.count == 1 ? "node" : "nodes") \(shown)"
      })
  }

  private mutating func check(_ scope: TensorFlowScope, _ outputs: [String]) throws {
    for index in try scope.order(for: outputs) where !scope.isKnown(scope.nodes[index].name) {
      let node = scope.nodes[index]
      for attribute in node.attr.values where !attribute.func.name.isEmpty {
        try check(function: attribute.func.name)
      }
      if TensorFlowRegistry.operators[node.op] != nil { continue }
      if file.functions[node.op] != nil {
        try check(function: node.op)
      } else {
        missing[node.op, default: []].append(node.name)
      }
    }
  }

  private mutating func check(function name: String) throws {
    guard let definition = file.functions[name], seen.insert(name).inserted else { return }
    let scope = TensorFlowScope(
      definition.nodeDef, known: Set(definition.signature.inputArg.map(\.name)))
    try check(scope, definition.signature.outputArg.compactMap { definition.ret[$0.name] })
  }
}

extension TensorFlowScope {
  /// A scope in which some values exist, whatever they are.
  fileprivate convenience init(_ nodes: [TensorFlowNodeDef], known: Set<String>) {
    self.init(nodes)
    for name in known { define(name, []) }
  }
}
