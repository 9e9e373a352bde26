public import Tensors

/// What an attacker may do to an input: how far, and within which rules.
///
///     { x′ : ‖(x′ − x) / s‖ ≤ ε,  lower ≤ x′ ≤ upper,  immutable features and directions kept,
///       integers whole, one category per one-hot block }
///
/// Every perturbation is measured in scaled units: a number moved by δ counts δ / s. A binary
/// value that flips, or a category that changes, counts `categoryCost` units, as one coordinate of
/// the norm, however its code or its columns move. The default of 1 makes it as dear as moving a
/// number across its whole range under the scale `range`; under L∞ every category is then locked
/// below ε = 1, as it is in benchmarks that measure one-hot columns like any other. Suites for
/// tables therefore state the cost.
///
/// A clean value outside the valid range may stay where it is, or move toward the range.
///
/// - Shapes: inputs and perturbed inputs are encoded, `[N] + input.encodedShape`.
public struct ThreatModel: Hashable, Sendable {
  public let norm: Norm
  /// The radius of the ball, in scaled units.
  public let epsilon: Double
  public let scale: Scale
  /// What a changed category or a flipped binary value counts; nil where none may change.
  public let categoryCost: Double?
  public let input: InputSpecification
  /// The rules as tensors over the encoded positions.
  let constraints: EncodedConstraints

  /// The length that counts as one unit, for each continuous or integer feature.
  public enum Scale: Hashable, Sendable {
    /// The input's own unit.
    case unit
    /// The width of the feature's valid range.
    case range
    /// One number per feature, or per position where the input names no features; 0 locks it.
    case explicit([Double])
  }

  /// - Throws: `AttackError` if a number is out of range or a feature lacks what the scale needs.
  public init(
    norm: Norm, epsilon: Double, input: InputSpecification, scale: Scale = .unit,
    categoryCost: Double? = 1
  ) throws {
    guard epsilon >= 0, epsilon.isFinite else { throw AttackError.epsilon(epsilon) }
    if let categoryCost, !(categoryCost > 0 && categoryCost.isFinite) {
      throw AttackError.categoryCost(categoryCost)
    }
    self.norm = norm
    self.epsilon = epsilon
    self.scale = scale
    self.categoryCost = categoryCost
    self.input = input
    constraints = try EncodedConstraints(input, scale: scale, categoryCost: categoryCost)
  }

  private init(_ other: ThreatModel, epsilon: Double) {
    norm = other.norm
    self.epsilon = epsilon
    scale = other.scale
    categoryCost = other.categoryCost
    input = other.input
    constraints = other.constraints
  }

  /// The same threat with another radius.
  ///
  /// - Throws: `AttackError` if the radius is negative or not finite.
  public func with(epsilon: Double) throws -> ThreatModel {
    guard epsilon >= 0, epsilon.isFinite else { throw AttackError.epsilon(epsilon) }
    return ThreatModel(self, epsilon: epsilon)
  }

  /// The threat without its radius: what a traced program depends on.
  var shape: ThreatModel { ThreatModel(self, epsilon: 0) }

  /// Whether some values must be whole, so that a point has to be snapped before it counts.
  public var isDiscrete: Bool { constraints.isDiscrete }

  public static func == (left: ThreatModel, right: ThreatModel) -> Bool {
    left.norm == right.norm && left.epsilon == right.epsilon && left.scale == right.scale
      && left.categoryCost == right.categoryCost && left.input == right.input
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(norm)
    hasher.combine(epsilon)
    hasher.combine(scale)
    hasher.combine(categoryCost)
    hasher.combine(input)
  }
}

extension ThreatModel: Codable {
  private enum CodingKeys: String, CodingKey {
    case norm, epsilon, scale, categoryCost, input
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      norm: container.decode(Norm.self, forKey: .norm),
      epsilon: container.decode(Double.self, forKey: .epsilon),
      input: container.decode(InputSpecification.self, forKey: .input),
      scale: container.decode(Scale.self, forKey: .scale),
      categoryCost: container.decodeIfPresent(Double.self, forKey: .categoryCost))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(norm, forKey: .norm)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(input, forKey: .input)
    try container.encode(scale, forKey: .scale)
    try container.encodeIfPresent(categoryCost, forKey: .categoryCost)
  }
}

/// "unit", "range" or a list of numbers.
extension ThreatModel.Scale: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let name = try? container.decode(String.self) else {
      self = .explicit(try container.decode([Double].self))
      return
    }
    switch name {
    case "unit": self = .unit
    case "range": self = .range
    default:
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected 'unit', 'range' or numbers, got '\(name)'")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .unit: try container.encode("unit")
    case .range: try container.encode("range")
    case .explicit(let numbers): try container.encode(numbers)
    }
  }
}
