import Tensors
import Yams

extension FeatureColumn {
  init(_ node: Node, path: String, missing: MissingPolicy) throws {
    let fields = try SchemaNode(
      node, path: path,
      known: [
        "name", "column", "kind", "unit", "range", "mutable", "direction", "categories", "values",
        "missing",
      ])
    var feature = Feature(name: try fields.required("name"))
    feature.kind = try fields.choice("kind", of: Feature.Kind.self) ?? .continuous
    feature.unit = try fields.string("unit")
    feature.range = try Self.range(fields)
    feature.isMutable = try fields.bool("mutable") ?? true
    feature.direction = try fields.choice("direction", of: Feature.Direction.self) ?? .any
    feature.categories = try fields.strings("categories") ?? []
    self.init(
      feature, column: try fields.string("column"), values: try fields.strings("values"),
      missing: try fields.choice("missing", of: MissingPolicy.self) ?? missing)
    try check(fields)
    if self.missing == .category { self.feature.categories.append(MissingPolicy.categoryName) }
  }

  private static func range(_ fields: SchemaNode) throws -> ValueRange? {
    guard let node = fields.node("range"), let items = try fields.nodes("range") else { return nil }
    let ends = try items.map { item -> Double? in
      if item.null != nil { return nil }
      guard let number = item.float, !number.isNaN else {
        throw fields.wrong("range", "[lowest, highest]", node)
      }
      return number.isFinite ? number : nil
    }
    guard ends.count == 2, (ends[0] ?? -.infinity) <= (ends[1] ?? .infinity) else {
      throw fields.wrong("range", "[lowest, highest]", node)
    }
    return ValueRange(lower: ends[0], upper: ends[1])
  }

  private func check(_ fields: SchemaNode) throws {
    let count = feature.categories.count
    switch feature.kind {
    case .categorical where count == 0: throw fields.error(.missingKey("categories"))
    case .continuous, .integer:
      if count > 0, let node = fields.node("categories") {
        throw fields.wrong("categories", "left out unless the kind has categories", node)
      }
    case .binary where count != 0 && count != 2:
      if let node = fields.node("categories") {
        throw fields.wrong("categories", "the names of 0 and 1", node)
      }
    default: break
    }
    if values.count != count, let node = fields.node("values") {
      throw fields.wrong("values", "one text a category (\(count))", node)
    }
    if let twice = firstDuplicate(feature.categories) ?? firstDuplicate(values) {
      throw fields.error(.duplicateName(twice))
    }
    try checkMissing(fields)
  }

  private func checkMissing(_ fields: SchemaNode) throws {
    guard let node = fields.node("missing") ?? fields.node("name") else { return }
    if missing == .category, feature.kind != .categorical {
      throw fields.wrong("missing", "'category' only for a categorical feature", node)
    }
    if missing == .mean || missing == .median, feature.kind == .categorical {
      throw fields.wrong("missing", "category, drop or error for a categorical feature", node)
    }
  }
}

/// The first name that appears a second time.
func firstDuplicate(_ names: [String]) -> String? {
  var seen: Set<String> = []
  return names.first { !seen.insert($0).inserted }
}
