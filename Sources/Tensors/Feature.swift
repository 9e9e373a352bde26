/// One column of a table, or one channel of a sequence or an image.
public struct Feature: Codable, Hashable, Sendable {
  /// What the values of a feature are.
  public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case continuous, integer, binary, categorical
  }

  /// The direction in which a value may be changed, by an attacker or by an applicant.
  public enum Direction: String, Codable, Hashable, Sendable, CaseIterable {
    case any, increase, decrease
  }

  public var name: String
  public var kind: Kind
  /// The unit of the values, as a reader should see it ("EUR", "mm²"); nil where there is none.
  public var unit: String?
  /// The smallest and the largest valid value; nil where nothing is known.
  public var range: ValueRange?
  /// Whether the value can be changed at all: nobody changes their age to get a credit.
  public var isMutable: Bool
  public var direction: Direction
  /// The names of a categorical feature's codes 0, 1, …; a binary feature may name its two.
  public var categories: [String]

  public init(
    name: String, kind: Kind = .continuous, unit: String? = nil, range: ValueRange? = nil,
    isMutable: Bool = true, direction: Direction = .any, categories: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.unit = unit
    self.range = range
    self.isMutable = isMutable
    self.direction = direction
    self.categories = categories
  }

  /// The number of columns that the feature takes once categories are one-hot.
  public var encodedWidth: Int { kind == .categorical ? categories.count : 1 }

  /// Whether only whole numbers are valid.
  public var isDiscrete: Bool { kind != .continuous }

  /// The valid raw values: the stated range, narrowed to the codes where the kind has codes.
  public var validRange: ValueRange? {
    switch kind {
    case .continuous, .integer: range
    case .binary: ValueRange(lower: 0, upper: 1)
    case .categorical: ValueRange(lower: 0, upper: Double(categories.count - 1))
    }
  }

  /// A raw value as a reader should see it: a category's name, or a number with its unit.
  public func text(for value: Double) -> String {
    let code = Int(exactly: value) ?? -1
    if categories.indices.contains(code) { return categories[code] }
    let number = Int(exactly: value).map(String.init) ?? "\(Float(value))"
    return unit.map { "\(number) \($0)" } ?? number
  }
}

/// An interval of numbers, either end of which may be open to infinity.
public struct ValueRange: Hashable, Sendable {
  public var lower: Double?
  public var upper: Double?

  public init(lower: Double? = nil, upper: Double? = nil) {
    self.lower = lower
    self.upper = upper
  }

  public init(_ range: ClosedRange<Double>) {
    lower = range.lowerBound
    upper = range.upperBound
  }

  /// Whether the value lies in the interval; NaN lies in none.
  public func contains(_ value: Double) -> Bool {
    value >= lower ?? -.infinity && value <= upper ?? .infinity
  }
}

extension ValueRange: CustomStringConvertible {
  public var description: String {
    "[\(lower.map { "\($0)" } ?? "−∞"), \(upper.map { "\($0)" } ?? "∞")]"
  }
}

extension ValueRange: Codable {
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    lower = try values.decode(Double?.self)
    upper = try values.decode(Double?.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    try values.encode(lower)
    try values.encode(upper)
  }
}
