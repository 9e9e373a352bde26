/// How far the explanations of a method can be trusted: figures per sample, beside controls.
public struct ExplanationQuality: Codable, Hashable, Sendable {
  /// The method's registered name.
  public var method: String
  public var parameters: [Attribution.Parameter]
  /// How the figures were measured.
  public var settings: QualityAssessment
  public var seed: UInt64
  /// One a sample, in the order of the explanation.
  public var samples: [SampleQuality]

  /// The mean of a figure over the samples for which it is defined.
  public func summary(_ figure: (SampleQuality) -> Double?) -> QualitySummary {
    QualitySummary(samples.map(figure))
  }
}

/// The quality of one sample's explanation.
///
/// Figures that are undefined are nil, never 0.
public struct SampleQuality: Codable, Hashable, Sendable {
  public var sample: Int
  public var deletion: CurveComparison
  public var insertion: CurveComparison
  /// The Gini coefficient of the cells' magnitudes; nil where all are zero.
  public var sparseness: Double?
  /// The entropy of the cells' magnitudes in nats; nil where all are zero.
  public var complexity: Double?
  public var infidelity: InfidelityComparison?
  public var sensitivity: MaximumSensitivity?
  /// Spearman's ρ of the cells' magnitudes with those of the model with randomised weights.
  ///
  /// Near 0 for an explanation that depends on what the model learnt; nil where either is constant.
  public var randomizationCorrelation: Double?
}

/// A curve beside the same curve of the controls.
public struct CurveComparison: Codable, Hashable, Sendable {
  public var method: PerturbationCurve
  /// Of random numbers in place of attributions.
  public var random: PerturbationCurve
  /// Of the attributions of the model with randomised weights.
  public var randomizedModel: PerturbationCurve
}

/// How badly attributions predict changes of the output, beside controls; in squared logits.
public struct InfidelityComparison: Codable, Hashable, Sendable {
  public var value: Double
  /// With the attributions times the factor that fits best.
  public var scaled: Double
  /// Of attributions that are all zero.
  public var zero: Double
  /// Of random numbers, times the factor that fits best.
  public var scaledRandom: Double
}

/// The largest relative change of an explanation among small random changes of the input.
public struct MaximumSensitivity: Codable, Hashable, Sendable {
  /// The maximum of ‖a(x̃) − a(x)‖₂ / ‖a(x)‖₂; a length of 0 counts as 1.
  public var value: Double
  /// How many of the changed inputs are classified differently.
  public var classChanges: Int
}

/// The mean of a figure with its standard error.
public struct QualitySummary: Codable, Hashable, Sendable {
  /// Nil where the figure is defined for no sample.
  public var mean: Double?
  /// The standard deviation over √n; nil for fewer than two samples.
  public var standardError: Double?
  /// The samples for which the figure is defined, and those for which it is not.
  public var count: Int
  public var undefinedCount: Int

  public init(_ values: [Double?]) {
    let defined = values.compactMap { $0 }
    count = defined.count
    undefinedCount = values.count - defined.count
    guard !defined.isEmpty else { return }
    let n = Double(defined.count)
    let mean = defined.reduce(0, +) / n
    self.mean = mean
    guard defined.count > 1 else { return }
    let squares = defined.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = (squares / (n - 1) / n).squareRoot()
  }
}
