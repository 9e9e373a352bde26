/// The value of a setting, as a suite or a command line states it.
public enum SettingValue: Hashable, Sendable, Codable, CustomStringConvertible {
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else {
      self = .string(try container.decode(String.self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    }
  }

  public var description: String {
    switch self {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .string(let value): "'\(value)'"
    }
  }

  /// The value without quotes: for tables of parameters.
  public var text: String {
    if case .string(let value) = self { return value }
    return description
  }

  /// The value that a word of a command line or a YAML scalar stands for.
  public init(word: String) {
    switch word {
    case "true", "yes": self = .bool(true)
    case "false", "no": self = .bool(false)
    default:
      if let value = Int(word) {
        self = .int(value)
      } else if let value = Double(word) {
        self = .double(value)
      } else {
        self = .string(word)
      }
    }
  }

  /// What a setting of a type is called in messages.
  package static func words(for type: any Any.Type) -> String {
    if type == Bool.self { return "true or false" }
    if type == Int.self { return "a whole number" }
    if type == Double.self { return "a number" }
    return "text"
  }
}

extension SettingValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(value) }
}
