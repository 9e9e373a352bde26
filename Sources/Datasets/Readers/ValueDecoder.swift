import Tensors

/// Turns the text of one column into a feature's value.
struct ValueDecoder {
  enum Value {
    case number(Double)
    /// The value is missing and is filled in.
    case fill
    /// The value is missing and its row is left out.
    case drop
  }

  let column: FeatureColumn
  private let markers: Set<String>
  /// Whether a number, such as −999, can stand for a missing value.
  private let hasNumericMarkers: Bool
  private let codes: [String: Int]

  init(_ column: FeatureColumn, markers: Set<String>) {
    self.column = column
    self.markers = markers.subtracting(column.values)
    hasNumericMarkers = self.markers.contains { Double($0)?.isFinite == true }
    codes = Dictionary(
      column.values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func value(
    _ record: Record, _ index: Int, error: (DatasetError.Fact) -> DatasetError
  ) throws -> Value {
    if column.values.isEmpty, !hasNumericMarkers, let number = record.number(index),
      number.isFinite
    {
      return try .number(checked(number, record, index, error))
    }
    let text = record.text(index)
    if markers.contains(text) { return try missing(error) }
    guard column.values.isEmpty else { return try .number(Double(code(text, error))) }
    guard let number = record.number(index) else { throw error(.notANumber(text)) }
    guard number.isFinite else { throw error(.notFinite(text)) }
    return try .number(checked(number, record, index, error))
  }

  private func missing(_ error: (DatasetError.Fact) -> DatasetError) throws -> Value {
    switch column.missing {
    case .error: throw error(.missingValue)
    case .drop: return .drop
    case .mean, .median: return .fill
    // The category for missing values stands behind those that the file writes.
    case .category: return .number(Double(column.values.count))
    }
  }

  private func code(
    _ text: String, _ error: (DatasetError.Fact) -> DatasetError
  ) throws -> Int {
    if let code = codes[text] { return code }
    // 1 and 1.0 are one category.
    if let number = Double(text),
      let code = column.values.firstIndex(where: { Double($0) == number })
    {
      return code
    }
    throw error(.unknownCategory(text, categories: column.values))
  }

  private func checked(
    _ number: Double, _ record: Record, _ index: Int,
    _ error: (DatasetError.Fact) -> DatasetError
  ) throws -> Double {
    if column.feature.isDiscrete, number != number.rounded() {
      throw error(.notWhole(record.text(index)))
    }
    if let range = column.feature.validRange, !range.contains(number) {
      throw error(.outOfRange(record.text(index), range))
    }
    return number
  }
}

/// Turns the text of one column into the name of a protected group.
struct GroupDecoder {
  let name: String
  private let bins: [Double]
  private let groups: [String: String]

  init(_ column: ProtectedColumn, feature: FeatureColumn?) {
    name = column.name
    bins = column.bins
    var groups: [String: String] = [:]
    // What the file writes is shown by its category's name, unless groups are stated.
    for (value, category) in zip(feature?.values ?? [], feature?.feature.categories ?? []) {
      groups[value] = category
    }
    for (group, values) in column.groups { for value in values { groups[value] = group } }
    self.groups = groups
  }

  func group(
    _ text: String, markers: Set<String>, error: (DatasetError.Fact) -> DatasetError
  ) throws -> String {
    if let group = groups[text] { return group }
    if markers.contains(text) { return MissingPolicy.categoryName }
    guard let first = bins.first, let last = bins.last else { return text }
    guard let number = Double(text), number.isFinite else { throw error(.notANumber(text)) }
    let above = bins.prefix { $0 <= number }.count
    switch above {
    case 0: return "below \(short(first))"
    case bins.count: return "\(short(last)) and above"
    default: return "\(short(bins[above - 1])) to below \(short(bins[above]))"
    }
  }

  private func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }
}
