import Tensors

/// Series in the `.ts` format of the UCR and UEA archives: `[channels, length]` a sample.
///
/// - Source: Bagnall et al. 2018, "The UEA multivariate time series classification archive".
struct SeriesDataset: PieceReader {
  let input: InputSpecification
  private let request: DatasetRequest
  private var lines: LineReader
  private var line: [UInt8] = []
  private var classes: ClassDecoder
  private let isLabelled: Bool
  private let isRegression: Bool
  /// The first row, which was read to learn the shape.
  private var pending: SeriesRow?

  init(_ request: DatasetRequest) throws {
    self.request = request
    lines = try LineReader(path: request.path)
    let header = try SeriesHeader(&lines, request)
    isLabelled = header.isLabelled
    isRegression = header.isRegression
    guard isLabelled || request.options.allowsUnlabelled else {
      throw request.error(.companionMissing(expected: "the same file (@classLabel true …)"))
    }
    classes = ClassDecoder(
      label: request.schema.flatMap { $0.label.classes.isEmpty ? nil : $0.label }
        ?? LabelDescription(column: .last, classes: header.classes))
    let first = try SeriesRow.next(&lines, &line, isLabelled: isLabelled, request)
    guard let first else { throw request.error(.noRows) }
    pending = first
    let shape: Shape = [first.channels.count, first.channels.first?.count ?? 0]
    let columns = request.schema?.columns ?? []
    guard columns.isEmpty || columns.count == shape[0] else {
      throw request.error(
        line: first.line, .channelsDiffer(expected: columns.count, got: shape[0]))
    }
    input = InputSpecification(
      layout: .sequence, shape: shape, features: columns.map(\.feature))
  }

  mutating func next(_ count: Int) throws -> Dataset? {
    var values: [Float] = []
    var labels: [Int64] = []
    var targets: [Float] = []
    var names: [String] = []
    while names.count < count, let row = try nextRow() {
      values += row.channels.joined()
      names.append("line \(row.line)")
      guard let label = row.label else { continue }
      let error = { [request] in request.error(line: row.line, column: "label", $0) }
      if isRegression {
        guard let number = Float(label), number.isFinite else { throw error(.notANumber(label)) }
        targets.append(number)
      } else {
        labels.append(Int64(try classes.index(label, error: error)))
      }
    }
    guard !names.isEmpty else { return nil }
    return Dataset(
      source: request.source, input: input,
      inputs: Tensor(values, shape: [names.count] + input.shape),
      labels: labels.isEmpty ? nil : Tensor(labels),
      targets: targets.isEmpty ? nil : Tensor(targets),
      classNames: isRegression ? [] : classes.names, sampleNames: names, schema: request.schema,
      files: request.files)
  }

  private mutating func nextRow() throws -> SeriesRow? {
    if let row = pending {
      pending = nil
      return row
    }
    guard let row = try SeriesRow.next(&lines, &line, isLabelled: isLabelled, request) else {
      return nil
    }
    guard row.channels.count == input.shape[0] else {
      throw request.error(
        line: row.line, .channelsDiffer(expected: input.shape[0], got: row.channels.count))
    }
    for (index, channel) in row.channels.enumerated() where channel.count != input.shape[1] {
      throw request.error(
        line: row.line, column: "channel \(index + 1)",
        .unequalLength(expected: input.shape[1], got: channel.count))
    }
    return row
  }
}

/// One line: channels separated by colons, values by commas, the label last.
private struct SeriesRow {
  let line: Int
  var channels: [[Float]] = []
  var label: String?

  static func next(
    _ lines: inout LineReader, _ bytes: inout [UInt8], isLabelled: Bool, _ request: DatasetRequest
  ) throws -> SeriesRow? {
    repeat {
      guard try lines.next(into: &bytes) else { return nil }
    } while bytes.allSatisfy(\.isSpace) || bytes.first == UInt8(ascii: "#")
    var row = SeriesRow(line: lines.line)
    var parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    if isLabelled {
      guard parts.count > 1, let last = parts.popLast() else {
        throw request.error(line: row.line, .missingLabel)
      }
      row.label = String(decoding: last, as: UTF8.self).trimmed
    }
    for (index, part) in parts.enumerated() {
      let values = part.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      row.channels.append(
        try values.map { value in
          try number(value) {
            request.error(line: row.line, column: "channel \(index + 1)", $0)
          }
        })
    }
    return row
  }

  private static func number(
    _ bytes: ArraySlice<UInt8>, error: (DatasetError.Fact) -> DatasetError
  ) throws -> Float {
    let text = bytes[bytes.trimmed(bytes.startIndex..<bytes.endIndex)]
    guard let number = NumberParser.number(text), number.isFinite else {
      let word = String(decoding: text, as: UTF8.self)
      if word.hasPrefix("(") { throw error(.unsupported("a series with time stamps")) }
      throw error(
        FeatureSchema.defaultMissingMarkers.contains(word) ? .missingValue : .notANumber(word))
    }
    return Float(number)
  }
}

/// The lines that begin with `@`, up to `@data`.
private struct SeriesHeader {
  var classes: [String] = []
  var isLabelled = false
  var isRegression = false

  init(_ lines: inout LineReader, _ request: DatasetRequest) throws {
    var bytes: [UInt8] = []
    while try lines.next(into: &bytes) {
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard let keyword = words.first?.lowercased(), !keyword.hasPrefix("#") else { continue }
      let isTrue = words.dropFirst().first?.lowercased() == "true"
      switch keyword {
      case "@data": return
      case "@timestamps" where isTrue:
        throw request.error(line: lines.line, .unsupported("a series with time stamps"))
      case "@classlabel" where isTrue:
        isLabelled = true
        classes = words.dropFirst(2).map(String.init)
      case "@targetlabel" where isTrue:
        isLabelled = true
        isRegression = true
      case _ where keyword.hasPrefix("@"): continue
      default:
        throw request.error(line: lines.line, .damaged("expected @data before the first series"))
      }
    }
    throw request.error(.damaged("the line @data is missing"))
  }
}

extension String {
  /// The text without white space at either end.
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
