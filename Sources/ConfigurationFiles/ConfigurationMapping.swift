/// A mapping of a YAML file all of whose keys are known; in them an underscore counts as a hyphen.
public struct ConfigurationMapping: Sendable {
  package let node: ConfigurationNode
  private let entries: [String: ConfigurationNode]

  fileprivate init(_ node: ConfigurationNode, keys: [String]) throws {
    guard case .mapping(let list) = node.content else {
      throw node.expected("a mapping with keys such as '\(keys.first ?? "")'")
    }
    var entries: [String: ConfigurationNode] = [:]
    for entry in list {
      let name = try entry.key.string().spelt(as: keys)
      guard keys.contains(name) else { throw entry.key.error(.unknownKey(name, known: keys)) }
      guard entries.updateValue(entry.value, forKey: name) == nil else {
        throw entry.key.error(.repeatedKey(name))
      }
    }
    self.node = node
    self.entries = entries
  }

  /// The value of a key, nil where it is missing or null.
  package subscript(key: String) -> ConfigurationNode? {
    entries[key].flatMap { $0.isNull ? nil : $0 }
  }

  /// An error about a key's value, or about the whole mapping where the key is missing.
  package func error(_ key: String, _ fact: ConfigurationError.Fact) -> ConfigurationError {
    (self[key] ?? node).error(fact)
  }

  /// An error saying what was expected as a key's value.
  package func expected(_ key: String, _ expected: String) -> ConfigurationError {
    (self[key] ?? node).expected(expected)
  }

  package func required(_ key: String) throws -> ConfigurationNode {
    guard let value = self[key] else { throw node.error(.missingKey(key)) }
    return value
  }

  package func integer(
    _ key: String, in range: some RangeExpression<Int> = Int.min...
  ) throws -> Int? { try self[key]?.integer(in: range) }

  package func number(
    _ key: String, in range: some RangeExpression<Double> = (-Double.infinity)...
  ) throws -> Double? { try self[key]?.number(in: range) }

  package func boolean(_ key: String) throws -> Bool? { try self[key]?.boolean() }

  package func string(_ key: String) throws -> String? { try self[key]?.string() }

  /// The texts of a list; a single text is a list of one.
  package func strings(_ key: String) throws -> [String]? {
    try self[key]?.items.map { try $0.string() }
  }

  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: Choice.Type
  ) throws -> Choice? { try self[key]?.choice(of: type) }
}

extension ConfigurationNode {
  /// The value as a mapping that has none but the given keys.
  ///
  /// - Throws: `ConfigurationError` naming the first key that is not among them.
  package func mapping(keys: [String]) throws -> ConfigurationMapping {
    try ConfigurationMapping(self, keys: keys)
  }

  /// A name with settings: `relu`, `dropout: 0.5`, `dense: {units: 10}`.
  package func named() throws -> (name: ConfigurationNode, settings: ConfigurationNode) {
    switch content {
    case .scalar: return (self, ConfigurationNode(.null, at: place))
    case .mapping(let entries) where entries.count == 1: return (entries[0].key, entries[0].value)
    default: throw expected("a name, or one name with its settings")
    }
  }
}

extension String {
  /// The name among those known that differs in underscores and hyphens at most; else the text itself.
  func spelt(as known: [String]) -> String {
    guard !known.contains(self) else { return self }
    let name = replacing("_", with: "-")
    return known.contains(name) ? name : self
  }
}
