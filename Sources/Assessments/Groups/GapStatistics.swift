/// The gaps of one partition as functions of counts, over the rates that take part.
struct GapStatistics: Sendable {
  /// By criterion: the slices whose rates take part.
  let slices: [[Int]]
  let criteria: [GroupAssessment.Criterion]

  /// The extreme rates of a criterion, and the slices that have them.
  struct Extremes: Sendable {
    var lowest: (slice: Int, rate: Double)
    var highest: (slice: Int, rate: Double)

    var gap: Double { highest.rate - lowest.rate }
  }

  /// Nil where fewer than two slices have a rate.
  func extremes(_ criterion: Int, _ counts: SliceCounts) -> Extremes? {
    var found: Extremes?
    var rateCount = 0
    for slice in slices[criterion] {
      guard let rate = counts.rate(slice, criterion) else { continue }
      rateCount += 1
      var extremes = found ?? Extremes(lowest: (slice, rate), highest: (slice, rate))
      if rate < extremes.lowest.rate { extremes.lowest = (slice, rate) }
      if rate > extremes.highest.rate { extremes.highest = (slice, rate) }
      found = extremes
    }
    return rateCount > 1 ? found : nil
  }

  /// The smallest selection rate divided by the largest; nil where nobody is selected.
  func selectionRateRatio(_ counts: SliceCounts) -> Double? {
    guard let criterion = position(.selectionRate),
      let extremes = extremes(criterion, counts), extremes.highest.rate > 0
    else { return nil }
    return extremes.lowest.rate / extremes.highest.rate
  }

  /// The larger of the gaps in true and false positive rates; nil where one is not defined.
  func equalizedOddsDifference(_ counts: SliceCounts) -> Double? {
    guard let first = position(.truePositiveRate), let second = position(.falsePositiveRate),
      let truePositives = extremes(first, counts), let falsePositives = extremes(second, counts)
    else { return nil }
    return max(truePositives.gap, falsePositives.gap)
  }

  private func position(_ kind: GroupAssessment.Criterion.Kind) -> Int? {
    criteria.firstIndex { $0.kind == kind }
  }
}
