import Tensors

/// Turns rows of text into samples, labels and protected groups, or says what is wrong with them.
struct RowDecoder {
  let layout: TableLayout
  let request: DatasetRequest
  private let scale: Float?
  private let label: LabelDescription
  let features: [ValueDecoder]
  private let groups: [GroupDecoder]
  private let markers: Set<String>
  var fillings: [Double?]
  private var classes: ClassDecoder

  // The piece at hand.
  private var values: [Float] = []
  private var labels: [Int64] = []
  private var targets: [Float] = []
  private var names: [String] = []
  private var members: [[String]]
  // What was changed since the file was opened.
  private var filled: [Int]
  private var dropped = 0

  init(schema: FeatureSchema, layout: TableLayout, request: DatasetRequest) {
    self.layout = layout
    self.request = request
    scale = schema.scale.map { Float($0) }
    label = schema.label
    markers = Set(schema.missingMarkers)
    let described =
      schema.columns.isEmpty
      ? layout.features.map { FeatureColumn(Feature(name: layout.names[$0])) } : schema.columns
    features = described.map { ValueDecoder($0, markers: Set(schema.missingMarkers)) }
    groups = schema.protectedColumns.map { column in
      GroupDecoder(column, feature: schema.columns.first { $0.column == column.column })
    }
    classes = ClassDecoder(label: label)
    fillings = Array(repeating: nil, count: features.count)
    filled = Array(repeating: 0, count: features.count)
    members = Array(repeating: [], count: groups.count)
  }

  /// The number of samples of the piece at hand.
  var count: Int { names.count }

  /// The bytes that the piece at hand takes, texts counted at 32 bytes each.
  var heldByteCount: Int {
    let texts = names.capacity + members.reduce(0) { $0 + $1.capacity }
    return values.capacity * 4 + labels.capacity * 8 + targets.capacity * 4 + texts * 32
  }

  /// Begins a new piece.
  mutating func begin() {
    values.removeAll(keepingCapacity: true)
    labels.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    names.removeAll(keepingCapacity: true)
    for index in members.indices { members[index].removeAll(keepingCapacity: true) }
  }

  /// Decodes a row; rows with a missing value whose policy is `drop` leave nothing behind.
  mutating func append(_ record: Record) throws {
    try checkWidth(record)
    guard try appendValues(record) else {
      dropped += 1
      return
    }
    try appendLabel(record)
    for (index, column) in layout.protected.enumerated() {
      let group = try groups[index].group(record.text(column), markers: markers) { fact in
        error(record, column, fact)
      }
      members[index].append(group)
    }
    names.append("line \(record.line)")
  }

  /// Appends the features' values; false, and nothing appended, where the row is to be left out.
  private mutating func appendValues(_ record: Record) throws -> Bool {
    let start = values.count
    for (index, column) in layout.features.enumerated() {
      let value = try features[index].value(record, column) { error(record, column, $0) }
      switch value {
      case .number(let number): values.append(scale.map { Float(number) / $0 } ?? Float(number))
      case .fill:
        values.append(Float(fillings[index] ?? 0))
        filled[index] += 1
      case .drop:
        values.removeSubrange(start...)
        return false
      }
    }
    return true
  }

  func checkWidth(_ record: Record) throws {
    guard record.count == layout.width else {
      throw request.error(
        line: record.line, .raggedRow(expected: layout.width, got: record.count))
    }
  }

  func error(_ record: Record, _ column: Int, _ fact: DatasetError.Fact) -> DatasetError {
    request.error(line: record.line, column: layout.names[column], fact)
  }

  private mutating func appendLabel(_ record: Record) throws {
    guard let column = layout.label else { return }
    let text = record.text(column)
    let isClass = label.task == .classification
    // A class may be called as missing values are written, "?" or "NA", if the schema lists it.
    if markers.contains(text), !label.values.contains(text) {
      throw error(record, column, .missingLabel)
    }
    if isClass {
      let path = request.path
      let name = layout.names[column]
      let index = try classes.index(text) {
        DatasetError(path: path, line: record.line, column: name, $0)
      }
      labels.append(Int64(index))
    } else {
      guard let number = record.number(column) else {
        throw error(record, column, .notANumber(text))
      }
      guard number.isFinite else { throw error(record, column, .notFinite(text)) }
      targets.append(Float(number))
    }
  }

  /// The piece at hand.
  func dataset(input: InputSpecification, schema: FeatureSchema) -> Dataset {
    let isLabelled = layout.label != nil
    let isClass = label.task == .classification
    return Dataset(
      source: request.source, input: input, inputs: Tensor(values, shape: [count] + input.shape),
      labels: isLabelled && isClass ? Tensor(labels) : nil,
      targets: isLabelled && !isClass ? Tensor(targets) : nil,
      classNames: isClass ? classes.names : [], sampleNames: names,
      protectedAttributes: Dictionary(
        uniqueKeysWithValues: zip(groups.map(\.name), members)),
      schema: schema, files: request.files, notes: notes)
  }

  private var notes: [String] {
    var notes: [String] = []
    if dropped > 0 { notes.append("\(dropped) rows with missing values were left out") }
    for (index, count) in filled.enumerated() where count > 0 {
      let column = features[index].column
      notes.append(
        "\(count) missing values of '\(column.feature.name)' were filled with the "
          + "\(column.missing.rawValue) \(Float(fillings[index] ?? 0))")
    }
    return notes
  }
}
