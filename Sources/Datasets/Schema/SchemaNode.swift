import Yams

/// A mapping in a YAML file that knows where it stands, so that errors name file and line.
struct SchemaNode {
  private let path: String
  private let mapping: Node.Mapping
  private let line: Int?

  /// - Throws: `DatasetError` unless the node is a mapping whose keys are all known.
  init(_ node: Node, path: String, known: [String]) throws {
    guard let mapping = node.mapping else {
      throw DatasetError(
        path: path, line: node.mark?.line,
        .wrongValue(key: known.first ?? "", expected: "in a mapping", got: Self.text(of: node)))
    }
    self.path = path
    self.mapping = mapping
    line = node.mark?.line
    for (key, _) in mapping {
      let name = key.string ?? Self.text(of: key)
      guard known.contains(name) else {
        throw DatasetError(path: path, line: key.mark?.line, .unknownKey(name, known: known))
      }
    }
  }

  /// Parses a file into its root mapping.
  static func root(path: String, text: String, known: [String]) throws -> SchemaNode {
    let node: Node?
    do {
      node = try compose(yaml: text)
    } catch let error as YamlError {
      let lines = "\(error)".split(separator: "\n").prefix(1).joined()
      throw DatasetError(path: path, .badYAML(lines))
    }
    guard let node else { throw DatasetError(path: path, .emptyFile) }
    return try SchemaNode(node, path: path, known: known)
  }

  func node(_ key: String) -> Node? {
    guard let node = mapping[Node(key)] else { return nil }
    return node.null == nil ? node : nil
  }

  func has(_ key: String) -> Bool { node(key) != nil }

  func error(_ fact: DatasetError.Fact) -> DatasetError {
    DatasetError(path: path, line: line, fact)
  }

  func wrong(_ key: String, _ expected: String, _ node: Node) -> DatasetError {
    DatasetError(
      path: path, line: node.mark?.line,
      .wrongValue(key: key, expected: expected, got: Self.text(of: node)))
  }

  /// The text of a scalar, quoted or not.
  func string(_ key: String) throws -> String? {
    guard let node = node(key) else { return nil }
    guard let text = node.scalar?.string else { throw wrong(key, "a text", node) }
    return text
  }

  func required(_ key: String) throws -> String {
    guard let text = try string(key) else { throw error(.missingKey(key)) }
    return text
  }

  func bool(_ key: String) throws -> Bool? {
    guard let node = node(key) else { return nil }
    guard let value = node.bool else { throw wrong(key, "true or false", node) }
    return value
  }

  func number(_ key: String) throws -> Double? {
    guard let node = node(key) else { return nil }
    guard let value = node.float, value.isFinite else { throw wrong(key, "a number", node) }
    return value
  }

  func strings(_ key: String) throws -> [String]? {
    guard let node = node(key) else { return nil }
    return try nodes(key)?.map { item in
      guard let text = item.scalar?.string else { throw wrong(key, "a list of texts", node) }
      return text
    }
  }

  /// The items of a list.
  func nodes(_ key: String) throws -> [Node]? {
    guard let node = node(key) else { return nil }
    guard let items = node.sequence else { throw wrong(key, "a list", node) }
    return Array(items)
  }

  /// One of the cases of an enumeration, by its name.
  func choice<Choice>(_ key: String, of type: Choice.Type) throws -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let node = node(key) else { return nil }
    guard let choice = try Choice(rawValue: string(key) ?? "") else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrong(key, "one of \(names)", node)
    }
    return choice
  }

  static func text(of node: Node) -> String {
    switch node {
    case .scalar(let scalar): "'\(scalar.string)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }
}
