public import ConfigurationFiles

extension Suite {
  /// What is measured besides attacks and the explanations of single samples.
  public struct Assessments: Sendable, Hashable {
    /// The names of corruptions; nil: all that suit the input.
    public var corruptions: [String]?
    /// Where the suite names corruptions.
    public var corruptionsPlace: ConfigurationPlace?
    /// How often each feature is permuted to see how much the model relies on it; 0: never.
    public var permutationRepeats = 20
    /// For how many features accumulated local effects are computed.
    public var effectFeatures = 8
    public var decisions: Decisions?
  }

  /// How answers become decisions about people.
  public struct Decisions: Sendable, Hashable {
    /// The class that an applicant hopes for.
    public var favourable: String
    /// Where the suite names it.
    public var place: ConfigurationPlace
    public var cutoff = 0.5
    public var reasonCount = 4
    public var counterfactualCount = 20
  }
}

extension Suite.Assessments {
  /// The keys of a suite that are about assessments.
  static let keys = ["corruptions", "permutation-repeats", "effect-features", "decisions"]

  /// Reads what a suite says about assessments; what it leaves out keeps its default.
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  init(_ suite: ConfigurationMapping) throws {
    if let node = suite["corruptions"] {
      corruptionsPlace = node.place
      corruptions = try Self.names(node)
    }
    permutationRepeats =
      try suite.integer("permutation-repeats", in: 0...1_000) ?? permutationRepeats
    if permutationRepeats == 1 {
      throw suite.expected("permutation-repeats", "0 for none, or at least 2 for a standard error")
    }
    effectFeatures = try suite.integer("effect-features", in: 0...) ?? effectFeatures
    decisions = try suite["decisions"].map { try Suite.Decisions($0) }
  }

  /// A list of names, `all` or `none`.
  private static func names(_ node: ConfigurationNode) throws -> [String]? {
    guard case .scalar = node.content else { return try node.items.map { try $0.string() } }
    switch try node.choice(of: Whole.self) {
    case .all: return nil
    case .none: return []
    }
  }

  private enum Whole: String, CaseIterable { case all, none }
}

extension Suite.Decisions {
  init(_ node: ConfigurationNode) throws {
    let keys = try node.mapping(keys: ["favourable", "cut-off", "reasons", "counterfactuals"])
    let name = try keys.required("favourable")
    favourable = try name.string()
    place = name.place
    reasonCount = try keys.integer("reasons", in: 1...20) ?? reasonCount
    counterfactualCount = try keys.integer("counterfactuals", in: 0...) ?? counterfactualCount
    guard let stated = try keys.number("cut-off") else { return }
    guard stated > 0, stated < 1 else {
      throw keys.expected("cut-off", "a probability above 0 and below 1")
    }
    cutoff = stated
  }
}
