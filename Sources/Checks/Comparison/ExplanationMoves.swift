import Audits
import Explanations
import Tensors

/// How far the explanations of the common samples moved from one model to the other.
struct ExplanationMoves {
  /// That which moved most first.
  let moves: [RecordComparison.Move]
  /// Explanations of the same sample, method and class that cannot be compared: their settings
  /// differ, one did not converge, or one is constant.
  let incomparable: Int

  private struct Key: Hashable {
    let sample: Int
    let method: String
    let target: Int
  }

  init(_ common: CommonRecords) {
    let others = Dictionary(
      common.second.explanations.map { (Self.key($0), $0) },
      uniquingKeysWith: { first, _ in first })
    let names = Dictionary(
      common.first.predictions.map { ($0.sample, $0.name) },
      uniquingKeysWith: { first, _ in first })
    let pairs = common.first.explanations.compactMap { explanation in
      others[Self.key(explanation)].map { (explanation, $0) }
    }
    let compared = pairs.compactMap { before, after in
      Self.rankCorrelation(before, after).map {
        RecordComparison.Move(
          sample: before.sample, name: names[before.sample] ?? "", method: before.method,
          target: before.target, rankCorrelation: $0)
      }
    }
    moves = compared.sorted {
      ($0.rankCorrelation, $0.sample, $0.method) < ($1.rankCorrelation, $1.sample, $1.method)
    }
    incomparable = pairs.count - compared.count
  }

  private static func key(_ finding: ExplanationFinding) -> Key {
    Key(sample: finding.sample, method: finding.method, target: finding.target)
  }

  private static func rankCorrelation(
    _ before: ExplanationFinding, _ after: ExplanationFinding
  ) -> Double? {
    let (clean, changed) = (before.attributions.doubles, after.attributions.doubles)
    guard before.parameters == after.parameters, before.baseline == after.baseline,
      before.isConverged, after.isConverged, !clean.isEmpty,
      before.attributions.shape == after.attributions.shape,
      (clean + changed).allSatisfy(\.isFinite)
    else { return nil }
    return AttributionShift(clean: clean, attacked: changed).rankCorrelation
  }
}
