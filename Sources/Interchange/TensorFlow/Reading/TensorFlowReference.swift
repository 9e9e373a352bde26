/// The value that an input of a node names.
///
///     graph:     "node", "node:1", "^node" (a control input, which orders nodes and gives no value)
///     function:  "argument", "node:output_name:0"
struct TensorFlowReference: Hashable {
  let node: String
  /// The name of the output within a function; nil in a graph.
  let output: String?
  let index: Int
  let isControl: Bool

  init(_ text: String) {
    isControl = text.hasPrefix("^")
    let parts = text.drop { $0 == "^" }.split(separator: ":", omittingEmptySubsequences: false)
    node = parts.first.map(String.init) ?? ""
    output = parts.count > 2 ? String(parts[1]) : nil
    index = parts.count > 1 ? Int(parts[parts.count - 1]) ?? 0 : 0
  }
}
