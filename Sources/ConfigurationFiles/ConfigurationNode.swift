/// A value in a YAML file that knows where it stands, so that errors name file, line and column.
public struct ConfigurationNode: Sendable, Hashable {
  package enum Content: Sendable, Hashable {
    case null
    /// A scalar as it is written; only an unquoted one can be a number or a truth value.
    case scalar(String, isQuoted: Bool)
    case list([ConfigurationNode])
    case mapping([Entry])
  }

  package struct Entry: Sendable, Hashable {
    package let key: ConfigurationNode
    package let value: ConfigurationNode
  }

  package let content: Content
  package let place: ConfigurationPlace

  package init(_ content: Content, at place: ConfigurationPlace) {
    self.content = content
    self.place = place
  }

  /// An error about this value.
  package func error(_ fact: ConfigurationError.Fact) -> ConfigurationError {
    ConfigurationError(place: place, fact)
  }

  /// An error saying what was expected in place of this value.
  package func expected(_ expected: String) -> ConfigurationError {
    error(.wrongValue(expected: expected, got: text))
  }

  /// The value as a reader of an error message should see it.
  package var text: String {
    switch content {
    case .null: "nothing"
    case .scalar(let text, _): "'\(text)'"
    case .list(let items): "a list of \(items.count)"
    case .mapping(let entries): "a mapping of \(entries.count) keys"
    }
  }

  package var isNull: Bool { content == .null }
}

/// Where a value stands.
public struct ConfigurationPlace: Sendable, Hashable {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}
