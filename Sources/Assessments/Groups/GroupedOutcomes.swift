/// What a model answered for each sample, and which groups the sample belongs to.
public struct GroupedOutcomes: Sendable {
  /// One attribute of one sample: "sex", "female".
  public struct Attribute: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The value of a sample that states none: those make a group of their own.
  package static let notStated = "not stated"

  /// Which samples withstood a threat: classified correctly, and no attack within it broke them.
  public struct Threat: Sendable {
    /// "L∞ 0.1".
    public var name: String
    public var isRobust: [Bool]

    public init(_ name: String, isRobust: [Bool]) {
      self.name = name
      self.isRobust = isRobust
    }
  }

  public var labels: [Int]
  public var predicted: [Int]
  /// The class that counts as positive: favourable in a decision, ill in a diagnosis.
  ///
  /// Nil: the classes are just different, and only accuracies are compared.
  public var positiveClass: Int?
  /// Who is accepted by a decision rule; nil where there is none.
  public var accepted: [Bool]?
  /// The attributes of each sample; one that a sample lacks counts as "not stated".
  public var attributes: [[Attribute]]
  public var threats: [Threat]

  /// - Precondition: everything that is stated by sample is stated for every sample.
  public init(
    labels: [Int], predicted: [Int], positiveClass: Int? = nil, accepted: [Bool]? = nil,
    attributes: [[Attribute]], threats: [Threat] = []
  ) {
    let counts =
      [predicted.count, accepted?.count ?? labels.count, attributes.count]
      + threats.map(\.isRobust.count)
    precondition(
      counts.allSatisfy { $0 == labels.count },
      "expected \(labels.count) of everything, one a sample, got \(counts)")
    self.labels = labels
    self.predicted = predicted
    self.positiveClass = positiveClass
    self.accepted = accepted
    self.attributes = attributes
    self.threats = threats
  }

  public var count: Int { labels.count }
}
