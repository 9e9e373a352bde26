import Tensors

/// Which column of a file is what.
struct TableLayout {
  /// The number of values of every row.
  let width: Int
  let names: [String]
  /// The column of each feature, or of each plain number.
  let features: [Int]
  /// The column of the label; nil where nothing is labelled.
  let label: Int?
  /// The column of each protected attribute.
  let protected: [Int]
  let input: InputSpecification

  init(schema: FeatureSchema, names: [String], request: DatasetRequest) throws {
    let positions = try Self.positions(of: names, request)
    func position(_ name: String) throws -> Int {
      guard let index = positions[name] else {
        throw request.error(line: 1, column: name, .missingColumn(available: names))
      }
      return index
    }
    self.names = names
    width = names.count
    protected = try schema.protectedColumns.map { try position($0.column) }
    label = try Self.label(schema, positions, width: width, request)
    let others = Set(protected + (try schema.ignoredColumns.map(position)) + [label ?? -1])
    if schema.columns.isEmpty {
      features = names.indices.filter { !others.contains($0) }
      input = try Self.plainInput(schema, names: features.map { names[$0] }, request)
    } else {
      features = try schema.columns.map { try position($0.column) }
      input = schema.input
      let known = others.union(features)
      let unknown = names.indices.filter { !known.contains($0) }.map { names[$0] }
      guard unknown.isEmpty else { throw request.error(line: 1, .unexpectedColumns(unknown)) }
    }
    if let label, features.contains(label) {
      throw DatasetError(path: request.schemaPath, column: names[label], .labelIsFeature)
    }
  }

  private static func positions(
    of names: [String], _ request: DatasetRequest
  ) throws -> [String: Int] {
    var positions: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      guard positions.updateValue(index, forKey: name) == nil else {
        throw request.error(line: 1, column: name, .duplicateColumn)
      }
    }
    return positions
  }

  private static func label(
    _ schema: FeatureSchema, _ positions: [String: Int], width: Int, _ request: DatasetRequest
  ) throws -> Int? {
    let isOptional = request.options.allowsUnlabelled
    switch schema.label.column {
    case .named(let name):
      if let index = positions[name] { return index }
      if isOptional { return nil }
      throw request.error(
        line: 1, column: name,
        .missingColumn(available: positions.sorted { $0.value < $1.value }.map(\.key)))
    case .first, .last:
      // A file for predictions has exactly the features' columns.
      let features = schema.columns.isEmpty ? schema.shape?.count : schema.columns.count
      if isOptional, features == width - schema.ignoredColumns.count { return nil }
      return schema.label.column == .first ? 0 : width - 1
    }
  }

  private static func plainInput(
    _ schema: FeatureSchema, names: [String], _ request: DatasetRequest
  ) throws -> InputSpecification {
    guard let shape = schema.shape else {
      guard !names.isEmpty else { throw request.error(line: 1, .noRows) }
      let range = schema.scale == nil ? nil : ValueRange(0...1)
      let isNamed = schema.hasHeader
      return .table(
        names.enumerated().map { Feature(name: isNamed ? $1 : "x\($0)", range: range) })
    }
    guard shape.count == names.count else {
      throw request.error(
        line: 1, .raggedRow(expected: shape.count + 1, got: names.count + 1))
    }
    return schema.input
  }
}
