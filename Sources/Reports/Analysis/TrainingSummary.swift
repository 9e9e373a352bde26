import Audits
import Foundation

/// What a training record says, as short entries for a table.
///
/// A record of the trainer names configuration, samples, history and split; of any other JSON object
/// the simple entries are shown.
struct TrainingSummary {
  let entries: [NamedValue]

  init(_ record: String) {
    guard let root = try? JSONDecoder().decode(JSONValue.self, from: Data(record.utf8)) else {
      entries = []
      return
    }
    entries =
      root["configuration"].map { Self.entries(of: root, configuration: $0) }
      ?? Self.simpleEntries(of: root)
  }

  private static func entries(of root: JSONValue, configuration: JSONValue) -> [NamedValue] {
    var entries: [NamedValue] = []
    func add(_ name: String, _ value: String?) {
      if let value { entries.append(NamedValue(name, value)) }
    }
    add("layers", configuration["network"].map(layers))
    add("loss", configuration["loss"]?.name)
    let rate = configuration["learningRate"]?.text.map { ", learning rate \($0)" } ?? ""
    let schedule = configuration["schedule"]?.name.map { ", \($0)" } ?? ""
    add("optimizer", configuration["optimizer"]?.name.map { $0 + rate + schedule })
    let batch = configuration["batchSize"]?.text.map { " of batches of \($0)" } ?? ""
    add("epochs", configuration["epochs"]?.text.map { $0 + batch })
    add("adversarial training", configuration["adversarial"].map(adversarial))
    add("trained on", root["trainingSamples"]?.text.map { "\($0) samples" })
    add("kept for tests", root["split"]?["testFraction"]?.number.map { NumberText.percent($0) })
    let last = root["history"]?.items.last
    add("last training accuracy", last?["accuracy"]?.number.map { NumberText.percent($0) })
    return entries
  }

  /// The kinds of the layers in order; a run of one kind is written once.
  private static func layers(_ network: JSONValue) -> String {
    network.items.compactMap { layer in
      layer["activation"]?["function"]?.text ?? layer.name
    }.joined(separator: ", ")
  }

  private static func adversarial(_ settings: JSONValue) -> String {
    let parts = [
      settings["method"]?.text, settings["norm"]?.text,
      settings["epsilon"]?.text.map { "ε \($0)" },
      settings["epsilonScale"]?.text.flatMap { $0 == "unit" ? nil : "of each \($0)" },
      settings["steps"]?.text.map { "\($0) steps" },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  private static func simpleEntries(of root: JSONValue) -> [NamedValue] {
    guard case .object(let members) = root else { return [] }
    return members.sorted { $0.key < $1.key }.prefix(8).compactMap { key, value in
      value.text.map { NamedValue(key.replacing("_", with: " "), $0) }
    }
  }
}

/// A JSON value whose truth values and numbers are told apart.
private enum JSONValue: Decodable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var items: [JSONValue] {
    guard case .array(let items) = self else { return [] }
    return items
  }

  var number: Double? {
    guard case .number(let value) = self else { return nil }
    return value
  }

  /// A simple value in words.
  var text: String? {
    switch self {
    case .bool(let value): value ? "yes" : "no"
    case .number(let value): NumberText.plain(value)
    case .string(let value): value
    case .null, .array, .object: nil
    }
  }

  /// A name, alone or as the only key of its settings.
  var name: String? {
    guard case .object(let members) = self else { return text }
    return members.count == 1 ? members.keys.first : nil
  }
}
