import Yams

extension ProtectedColumn {
  init(_ node: Node, path: String) throws {
    if let name = node.scalar?.string {
      self.init(name: name)
      return
    }
    let fields = try SchemaNode(node, path: path, known: ["name", "column", "groups", "bins"])
    self.init(name: try fields.required("name"), column: try fields.string("column"))
    try readGroups(fields)
    try readBins(fields)
  }

  private mutating func readGroups(_ fields: SchemaNode) throws {
    if let node = fields.node("groups") {
      for (key, values) in node.mapping ?? [:] {
        guard let name = key.scalar?.string, let items = values.sequence else {
          throw fields.wrong("groups", "a mapping from a group to its values", node)
        }
        groups[name] = try items.map { item in
          guard let text = item.scalar?.string else {
            throw fields.wrong("groups", "a mapping from a group to its values", item)
          }
          return text
        }
      }
      if let twice = firstDuplicate(groups.values.flatMap(\.self).sorted()) {
        throw fields.error(.duplicateName(twice))
      }
    }
  }

  private mutating func readBins(_ fields: SchemaNode) throws {
    if let node = fields.node("bins") {
      bins = try fields.nodes("bins")?.map { $0.float ?? .nan } ?? []
      guard !bins.isEmpty, zip(bins, bins.dropFirst()).allSatisfy({ $0 < $1 }),
        bins.allSatisfy(\.isFinite)
      else { throw fields.wrong("bins", "ascending numbers", node) }
    }
  }
}
