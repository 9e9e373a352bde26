/// What may be asked of a classifier, by type: a gradient is in reach in one case only.
public enum ClassifierAccess: Sendable {
  case gradients(any DifferentiableClassifier)
  /// Answers alone; the reason says what stands in the way of a gradient.
  case queries(any Classifier, reason: String)

  /// The classifier for what every classifier gives.
  public var classifier: any Classifier {
    switch self {
    case .gradients(let model): model
    case .queries(let model, _): model
    }
  }
}

extension Classifier {
  public var access: ClassifierAccess { .queries(self, reason: "it is known by its answers only") }
}

extension DifferentiableClassifier {
  public var access: ClassifierAccess { .gradients(self) }
}
