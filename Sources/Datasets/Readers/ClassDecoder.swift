/// Turns what a file writes as labels into classes 0, 1, ….
struct ClassDecoder {
  private let label: LabelDescription?
  /// The codes of the classes' texts, where a schema or file states them.
  private let codes: [String: Int]
  private var largest = -1

  init(label: LabelDescription?) {
    self.label = label
    codes = Dictionary(
      (label?.values ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  init(_ request: DatasetRequest) { self.init(label: request.schema?.label) }

  /// No data set has more classes; a larger number is a target taken for a class.
  private static let mostClasses = 100_000

  /// The stated names, or the numbers up to the largest class so far.
  var names: [String] {
    if let label, !label.classes.isEmpty { return label.classes }
    return largest < 0 ? [] : (0...largest).map(String.init)
  }

  /// The class that a text names: one of the stated values, or without any a number from 0.
  mutating func index(
    _ text: String, error: (DatasetError.Fact) -> DatasetError
  ) throws -> Int {
    guard codes.isEmpty else {
      if let index = codes[text] { return index }
      // 1 and 1.0 are one class.
      if let number = Double(text),
        let index = label?.values.firstIndex(where: { Double($0) == number })
      {
        return index
      }
      throw error(.unknownClass(text, classes: label?.values ?? []))
    }
    guard let number = Double(text), let index = Int(exactly: number) else {
      throw error(.invalidLabel("'\(text)'"))
    }
    return try self.index(index, error: error)
  }

  /// The class of a number that a binary file holds.
  mutating func index(_ number: Int, error: (DatasetError.Fact) -> DatasetError) throws -> Int {
    if let label, !label.classes.isEmpty {
      if label.values != label.classes { return try index(String(number), error: error) }
      guard label.classes.indices.contains(number) else {
        throw error(.labelOutOfRange(number, classCount: label.classes.count))
      }
      return number
    }
    guard (0..<Self.mostClasses).contains(number) else { throw error(.invalidLabel("\(number)")) }
    largest = max(largest, number)
    return number
  }
}
