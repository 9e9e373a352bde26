import Tensors

/// An attribute-relation file, open at its first row.
///
/// Without a schema, nominal attributes are categorical, numeric ones continuous, and the last
/// attribute is the label.
///
/// - Source: Weka's ARFF description, version 3 (dense form).
struct ARFFFile: TableFile {
  let schema: FeatureSchema
  let names: [String]
  let rows: DelimitedReader
  let pending: Record? = nil

  init(_ request: DatasetRequest) throws {
    var lines = try LineReader(path: request.path)
    let attributes = try ARFFAttribute.header(&lines, request)
    rows = DelimitedReader(lines, dialect: .arff)
    names = attributes.map(\.name)
    var schema = try request.schema ?? Self.schema(attributes, request)
    let label =
      switch schema.label.column {
      case .first: attributes.first
      case .last: attributes.last
      case .named(let name): attributes.first { $0.name == name }
      }
    if schema.label.task == .classification, schema.label.classes.isEmpty, let label {
      schema.label.classes = label.values
      schema.label.values = label.values
    }
    self.schema = schema
  }

  private static func schema(
    _ attributes: [ARFFAttribute], _ request: DatasetRequest
  ) throws -> FeatureSchema {
    var label = request.options.label ?? .last
    let labelIndex: Int?
    switch label {
    case .first: labelIndex = attributes.indices.first
    case .last: labelIndex = attributes.indices.last
    case .named(let name): labelIndex = attributes.firstIndex { $0.name == name }
    }
    if let labelIndex { label = .named(attributes[labelIndex].name) }
    let columns = try attributes.indices.filter { $0 != labelIndex }.map { index in
      let attribute = attributes[index]
      guard attribute.isNumeric || !attribute.values.isEmpty else {
        throw request.error(
          line: attribute.line, column: attribute.name,
          .unsupported("an attribute that is neither numeric nor nominal"))
      }
      return FeatureColumn(
        Feature(
          name: attribute.name, kind: attribute.isNumeric ? .continuous : .categorical,
          categories: attribute.values))
    }
    let isRegression = labelIndex.map { attributes[$0].isNumeric } ?? false
    return FeatureSchema(
      label: LabelDescription(column: label, task: isRegression ? .regression : .classification),
      columns: columns)
  }
}

/// One declared column.
struct ARFFAttribute {
  let name: String
  let isNumeric: Bool
  /// The values of a nominal attribute.
  let values: [String]
  let line: Int

  /// Reads up to the line `@data`.
  static func header(
    _ lines: inout LineReader, _ request: DatasetRequest
  ) throws -> [ARFFAttribute] {
    var attributes: [ARFFAttribute] = []
    var bytes: [UInt8] = []
    while try lines.next(into: &bytes) {
      var words = ARFFWords(bytes)
      guard let keyword = words.next()?.lowercased(), !keyword.hasPrefix("%") else { continue }
      switch keyword {
      case "@relation": continue
      case "@attribute":
        guard let attribute = ARFFAttribute(&words, line: lines.line) else {
          throw request.error(line: lines.line, .damaged("this attribute cannot be understood"))
        }
        attributes.append(attribute)
      case "@data" where !attributes.isEmpty: return attributes
      default:
        throw request.error(
          line: lines.line, .damaged("expected @attribute or @data, got '\(keyword)'"))
      }
    }
    throw request.error(.damaged("the line @data is missing"))
  }

  private init?(_ words: inout ARFFWords, line: Int) {
    guard let name = words.next(), let type = words.next() else { return nil }
    self.name = name
    self.line = line
    isNumeric = ["numeric", "real", "integer"].contains(type.lowercased())
    guard type == "{" else {
      values = []
      return
    }
    var values: [String] = []
    while let word = words.next(), word != "}" {
      if word != "," { values.append(word) }
    }
    self.values = values
  }
}

/// The words of a header line; braces and commas are words of their own.
private struct ARFFWords {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> String? {
    while position < bytes.count, bytes[position].isSpace { position += 1 }
    guard position < bytes.count else { return nil }
    let byte = bytes[position]
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return quoted(byte) }
    let start = position
    position += 1
    guard !Self.marks.contains(byte) else { return String(decoding: [byte], as: UTF8.self) }
    while position < bytes.count, !bytes[position].isSpace, !Self.marks.contains(bytes[position]) {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static let marks = Array("{},".utf8)

  private mutating func quoted(_ quote: UInt8) -> String {
    var text: [UInt8] = []
    position += 1
    while position < bytes.count, bytes[position] != quote {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
      text.append(bytes[position])
      position += 1
    }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }
}
