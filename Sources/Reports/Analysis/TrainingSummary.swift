import Audits
import Foundation

/// What a training record says, as short entries for a table.
///
/// A record of the trainer names configuration, samples, history and split; of any other JSON object
/// the simple entries are shown.
struct TrainingSummary {
  let entries: [NamedValue]

  init(_ record: String, _ words: Words) {
    guard let root = try? JSONDecoder().decode(JSONValue.self, from: Data(record.utf8)) else {
      entries = []
      return
    }
    entries =
      root["configuration"].map { Self.entries(of: root, configuration: $0, words) }
      ?? Self.simpleEntries(of: root, words)
  }

  private static func entries(
    of root: JSONValue, configuration: JSONValue, _ words: Words
  ) -> [NamedValue] {
    var entries: [NamedValue] = []
    func add(_ key: String, _ value: String?) {
      if let value { entries.append(NamedValue(words("training.\(key)"), value)) }
    }
    add("layers", configuration["network"].map(layers))
    add("loss", configuration["loss"]?.name)
    add("optimizer", optimizer(configuration, words))
    add("epochs", epochs(configuration, words))
    add("adversarial", configuration["adversarial"].map { adversarial($0, words) })
    add(
      "samples",
      root["trainingSamples"]?.text(words).map { words("training.sampleCount", ["count": $0]) })
    add("kept", root["split"]?["testFraction"]?.number.map { NumberText.percent($0) })
    let last = root["history"]?.items.last
    // Adversarial training counts the answers to the inputs that it has attacked.
    add(
      configuration["adversarial"] == nil ? "accuracy" : "accuracyAttacked",
      last?["accuracy"]?.number.map { NumberText.percent($0) })
    return entries
  }

  private static func optimizer(_ configuration: JSONValue, _ words: Words) -> String? {
    guard let name = configuration["optimizer"]?.name else { return nil }
    let rate = configuration["learningRate"]?.text(words).map {
      words("training.learningRate", ["rate": $0])
    }
    return [name, rate, configuration["schedule"]?.name].compactMap(\.self).joined(separator: ", ")
  }

  private static func epochs(_ configuration: JSONValue, _ words: Words) -> String? {
    guard let count = configuration["epochs"]?.text(words) else { return nil }
    guard let size = configuration["batchSize"]?.text(words) else { return count }
    return words("training.batches", ["epochs": count, "size": size])
  }

  /// The kinds of the layers in order; a run of one kind is written once.
  private static func layers(_ network: JSONValue) -> String {
    network.items.compactMap { layer in
      layer["activation"]?["function"]?.string ?? layer.name
    }.joined(separator: ", ")
  }

  private static func adversarial(_ settings: JSONValue, _ words: Words) -> String {
    let parts = [
      settings["method"]?.string, settings["norm"]?.string,
      settings["epsilon"]?.text(words).map { "ε \($0)" },
      settings["epsilonScale"]?.string.flatMap {
        $0 == "unit" ? nil : words("training.scale", ["scale": $0])
      },
      settings["steps"]?.text(words).map { words("caption.steps", ["steps": $0]) },
    ]
    return parts.compactMap(\.self).joined(separator: ", ")
  }

  private static func simpleEntries(of root: JSONValue, _ words: Words) -> [NamedValue] {
    guard case .object(let members) = root else { return [] }
    return members.sorted { $0.key < $1.key }.prefix(8).compactMap { key, value in
      value.text(words).map { NamedValue(key.replacing("_", with: " "), $0) }
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

  var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// A simple value in words.
  func text(_ words: Words) -> String? {
    switch self {
    case .bool(let value): words(value ? "training.yes" : "training.no")
    case .number(let value): NumberText.plain(value)
    case .string(let value): value
    case .null, .array, .object: nil
    }
  }

  /// A name, alone or as the only key of its settings.
  var name: String? {
    guard case .object(let members) = self else { return string }
    return members.count == 1 ? members.keys.first : nil
  }
}
