import ConfigurationFiles
import Foundation
import Models
import Tensors

extension Suite {
  /// Reads a suite from YAML text; `file` is what errors name.
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  public init(yaml: String, file: String) throws {
    let root = try ConfigurationNode(yaml: yaml, file: file)
    let keys = try root.mapping(
      keys: [
        "name", "description", "samples", "threats", "attacks", "controls", "explanations",
        "explained-samples", "probed-samples", "gates",
      ] + Assessments.keys)
    name = try keys.required("name").string()
    description = try keys.string("description") ?? ""
    samples = try keys.integer("samples", in: 1...)
    threats = try keys.required("threats").items.map { try Threat($0) }
    attacks = try keys.required("attacks").items.map(Self.attack)
    controls = try keys["controls"]?.items.map(Self.attack) ?? []
    explanations = try keys["explanations"]?.items.map { try Method($0) } ?? []
    explainedSamples = try keys.integer("explained-samples", in: 0...) ?? 12
    probedSamples = try keys.integer("probed-samples", in: 0...) ?? 50
    assessments = try Assessments(keys)
    gates = []
    text = yaml
    let grid = threats
    guard !grid.isEmpty else { throw root.error(.invalid("a suite needs at least one threat")) }
    gates = try keys["gates"]?.items.map { try Gate($0, grid: grid) } ?? []
  }

  /// An attack with its settings.
  private static func attack(_ node: ConfigurationNode) throws -> any Attack {
    let method = try Method(node)
    do {
      return try AttackRegistry.attack(named: method.name, settings: method.settings)
    } catch let error as AttackError {
      throw try method.node(in: node, concerning: error).error(.invalid("\(error)"))
    }
  }
}

extension Suite.Method {
  /// A name, or a name with its settings.
  init(_ node: ConfigurationNode) throws {
    let (name, settings) = try node.named()
    self.name = try name.string()
    place = name.place
    self.settings = [:]
    switch settings.content {
    case .null: break
    case .mapping(let entries):
      for entry in entries {
        let key = try entry.key.string()
        guard self.settings.updateValue(try SettingValue(entry.value), forKey: key) == nil else {
          throw entry.key.error(.repeatedKey(key))
        }
      }
    default: throw settings.expected("the settings of '\(self.name)'")
    }
  }

  /// The part of a method's node that an error is about: the setting it names, else the name.
  fileprivate func node(
    in node: ConfigurationNode, concerning error: AttackError
  ) throws -> ConfigurationNode {
    let (name, settings) = try node.named()
    guard case .mapping(let entries) = settings.content, let setting = error.setting else {
      return name
    }
    return entries.first { (try? $0.key.string()) == setting }?.key ?? name
  }
}

extension SettingValue {
  /// A scalar of a YAML file; a quoted one is text.
  fileprivate init(_ node: ConfigurationNode) throws {
    guard case .scalar(let text, let isQuoted) = node.content else {
      throw node.expected("a single value")
    }
    self = isQuoted ? .string(text) : SettingValue(word: text)
  }
}

extension Suite.Threat {
  init(_ node: ConfigurationNode) throws {
    let keys = try node.mapping(keys: ["norm", "epsilon", "scale", "category-cost"])
    norm = try keys.required("norm").choice(of: Norm.self)
    let list = try keys.required("epsilon")
    epsilons = try list.items.map { try $0.number(in: 0...) }
    guard !epsilons.isEmpty, zip(epsilons, epsilons.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw list.expected("ascending radii")
    }
    scale = try keys["scale"].map { try Suite.Scale($0) } ?? .unit
    categoryCost = 1
    guard let cost = keys["category-cost"] else { return }
    let isLocked = cost.content == .scalar("locked", isQuoted: false)
    categoryCost = isLocked ? nil : try cost.number(in: Double.leastNonzeroMagnitude...)
  }
}

extension Suite.Scale {
  init(_ node: ConfigurationNode) throws {
    switch node.content {
    case .list(let items): self = .numbers(try items.map { try $0.number(in: 0...) })
    case .mapping(let entries):
      var numbers: [String: Double] = [:]
      for entry in entries {
        let name = try entry.key.string()
        guard numbers.updateValue(try entry.value.number(in: 0...), forKey: name) == nil else {
          throw entry.key.error(.repeatedKey(name))
        }
      }
      self = .features(numbers)
    default:
      switch try node.choice(of: Named.self) {
      case .unit: self = .unit
      case .range: self = .range
      }
    }
  }

  private enum Named: String, CaseIterable { case unit, range }
}

extension Suite.Gate {
  /// A measure with its threshold; radii have to be among those that the suite tries.
  init(_ node: ConfigurationNode, grid: [Suite.Threat]) throws {
    let (name, settings) = try node.named()
    measure = try name.choice(of: Suite.Measure.self)
    place = name.place
    let keys = try settings.mapping(
      keys: measure.keys + measure.otherKeys + ["at-least", "at-most"])
    norm = try keys.choice("norm", of: Norm.self)
    epsilon = try keys.number("epsilon", in: 0...)
    group = try keys.string("group")
    className = try keys.string("class")
    for key in measure.keys { _ = try keys.required(key) }
    let range = 0...measure.largest
    switch (try keys.number("at-least", in: range), try keys.number("at-most", in: range)) {
    case (let threshold?, nil): (self.threshold, isAtLeast) = (threshold, true)
    case (nil, let threshold?): (self.threshold, isAtLeast) = (threshold, false)
    default: throw settings.expected("either 'at-least' or 'at-most'")
    }
    guard let norm else { return }
    let radii = grid.filter { $0.norm == norm }.flatMap(\.epsilons)
    guard !radii.isEmpty, epsilon.map(radii.contains) ?? true else {
      let missing = epsilon.map { "\(norm.rawValue) at \($0)" } ?? norm.rawValue
      throw settings.error(.invalid("no threat of this suite measures \(missing)"))
    }
  }
}

extension Suite.Measure {
  /// What has to be stated with the measure.
  fileprivate var keys: [String] {
    switch self {
    case .cleanAccuracy, .calibrationError, .brierScore: []
    case .robustAccuracy: ["norm", "epsilon"]
    case .medianDistance: ["norm"]
    case .groupGap, .selectionRatio, .equalizedOdds: ["group"]
    }
  }

  /// The largest value that it can have: shares are fractions, not per cent.
  fileprivate var largest: Double {
    switch self {
    case .medianDistance: .greatestFiniteMagnitude
    case .brierScore: 2
    case .cleanAccuracy, .robustAccuracy, .calibrationError, .groupGap, .selectionRatio,
      .equalizedOdds:
      1
    }
  }

  /// What can be stated with it.
  fileprivate var otherKeys: [String] { self == .cleanAccuracy ? ["class"] : [] }
}

extension Suite {
  /// Reads a suite from a YAML file.
  ///
  /// - Throws: `ConfigurationError` if it cannot be read or is not a suite.
  public init(file: String) throws {
    // The node names what is wrong with the file; the text is kept as it is written.
    _ = try ConfigurationNode(file: file)
    let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
    try self.init(yaml: text, file: file)
  }
}
