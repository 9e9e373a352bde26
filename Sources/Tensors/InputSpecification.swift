/// What one sample of a model's input is: its shape, its features and their valid values.
///
/// Raw values are what a user writes: a categorical feature of a table is one column of integer
/// codes. Encoded values are what a network computes with: each categorical feature becomes a block
/// of one-hot columns. Everything that is not a table is encoded as it is.
public struct InputSpecification: Codable, Hashable, Sendable {
  /// How the axes of a sample are to be read.
  public enum Layout: String, Codable, Hashable, Sendable, CaseIterable {
    /// `[features]`
    case table
    /// `[channels, length]`
    case sequence
    /// `[channels, height, width]`
    case image
    /// Any other shape: positions mean what the model says.
    case array
  }

  public var layout: Layout
  /// The shape of one raw sample, without the batch axis.
  public var shape: Shape
  /// One feature a column of a table, or a channel of a sequence or image; may be empty elsewhere.
  public var features: [Feature]
  /// The valid range of every value whose feature states none.
  public var range: ValueRange?
  /// The inputs beside the audited one whose values samples carry along; they are part of `shape`.
  public var heldInputs: [HeldInput] { held ?? [] }
  // Optional, so that records and models of specifications without it can be read.
  private var held: [HeldInput]?

  /// - Precondition: a table has one feature a column; anything else one a channel, or none.
  public init(
    layout: Layout, shape: Shape, features: [Feature] = [], range: ValueRange? = nil
  ) {
    self.init(layout: layout, shape: shape, features: features, range: range, heldInputs: [])
  }

  /// Samples whose last rows are held inputs; `holding` makes them.
  init(
    layout: Layout, shape: Shape, features: [Feature], range: ValueRange?, heldInputs: [HeldInput]
  ) {
    let channels = shape.rank == 0 ? 0 : shape[0]
    precondition(
      features.count == channels || (features.isEmpty && layout != .table),
      "expected \(channels) features for a \(layout) of shape \(shape), got \(features.count)")
    self.layout = layout
    self.shape = shape
    self.features = features
    self.range = range
    held = heldInputs.isEmpty ? nil : heldInputs
  }

  /// A table with one column a feature.
  public static func table(_ features: [Feature]) -> InputSpecification {
    InputSpecification(layout: .table, shape: [features.count], features: features)
  }

  /// An image of `[channels, height, width]` whose values lie in a range.
  public static func image(
    _ shape: Shape, range: ValueRange? = ValueRange(0...1)
  ) -> InputSpecification {
    InputSpecification(layout: .image, shape: shape, range: range)
  }

  /// A sequence of `[channels, length]`.
  public static func sequence(_ shape: Shape, range: ValueRange? = nil) -> InputSpecification {
    InputSpecification(layout: .sequence, shape: shape, range: range)
  }

  /// The feature with the given name.
  public func feature(named name: String) -> Feature? { features.first { $0.name == name } }
}

/// The first raw value of a batch that the specification does not allow.
public struct InputViolation: Error, Hashable, Sendable {
  public var sample: Int
  /// The position within the sample, row-major.
  public var position: Int
  public var value: Double
  /// What would be valid, in words: "a whole number", "in [0, 1]".
  public var expected: String
  /// The name of the column or channel, where it has one.
  public var feature: String?
}

extension InputViolation: CustomStringConvertible {
  public var description: String { "sample \(sample), \(words)" }

  /// What is wrong within the sample.
  package var words: String {
    let place = feature.map { "feature '\($0)'" } ?? "position \(position)"
    return "\(place): expected \(expected), got \(value)"
  }
}

extension InputSpecification {
  /// The first value of raw inputs `[N] + shape` that is not valid, nil if all are.
  ///
  /// - Precondition: the inputs are of this specification's shape.
  public func firstViolation(in raw: Tensor) -> InputViolation? {
    precondition(raw.shape.sample == shape, "expected [N] + \(shape), got \(raw.shape)")
    let size = shape.count
    let perFeature = features.isEmpty ? size : size / max(features.count, 1)
    let auditedCount = audited.shape.count
    for (index, value) in raw.doubles.enumerated() {
      let position = index % max(size, 1)
      // The numbers of held inputs mean what the model says.
      guard position < auditedCount || !value.isFinite else { continue }
      let feature = features.isEmpty ? nil : features[position / max(perFeature, 1)]
      if let expected = rule(brokenBy: value, of: feature) {
        return InputViolation(
          sample: index / size, position: position, value: value, expected: expected,
          feature: feature?.name)
      }
    }
    return nil
  }

  private func rule(brokenBy value: Double, of feature: Feature?) -> String? {
    guard value.isFinite else { return "a finite number" }
    if let feature, feature.isDiscrete, value != value.rounded() { return "a whole number" }
    if let valid = feature?.validRange ?? range, !valid.contains(value) {
      return "a value in \(valid)"
    }
    return nil
  }
}
