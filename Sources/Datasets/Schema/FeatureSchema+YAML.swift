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
