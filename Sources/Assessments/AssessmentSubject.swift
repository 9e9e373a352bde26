public import Tensors

/// Samples with their labels, as assessments need them.
public struct LabelledSamples: Sendable {
  /// Raw inputs, `[N] + input.shape`.
  public var inputs: Tensor
  public var labels: [Int]
  /// The samples' indices in the data set: random numbers and findings refer to them.
  public var samples: [Int]

  /// - Precondition: there is one label and one index an input.
  public init(inputs: Tensor, labels: [Int], samples: [Int]) {
    precondition(
      labels.count == inputs.shape[0] && samples.count == inputs.shape[0],
      "expected \(inputs.shape[0]) labels and indices, got \(labels.count) and \(samples.count)")
    self.inputs = inputs
    self.labels = labels
    self.samples = samples
  }

  public var count: Int { labels.count }
}

/// How answers become decisions about people: who is accepted, and what the declined are told.
public struct DecisionRule: Codable, Hashable, Sendable {
  /// The class that an applicant hopes for.
  public var favourableClass: Int
  /// Accepted is whose favourable probability is at least this.
  public var cutoff: Double
  /// At most so many reasons are given.
  public var reasonCount: Int
  /// For how many declined applicants counterfactuals are sought.
  public var counterfactualCount: Int

  /// - Precondition: 0 < cut-off < 1, and at least one reason.
  public init(
    favourableClass: Int, cutoff: Double = 0.5, reasonCount: Int = 4, counterfactualCount: Int = 20
  ) {
    precondition(cutoff > 0 && cutoff < 1, "expected a cut-off between 0 and 1, got \(cutoff)")
    precondition(reasonCount > 0, "expected at least one reason, got \(reasonCount)")
    self.favourableClass = favourableClass
    self.cutoff = cutoff
    self.reasonCount = reasonCount
    self.counterfactualCount = counterfactualCount
  }

  /// Whether a sample with these probabilities is accepted.
  public func accepts(_ probabilities: [Float]) -> Bool {
    Double(probabilities[favourableClass]) >= cutoff
  }
}
