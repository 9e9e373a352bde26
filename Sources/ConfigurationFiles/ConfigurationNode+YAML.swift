import Foundation
import Yams

extension ConfigurationNode {
  /// Reads a YAML file.
  ///
  /// - Throws: `ConfigurationError` if it cannot be read or is not YAML.
  public init(file: String) throws {
    let start = ConfigurationPlace(file: file, line: 0, column: 0)
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw ConfigurationError(
        place: start,
        .unreadable(
          reason: FileManager.default.fileExists(atPath: file)
            ? "no permission, or not a file" : "there is no such file"))
    }
    guard let text = String(data: bytes, encoding: .utf8) else {
      throw ConfigurationError(place: start, .unreadable(reason: "it is not UTF-8 text"))
    }
    try self.init(yaml: text, file: file)
  }

  /// Reads YAML text; `file` is what errors name.
  ///
  /// - Throws: `ConfigurationError` if it is not YAML.
  public init(yaml: String, file: String) throws {
    let start = ConfigurationPlace(file: file, line: 1, column: 1)
    do {
      guard let root = try compose(yaml: yaml) else {
        self.init(.null, at: start)
        return
      }
      var room = Self.largestSize
      guard root.fits(&room) else {
        throw ConfigurationError(
          place: start,
          .invalid("it holds more than \(Self.largestSize) values, aliases written out; use fewer"))
      }
      self.init(root, file: file, parent: start)
    } catch let error as YamlError {
      throw Self.failure(error, in: file)
    }
  }

  /// No configuration has so many values; a few aliases of aliases would have more than memory holds.
  private static let largestSize = 200_000

  private init(_ node: Node, file: String, parent: ConfigurationPlace) {
    let place =
      node.mark.map { ConfigurationPlace(file: file, line: $0.line, column: $0.column) } ?? parent
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let isNull = isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      self.init(isNull ? .null : .scalar(scalar.string, isQuoted: !isPlain), at: place)
    case .sequence(let items):
      self.init(
        .list(items.map { ConfigurationNode($0, file: file, parent: place) }), at: place)
    case .mapping(let mapping):
      self.init(
        .mapping(
          mapping.map {
            Entry(
              key: ConfigurationNode($0.key, file: file, parent: place),
              value: ConfigurationNode($0.value, file: file, parent: place))
          }), at: place)
    case .alias:
      // Composing resolves aliases; one that is left has no anchor.
      self.init(.null, at: place)
    }
  }

  private static func failure(_ error: YamlError, in file: String) -> ConfigurationError {
    var place = ConfigurationPlace(file: file, line: 0, column: 0)
    var reason = "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (place.line, place.column) = (mark.line, mark.column)
      reason = problem
    default: break
    }
    return ConfigurationError(place: place, .notYAML(reason))
  }
}

extension ConfigurationNode {
  /// The value as JSON, keys sorted: what a record of a run keeps.
  package var json: String {
    switch content {
    case .null: return "null"
    case .scalar(let text, let isQuoted):
      let isBare = !isQuoted && (text == "true" || text == "false" || Self.isJSONNumber(text))
      return isBare ? text : Self.quoted(text)
    case .list(let items): return "[\(items.map(\.json).joined(separator: ","))]"
    case .mapping(let entries):
      let pairs = entries.map { entry in
        let key = (try? entry.key.string()) ?? entry.key.text
        return "\(Self.quoted(key)):\(entry.value.json)"
      }
      return "{\(pairs.sorted().joined(separator: ","))}"
    }
  }

  private static func isJSONNumber(_ text: String) -> Bool {
    text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let code = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension Node {
  /// Whether the node has no more values than there is room for, and takes their room.
  fileprivate func fits(_ room: inout Int) -> Bool {
    room -= 1
    guard room >= 0 else { return false }
    return switch self {
    case .scalar, .alias: true
    case .sequence(let items): items.allSatisfy { $0.fits(&room) }
    case .mapping(let mapping): mapping.allSatisfy { $0.key.fits(&room) && $0.value.fits(&room) }
    }
  }
}
