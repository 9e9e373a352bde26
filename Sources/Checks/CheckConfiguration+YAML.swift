import Audits
import ConfigurationFiles
import Explanations
import Foundation
import Tensors

extension CheckConfiguration {
  /// Reads `assay.yaml`.
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  public init(file: String) throws {
    let root = try ConfigurationNode(file: file)
    let text = try String(contentsOf: URL(filePath: file), encoding: .utf8)
    try self.init(root, file: file, text: text)
  }

  /// Reads the same from text; `file` is what errors name.
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  public init(yaml: String, file: String) throws {
    try self.init(ConfigurationNode(yaml: yaml, file: file), file: file, text: yaml)
  }

  private init(_ root: ConfigurationNode, file: String, text: String) throws {
    let keys = try root.mapping(keys: [
      "model", "data", "schema", "part", "samples", "suite", "seed", "threads", "budget",
      "baseline", "ledger", "out", "gates",
    ])
    model = try keys.required("model").string()
    data = try keys.required("data").string()
    schema = try keys.string("schema")
    part = try keys.choice("part", of: Part.self)?.rawValue
    samples = try keys.integer("samples", in: 1...)
    suite = try keys.string("suite") ?? "quick"
    seed = UInt64(try keys.integer("seed", in: 0...) ?? 0)
    threads = try keys.integer("threads", in: 1...)
    budget = try keys["budget"].map { try AttackBudget($0) }
    baseline = try keys.string("baseline") ?? "assay-baseline.sqlite"
    ledger = try keys.string("ledger") ?? "assay.sqlite"
    out = try keys.string("out") ?? "assay-check"
    let list = try keys.required("gates")
    gates = try list.items.map { try RegressionGate($0) }
    guard !gates.isEmpty else { throw list.error(.invalid("a check needs at least one gate")) }
    self.file = file
    self.text = text
  }

  private enum Part: String, CaseIterable { case all, train, test }
}

extension AttackBudget {
  /// "2m", "90s", "200000 gradients".
  fileprivate init(_ node: ConfigurationNode) throws {
    guard let budget = AttackBudget(try node.string()) else {
      throw node.expected("a budget such as 2m, 90s or 200000 gradients")
    }
    self = budget
  }
}

extension RegressionGate {
  /// A measure with what is tolerated: `robust-accuracy: {threat: linf-0.1, drop-at-most: 0.02}`.
  fileprivate init(_ node: ConfigurationNode) throws {
    let (name, settings) = try node.named()
    kind = try name.choice(of: Kind.self)
    let keys = try settings.mapping(
      keys: kind.keys + kind.conditions + ["confidence", "inconclusive"])
    for key in kind.keys { _ = try keys.required(key) }
    (norm, epsilon) =
      try keys["threat"].map(Self.threat) ?? (keys.choice("norm", of: Norm.self), nil)
    group = try keys.string("group")
    method = try keys["method"].map(Self.method)
    condition = try Self.condition(keys, kind, settings)
    confidence = try keys.number("confidence", in: 0.5...0.9999) ?? 0.95
    meaning = try keys.choice("inconclusive", of: InconclusiveMeaning.self) ?? .inconclusive
    (line, column) = (name.place.line, name.place.column)
  }

  /// "linf-0.1": a norm and a radius.
  private static func threat(_ node: ConfigurationNode) throws -> (Norm?, Double?) {
    let parts = try node.string().split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let norm = Norm(rawValue: String(parts[0])),
      let epsilon = Double(parts[1]), epsilon >= 0, epsilon.isFinite
    else {
      let norms = Norm.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.expected("a norm (\(norms)) and a radius, such as linf-0.1")
    }
    return (norm, epsilon)
  }

  private static func method(_ node: ConfigurationNode) throws -> String {
    let name = try node.string()
    do {
      _ = try AttributionRegistry.method(named: name)
    } catch let error as ExplanationError {
      throw node.error(.invalid("\(error)"))
    }
    return name
  }

  private static func condition(
    _ keys: ConfigurationMapping, _ kind: Kind, _ settings: ConfigurationNode
  ) throws -> Condition {
    let stated = try kind.conditions.compactMap { key -> Condition? in
      guard let value = try keys.number(key, in: key.hasSuffix("-at-most") ? 0... : (-1)...) else {
        return nil
      }
      switch key {
      case "drop-at-most": return .dropAtMost(value)
      case "rise-at-most": return .riseAtMost(value)
      case "at-least": return .atLeast(value)
      default: return .atMost(value)
      }
    }
    guard stated.count == 1, let condition = stated.first else {
      throw settings.expected("one of \(kind.conditions.joined(separator: ", "))")
    }
    return condition
  }
}

extension RegressionGate.Kind {
  /// What has to be stated with the measure.
  fileprivate var keys: [String] {
    switch self {
    case .cleanAccuracy, .calibrationError: []
    case .robustAccuracy: ["threat"]
    case .medianDistance: ["norm"]
    case .groupGap: ["group"]
    case .explanationDrift: ["method"]
    }
  }

  /// What can be tolerated: of a good, a drop; of an evil, a rise.
  fileprivate var conditions: [String] {
    switch self {
    case .cleanAccuracy, .robustAccuracy, .medianDistance: ["drop-at-most", "at-least"]
    case .calibrationError, .groupGap: ["rise-at-most", "at-most"]
    case .explanationDrift: ["at-least"]
    }
  }
}
