public import Audits
public import Tensors

extension RecordComparison {
  /// One measure of both models on the common samples, and how it changed.
  public struct MeasureChange: Codable, Hashable, Sendable {
    public var kind: Measure.Kind
    /// What the measure is restricted to: empty for all samples, else "class 3", "sex: female"; the
    /// attribute of a gap between groups.
    public var group: String
    public var norm: Norm?
    /// The radius of a robust accuracy; the distance at which a median distance is capped.
    public var epsilon: Double?
    /// nil: undefined on these samples.
    public var first: Double?
    public var second: Double?
    /// Second − first.
    public var difference: Double?
    public var lower: Double?
    public var upper: Double?
    /// Samples for which it held before and holds no more; nil unless it is a share of samples.
    public var worsened: Int?
    /// Samples for which it did not hold before and holds now.
    public var improved: Int?
    /// Of a split at least as uneven as `worsened` and `improved` if neither were likelier.
    public var mcNemarProbability: Double?
    /// How the interval came about.
    public var intervalMethod: String
    /// The number of samples behind both values.
    public var count: Int
    public var note: String
  }

  /// What an interval says about a change.
  public enum Judgement: String, Hashable, Sendable {
    case better, worse, undecided
  }
}

extension RecordComparison.MeasureChange {
  /// Better or worse where the whole interval lies on one side of zero.
  public var judgement: RecordComparison.Judgement {
    guard let lower, let upper, lower > 0 || upper < 0 else { return .undecided }
    return (lower > 0) == kind.isBetterWhenHigher ? .better : .worse
  }

  /// Whether the measure is of the whole model rather than of one class or group.
  public var isHeadline: Bool { group.isEmpty || kind == .groupGap }

  /// The measure in words: "robust accuracy at L∞ 0.3".
  package var words: String {
    var words = kind.words
    if let norm, kind == .medianDistance {
      words += " in \(norm.symbol)"
    } else if let norm, let epsilon {
      words += " at \(norm.symbol) \(epsilon.words)"
    }
    return group.isEmpty ? words : "\(words) (\(group))"
  }
}

extension Measure.Kind {
  fileprivate var isBetterWhenHigher: Bool {
    switch self {
    case .cleanAccuracy, .robustAccuracy, .attackAccuracy, .medianDistance, .selectionRatio,
      .explanationQuality, .explanationStability:
      true
    case .expectedCalibrationError, .brierScore, .groupGap, .equalizedOdds: false
    }
  }
}
