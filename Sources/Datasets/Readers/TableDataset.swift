import Tensors

/// A file of rows, CSV or ARFF, read in pieces through a schema.
struct TableDataset: PieceReader {
  let input: InputSpecification
  private let request: DatasetRequest
  private let schema: FeatureSchema
  private var rows: DelimitedReader
  private var decoder: RowDecoder
  /// The row that was read to find out whether it is a header, and is none.
  private var pending: Record?
  private var record = Record()

  /// Opens a file of separated values.
  init(csv request: DatasetRequest) throws {
    let file = try CSVFile(request)
    try self.init(request, file: file) { try CSVFile(request) }
  }

  /// Opens an attribute-relation file.
  init(arff request: DatasetRequest) throws {
    let file = try ARFFFile(request)
    try self.init(request, file: file) { try ARFFFile(request) }
  }

  private init(
    _ request: DatasetRequest, file: some TableFile, reopen: () throws -> some TableFile
  ) throws {
    self.request = request
    schema = file.schema
    rows = file.rows
    pending = file.pending
    let layout = try TableLayout(schema: schema, names: file.names, request: request)
    decoder = RowDecoder(schema: schema, layout: layout, request: request)
    input = layout.input
    if schema.columns.contains(where: { $0.missing == .mean || $0.missing == .median }) {
      // A first pass over the file: what is filled in must be known before the first row.
      let again = try reopen()
      try decoder.findFillings(in: again.rows, pending: again.pending)
    }
  }

  mutating func next(_ count: Int) throws -> Dataset? {
    decoder.begin()
    while decoder.count < count, try nextRow() { try decoder.append(record) }
    guard decoder.count > 0 else { return nil }
    return decoder.dataset(input: input, schema: schema)
  }

  /// The bytes that are held between two pieces: they do not grow with the file.
  var heldByteCount: Int {
    rows.heldByteCount + decoder.heldByteCount + record.heldByteCount
  }

  private mutating func nextRow() throws -> Bool {
    if let first = pending {
      record = first
      pending = nil
      return true
    }
    return try rows.next(into: &record)
  }
}

/// A file of rows that is open at its first.
protocol TableFile {
  var schema: FeatureSchema { get }
  /// The names of the columns; numbers from 1 where the file names none.
  var names: [String] { get }
  var rows: DelimitedReader { get }
  var pending: Record? { get }
}

/// A file of separated values: the first row names the columns where the schema says so.
struct CSVFile: TableFile {
  let schema: FeatureSchema
  let names: [String]
  let rows: DelimitedReader
  let pending: Record?

  init(_ request: DatasetRequest) throws {
    var schema = try request.schema ?? Self.plainSchema(request)
    var dialect = DelimitedReader.Dialect()
    dialect.delimiter = schema.delimiter.utf8.first ?? dialect.delimiter
    var rows = DelimitedReader(try LineReader(path: request.path), dialect: dialect)
    var first = Record()
    guard try rows.next(into: &first) else { throw request.error(.noRows) }
    let hasNames = (0..<first.count).contains { first.number($0) == nil }
    // Without a schema, a first row in which anything is not a number names the columns.
    if request.schema == nil { schema.hasHeader = hasNames }
    // Numbers for names would silently cost a sample.
    guard hasNames || !schema.hasHeader || !schema.columns.isEmpty else {
      throw request.error(line: first.line, .headerIsNumbers)
    }
    self.schema = schema
    self.rows = rows
    if schema.hasHeader {
      names = (0..<first.count).map(first.text)
      pending = nil
    } else {
      names = try Self.names(of: schema, count: first.count, request)
      pending = first
    }
  }

  private static func plainSchema(_ request: DatasetRequest) throws -> FeatureSchema {
    guard let label = request.options.label else { throw request.error(.noSchema) }
    return FeatureSchema(
      label: LabelDescription(column: label), shape: request.options.shape,
      scale: request.options.scale)
  }

  /// Without a header, columns stand in the schema's order, the label first or last.
  private static func names(
    of schema: FeatureSchema, count: Int, _ request: DatasetRequest
  ) throws -> [String] {
    guard !schema.columns.isEmpty else { return (1...count).map(String.init) }
    if case .named(let name) = schema.label.column {
      throw DatasetError(
        path: request.schemaPath,
        .wrongValue(key: "label", expected: "first or last without a header", got: "'\(name)'"))
    }
    let names = schema.columns.map(\.column)
    guard count == names.count + 1 else {
      if count == names.count, request.options.allowsUnlabelled { return names }
      throw request.error(line: 1, .raggedRow(expected: names.count + 1, got: count))
    }
    let label = "label"
    return schema.label.column == .first ? [label] + names : names + [label]
  }
}
