import ConfigurationFiles
import Tensors

extension FeatureColumn {
  init(_ node: ConfigurationNode, missing: MissingPolicy) throws {
    let fields = try node.mapping(keys: [
      "name", "column", "kind", "unit", "range", "mutable", "direction", "categories", "values",
      "missing",
    ])
    var feature = Feature(name: try fields.required("name").string())
    feature.kind = try fields.choice("kind", of: Feature.Kind.self) ?? .continuous
    feature.unit = try fields.string("unit")
    feature.range = try fields["range"].map(Self.range)
    feature.isMutable = try fields.boolean("mutable") ?? true
    feature.direction = try fields.choice("direction", of: Feature.Direction.self) ?? .any
    feature.categories = try fields.strings("categories") ?? []
    self.init(
      feature, column: try fields.string("column"), values: try fields.strings("values"),
      missing: try fields.choice("missing", of: MissingPolicy.self) ?? missing)
    try check(fields)
    if self.missing == .category { self.feature.categories.append(MissingPolicy.categoryName) }
  }

  /// `[lowest, highest]`, where null, `-.inf` and `.inf` are ends that are open.
  private static func range(_ node: ConfigurationNode) throws -> ValueRange {
    let ends = try node.items.map { item -> Double? in
      switch item.content {
      case .null, .scalar(".inf", false), .scalar("-.inf", false): nil
      default: try item.number()
      }
    }
    guard ends.count == 2, (ends[0] ?? -.infinity) <= (ends[1] ?? .infinity) else {
      throw node.expected("[lowest, highest]")
    }
    return ValueRange(lower: ends[0], upper: ends[1])
  }

  private func check(_ fields: ConfigurationMapping) throws {
    let count = feature.categories.count
    switch feature.kind {
    case .categorical where count == 0: throw fields.node.error(.missingKey("categories"))
    case .continuous, .integer:
      if count > 0 {
        throw fields.error(
          "categories", .invalid("only a binary or categorical feature has categories"))
      }
    case .binary where count != 0 && count != 2:
      throw fields.expected("categories", "the names of 0 and 1")
    default: break
    }
    if values.count != count, fields["values"] != nil {
      throw fields.expected("values", "one text a category (\(count))")
    }
    try fields.rejectDuplicates("categories", feature.categories)
    try fields.rejectDuplicates("values", values)
    try checkMissing(fields)
  }

  private func checkMissing(_ fields: ConfigurationMapping) throws {
    if missing == .category, feature.kind != .categorical {
      throw fields.error(
        "missing", .invalid("'missing' is 'category' only for a categorical feature"))
    }
    if missing == .mean || missing == .median, feature.kind == .categorical {
      throw fields.error(
        "missing",
        .invalid("'missing' must be category, drop or error for a categorical feature"))
    }
  }
}

extension ConfigurationMapping {
  /// Throws an error at a key's value if one of the names there appears a second time.
  func rejectDuplicates(_ key: String, _ names: [String]) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw error(key, .invalid("'\(name)' is described twice"))
    }
  }
}
