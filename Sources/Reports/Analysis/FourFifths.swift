import Assessments
import Statistics

/// Whether the lowest selection rate is at least four fifths of the highest (29 CFR 1607.4 D).
enum FourFifths {
  /// What the rule asks of a ratio of selection rates.
  static let limit = 0.8

  /// The whole interval of the ratio is on one side of four fifths, or it is not.
  enum Verdict: Hashable, Sendable { case met, missed, open }
}

extension GroupAssessment.Comparison {
  /// The gap in selection rates.
  var selection: GroupAssessment.Gap? { gaps.first { $0.criterion.kind == .selectionRate } }

  /// The verdict; nil where the ratio has no interval.
  ///
  /// Of many slices the extremes lie apart by chance alone, which makes ratios small. The rule is
  /// therefore missed only where a test shows a difference as well.
  func fourFifths(_ level: Double) -> FourFifths.Verdict? {
    guard let lower = parity?.selectionRateRatio.lower, let upper = parity?.selectionRateRatio.upper
    else { return nil }
    if lower >= FourFifths.limit { return .met }
    return upper < FourFifths.limit && selection?.isShown(level) == true ? .missed : .open
  }
}

extension GroupAssessment.Gap {
  /// Whether a test, corrected for all tests, shows a difference.
  func isShown(_ level: Double) -> Bool { adjustedProbability.map { $0 <= level } ?? false }
}
