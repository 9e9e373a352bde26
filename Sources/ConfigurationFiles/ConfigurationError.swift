/// What is wrong in a YAML file that a user wrote.
public struct ConfigurationError: Error, Hashable, Sendable {
  public enum Fact: Hashable, Sendable {
    case unreadable(reason: String)
    case notYAML(String)
    case unknownKey(String, known: [String])
    case unknownName(String, known: [String])
    case repeatedKey(String)
    case missingKey(String)
    case wrongValue(expected: String, got: String)
    case invalid(String)
  }

  public var place: ConfigurationPlace
  public var fact: Fact

  public init(place: ConfigurationPlace, _ fact: Fact) {
    self.place = place
    self.fact = fact
  }
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    let line = place.line > 0 ? ":\(place.line):\(place.column)" : ""
    return "\(place.file)\(line): \(fact)"
  }
}

extension ConfigurationError.Fact: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let reason): "cannot be read: \(reason)"
    case .notYAML(let reason): "is not valid YAML: \(reason)"
    case .unknownKey(let key, let known):
      "unknown key '\(key)'\(Suggestion.text(for: key, among: known))"
    case .unknownName(let name, let known):
      "unknown name '\(name)'\(Suggestion.text(for: name, among: known))"
    case .repeatedKey(let key): "the key '\(key)' appears twice"
    case .missingKey(let key): "the key '\(key)' is missing"
    case .wrongValue(let expected, let got): "expected \(expected), got \(got)"
    case .invalid(let reason): reason
    }
  }
}
