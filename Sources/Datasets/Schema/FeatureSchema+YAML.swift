import Foundation
import Tensors
import Yams

extension FeatureSchema {
  /// Reads a schema from a YAML file.
  ///
  /// - Throws: `DatasetError` with the line; an unknown key is an error.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ArrayFileError(path: path, .cannotOpen(reason: "it does not exist or is not readable"))
    }
    try self.init(yaml: String(decoding: data, as: UTF8.self), path: path)
  }

  /// Reads a schema from YAML; `path` is what errors name.
  public init(yaml: String, path: String) throws {
    let root = try SchemaNode.root(path: path, text: yaml, known: Self.keys)
    guard let labelNode = root.node("label") else { throw root.error(.missingKey("label")) }
    self.init(label: try LabelDescription(labelNode, parent: root, path: path))
    let missing = try root.choice("missing", of: MissingPolicy.self) ?? .error
    columns =
      try root.nodes("features")?.map {
        try FeatureColumn($0, path: path, missing: missing)
      } ?? []
    protectedColumns =
      try root.nodes("protected")?.map {
        try ProtectedColumn($0, path: path)
      } ?? []
    name = try root.string("name")
    source = try root.string("source")
    licence = try root.string("licence")
    description = try root.string("description")
    ignoredColumns = try root.strings("ignore") ?? []
    missingMarkers = try root.strings("missingMarkers") ?? Self.defaultMissingMarkers
    hasHeader = try root.bool("header") ?? true
    delimiter = try Self.delimiter(root)
    try readPlainNumbers(root)
    try rejectDuplicates(root)
  }

  private static let keys = [
    "name", "source", "licence", "description", "label", "features", "protected", "ignore",
    "missing", "missingMarkers", "header", "delimiter", "shape", "layout", "scale",
  ]

  private static func delimiter(_ root: SchemaNode) throws -> String {
    guard let text = try root.string("delimiter"), let node = root.node("delimiter") else {
      return ","
    }
    guard text.utf8.count == 1, text != "\"", text != "'" else {
      throw root.wrong("delimiter", "one character", node)
    }
    return text
  }

  private mutating func readPlainNumbers(_ root: SchemaNode) throws {
    layout = try root.choice("layout", of: InputSpecification.Layout.self)
    scale = try root.number("scale")
    if let node = root.node("scale"), let scale, scale <= 0 {
      throw root.wrong("scale", "a positive number", node)
    }
    guard let node = root.node("shape") else { return }
    let dimensions = try root.nodes("shape")?.map { $0.int ?? 0 } ?? []
    // Larger ones are surely mistakes, and their products must not overflow.
    let count = dimensions.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard dimensions.allSatisfy({ (1...1 << 24).contains($0) }), (1...4).contains(dimensions.count),
      (1...1 << 32).contains(count)
    else { throw root.wrong("shape", "a list of positive whole numbers", node) }
    shape = Shape(dimensions)
  }

  private func rejectDuplicates(_ root: SchemaNode) throws {
    var names: Set<String> = []
    for name in columns.map(\.feature.name) where !names.insert(name).inserted {
      throw root.error(.duplicateName(name))
    }
    names = []
    for name in protectedColumns.map(\.name) where !names.insert(name).inserted {
      throw root.error(.duplicateName(name))
    }
    if !columns.isEmpty, let shape, shape.count != columns.count {
      throw root.error(.wrongShape(expected: "one value a feature (\(columns.count))", got: shape))
    }
  }
}

extension FeatureColumn {
  fileprivate init(_ node: Node, path: String, missing: MissingPolicy) throws {
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
    guard let node = fields.node("missing") ?? fields.node("name") else { return }
    if missing == .category, feature.kind != .categorical {
      throw fields.wrong("missing", "'category' only for a categorical feature", node)
    }
    if missing == .mean || missing == .median, feature.kind == .categorical {
      throw fields.wrong("missing", "category, drop or error for a categorical feature", node)
    }
  }
}

extension ProtectedColumn {
  fileprivate init(_ node: Node, path: String) throws {
    if let name = node.scalar?.string {
      self.init(name: name)
      return
    }
    let fields = try SchemaNode(node, path: path, known: ["name", "column", "groups", "bins"])
    self.init(name: try fields.required("name"), column: try fields.string("column"))
    if let node = fields.node("groups") {
      for (key, values) in node.mapping ?? [:] {
        guard let name = key.scalar?.string, let items = values.sequence else {
          throw fields.wrong("groups", "a mapping from a group to its values", node)
        }
        groups[name] = items.compactMap { $0.scalar?.string }
      }
    }
    if let node = fields.node("bins") {
      bins = try fields.nodes("bins")?.map { $0.float ?? .nan } ?? []
      guard !bins.isEmpty, zip(bins, bins.dropFirst()).allSatisfy({ $0 < $1 }),
        bins.allSatisfy(\.isFinite)
      else { throw fields.wrong("bins", "ascending numbers", node) }
    }
  }
}

extension LabelDescription {
  fileprivate init(_ node: Node, parent: SchemaNode, path: String) throws {
    if let name = node.scalar?.string {
      self.init(column: Column(name))
      return
    }
    let fields = try SchemaNode(
      node, path: path, known: ["column", "classes", "values", "positive", "task", "unit"])
    self.init(
      column: Column(try fields.required("column")),
      task: try fields.choice("task", of: Task.self) ?? .classification,
      classes: try fields.strings("classes") ?? [], values: try fields.strings("values"),
      positive: try fields.string("positive"), unit: try fields.string("unit"))
    if values.count != classes.count, let node = fields.node("values") {
      throw fields.wrong("values", "one text a class (\(classes.count))", node)
    }
    if let twice = firstDuplicate(classes) ?? firstDuplicate(values) {
      throw fields.error(.duplicateName(twice))
    }
    if let positive, !classes.contains(positive) {
      throw fields.error(.unknownClass(positive, classes: classes))
    }
    if task == .regression, let node = fields.node("classes") {
      throw fields.wrong("classes", "left out for a regression", node)
    }
  }
}

extension LabelDescription.Column {
  /// The words `first` and `last` are positions; every other is a name.
  init(_ text: String) {
    switch text {
    case "first": self = .first
    case "last": self = .last
    default: self = .named(text)
    }
  }
}

private func firstDuplicate(_ names: [String]) -> String? {
  var seen: Set<String> = []
  return names.first { !seen.insert($0).inserted }
}
