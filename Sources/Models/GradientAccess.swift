/// What differentiating a model's program says about the model.
public enum GradientAccess: Hashable, Sendable {
  /// The derivative of what the program computes.
  case exact
  /// An estimate: each of these operators counts as the identity when the program is differentiated.
  ///
  /// - Source: Bengio et al. 2013, arXiv:1308.3432, section 3.1 ("straight-through estimator").
  case straightThrough(operators: [String])
  /// No gradient at all, because of what the reason names: "tree ensembles: TreeEnsembleClassifier".
  case none(reason: String)
}

extension GradientAccess: Codable {
  private enum Kind: String, Codable {
    case exact
    case straightThrough = "straight-through"
    case none
  }

  private enum Key: String, CodingKey { case kind, operators, reason }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .exact: self = .exact
    case .straightThrough:
      self = .straightThrough(operators: try container.decode([String].self, forKey: .operators))
    case .none: self = .none(reason: try container.decode(String.self, forKey: .reason))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .exact: try container.encode(Kind.exact, forKey: .kind)
    case .straightThrough(let operators):
      try container.encode(Kind.straightThrough, forKey: .kind)
      try container.encode(operators, forKey: .operators)
    case .none(let reason):
      try container.encode(Kind.none, forKey: .kind)
      try container.encode(reason, forKey: .reason)
    }
  }
}
