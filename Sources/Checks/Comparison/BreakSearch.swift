import Audits

/// Finds which samples are broken anew, no more, or more easily.
struct BreakSearch {
  private let common: CommonRecords
  private let shared: SharedNorm
  private let first: NearestBreaks
  private let second: NearestBreaks
  private let unfinishedFirst: Set<Int>
  private let unfinishedSecond: Set<Int>

  /// How much nearer a break must be to count: distances vary a little from run to run.
  private static let nearer = 0.9

  init(_ common: CommonRecords, _ shared: SharedNorm) {
    self.common = common
    self.shared = shared
    first = NearestBreaks(common.first, shared.norm, within: shared.limit)
    second = NearestBreaks(common.second, shared.norm, within: shared.limit)
    unfinishedFirst = shared.unfinished(Robustness(common.first))
    unfinishedSecond = shared.unfinished(Robustness(common.second))
  }

  var changes: RecordComparison.BreakChanges {
    let correct = common.pairs.filter { $0.first.isCorrect && $0.second.isCorrect }.map(\.first)
    return RecordComparison.BreakChanges(
      norm: shared.norm, limit: shared.limit, scale: shared.scale, count: correct.count,
      unfinished: correct.count {
        unfinishedFirst.contains($0.sample) || unfinishedSecond.contains($0.sample)
      },
      new: nearestFirst(correct.compactMap(new)), fixed: nearestFirst(correct.compactMap(fixed)),
      worse: correct.compactMap(worse).sorted { ratio($0) < ratio($1) })
  }

  private func new(_ prediction: PredictionFinding) -> RecordComparison.Break? {
    guard first[prediction.sample] == nil, !unfinishedFirst.contains(prediction.sample) else {
      return nil
    }
    return second[prediction.sample].map { entry(prediction, by: $0) }
  }

  private func fixed(_ prediction: PredictionFinding) -> RecordComparison.Break? {
    guard second[prediction.sample] == nil, !unfinishedSecond.contains(prediction.sample) else {
      return nil
    }
    return first[prediction.sample].map { entry(prediction, by: $0) }
  }

  private func worse(_ prediction: PredictionFinding) -> RecordComparison.Break? {
    guard let before = first[prediction.sample], let after = second[prediction.sample],
      !unfinishedFirst.contains(prediction.sample), after.distance < Self.nearer * before.distance
    else { return nil }
    return entry(prediction, by: after)
  }

  private func entry(
    _ prediction: PredictionFinding, by finding: AttackFinding
  ) -> RecordComparison.Break {
    RecordComparison.Break(
      sample: prediction.sample, name: prediction.name, label: prediction.label,
      firstDistance: first[prediction.sample]?.distance,
      secondDistance: second[prediction.sample]?.distance, attack: finding.attack,
      predicted: finding.predicted)
  }

  private func nearestFirst(_ breaks: [RecordComparison.Break]) -> [RecordComparison.Break] {
    breaks.sorted {
      ($0.secondDistance ?? $0.firstDistance ?? 0, $0.sample)
        < ($1.secondDistance ?? $1.firstDistance ?? 0, $1.sample)
    }
  }

  /// What worse ones are ordered by; the sample decides between equal ratios.
  private func ratio(_ entry: RecordComparison.Break) -> (Double, Int) {
    guard let before = entry.firstDistance, let after = entry.secondDistance, before > 0 else {
      return (1, entry.sample)
    }
    return (after / before, entry.sample)
  }
}
