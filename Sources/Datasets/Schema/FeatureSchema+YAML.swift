import ConfigurationFiles
import Tensors

extension FeatureSchema {
  /// Reads a schema from a YAML file.
  ///
  /// - Throws: `ConfigurationError` with file, line and column; an unknown key is an error.
  public init(path: String) throws {
    try self.init(ConfigurationNode(file: path))
  }

  /// Reads a schema from YAML; `path` is what errors name.
  public init(yaml: String, path: String) throws {
    try self.init(ConfigurationNode(yaml: yaml, file: path))
  }

  private init(_ node: ConfigurationNode) throws {
    guard !node.isNull else { throw node.error(.invalid("the file is empty")) }
    let root = try node.mapping(keys: Self.keys)
    self.init(label: try LabelDescription(root.required("label")))
    let missing = try root.choice("missing", of: MissingPolicy.self) ?? .error
    columns =
      try root["features"]?.items.map { try FeatureColumn($0, missing: missing) } ?? []
    protectedColumns = try root["protected"]?.items.map(ProtectedColumn.init) ?? []
    name = try root.string("name")
    source = try root.string("source")
    licence = try root.string("licence")
    description = try root.string("description")
    ignoredColumns = try root.strings("ignore") ?? []
    missingMarkers = try root.strings("missingMarkers") ?? Self.defaultMissingMarkers
    hasHeader = try root.boolean("header") ?? true
    delimiter = try Self.delimiter(root)
    try readPlainNumbers(root)
    try root.rejectDuplicates("features", columns.map(\.feature.name))
    try root.rejectDuplicates("protected", protectedColumns.map(\.name))
  }

  private static let keys = [
    "name", "source", "licence", "description", "label", "features", "protected", "ignore",
    "missing", "missingMarkers", "header", "delimiter", "shape", "layout", "scale",
  ]

  private static func delimiter(_ root: ConfigurationMapping) throws -> String {
    let text = try root.string("delimiter") ?? ","
    guard text.utf8.count == 1, text != "\"", text != "'" else {
      throw root.expected("delimiter", "one character")
    }
    return text
  }

  private mutating func readPlainNumbers(_ root: ConfigurationMapping) throws {
    layout = try root.choice("layout", of: InputSpecification.Layout.self)
    scale = try root.number("scale")
    if let scale, scale <= 0 { throw root.expected("scale", "a positive number") }
    guard let node = root["shape"] else { return }
    let dimensions = try node.items.map { try $0.integer() }
    // Larger ones are surely mistakes, and their products must not overflow.
    let count = dimensions.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard dimensions.allSatisfy({ (1...1 << 24).contains($0) }), (1...4).contains(dimensions.count),
      (1...1 << 32).contains(count)
    else { throw node.expected("a list of positive whole numbers") }
    if !columns.isEmpty, count != columns.count {
      throw node.expected("one value a feature (\(columns.count))")
    }
    shape = Shape(dimensions)
  }
}
