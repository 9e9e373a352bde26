/// What a description of a network is made of: JSON.
enum KerasValue: Hashable, Sendable, Decodable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([KerasValue])
  case object([String: KerasValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([KerasValue].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: KerasValue].self))
    }
  }

  subscript(name: String) -> KerasValue? {
    guard case .object(let members) = self, let value = members[name], value != .null else {
      return nil
    }
    return value
  }

  var text: String? { if case .text(let text) = self { text } else { nil } }
  var list: [KerasValue]? { if case .list(let list) = self { list } else { nil } }
  var object: [String: KerasValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// A number, which may be wrapped as an array of NumPy.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .flag(let flag): flag ? 1 : 0
    case .object: self["value"]?.number
    default: nil
    }
  }

  /// A whole number that is small enough to compute with.
  var integer: Int? {
    guard let number, abs(number) <= Double(KerasValue.largestInteger) else { return nil }
    return Int(exactly: number)
  }

  /// The largest size, stride or padding.
  static let largestInteger = 1 << 30
}
