import ConfigurationFiles

extension ProtectedColumn {
  init(_ node: ConfigurationNode) throws {
    if case .scalar(let name, _) = node.content {
      self.init(name: name)
      return
    }
    let fields = try node.mapping(keys: ["name", "column", "groups", "bins"])
    self.init(
      name: try fields.required("name").string(), column: try fields.string("column"))
    try readGroups(fields)
    try readBins(fields)
  }

  private mutating func readGroups(_ fields: ConfigurationMapping) throws {
    guard let node = fields["groups"] else { return }
    guard case .mapping(let entries) = node.content else {
      throw node.expected("a mapping from a group to its values")
    }
    for entry in entries {
      groups[try entry.key.string()] = try entry.value.items.map { try $0.string() }
    }
    try fields.rejectDuplicates("groups", groups.values.flatMap(\.self).sorted())
  }

  private mutating func readBins(_ fields: ConfigurationMapping) throws {
    guard let node = fields["bins"] else { return }
    bins = try node.items.map { try $0.number() }
    guard !bins.isEmpty, zip(bins, bins.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw node.expected("ascending numbers")
    }
  }
}
