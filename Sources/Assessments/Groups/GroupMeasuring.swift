import Statistics

/// Computes the parts of a group assessment from counts.
struct GroupMeasuring: Sendable {
  static let detection = DetectableDifference()

  let profiles: OutcomeProfiles
  let tests: SliceTests
  private let sliced: [SamplePartition]
  private let counts: [SliceCounts]
  private let totals: SliceCounts
  private let smallCount: Int
  private let confidence: Double

  init(
    _ outcomes: GroupedOutcomes, _ partitions: [SamplePartition], smallCount: Int,
    confidence: Double
  ) {
    // A last partition of one slice: all samples.
    let whole = SamplePartition(wholeOf: outcomes.count)
    let profiles = OutcomeProfiles(outcomes, partitions + [whole])
    let occurrences = profiles.occurrences(of: 0..<outcomes.count)
    self.profiles = profiles
    counts = partitions.enumerated().map { index, partition in
      profiles.counts(partition: index, sliceCount: partition.values.count, occurrences)
    }
    totals = profiles.counts(partition: partitions.count, sliceCount: 1, occurrences)
    tests = SliceTests(counts, sliceCounts: partitions.map(\.values.count))
    sliced = partitions
    self.smallCount = smallCount
    self.confidence = confidence
  }

  private var criteria: Range<Int> { profiles.criteria.indices }

  var overall: [IntervalEstimate] { criteria.map { share(totals, 0, $0) } }

  private func share(_ counts: SliceCounts, _ slice: Int, _ criterion: Int) -> IntervalEstimate {
    IntervalEstimate(
      successes: counts.successCount(slice, criterion), of: counts.count(slice, criterion),
      confidence: confidence)
  }

  func partitions(_ bootstrap: Bootstrap, withParity: Bool) -> [GroupAssessment.Partition] {
    let statistics = sliced.indices.map(choices)
    let resamples = GapResamples.all(profiles, sliced, statistics, bootstrap)
    return sliced.indices.map { index in
      let comparisons = zip(statistics[index], resamples[index]).map {
        comparison(index, $0, $1, bootstrap, withParity: withParity)
      }
      return GroupAssessment.Partition(
        attributes: sliced[index].attributes, slices: slices(index), all: comparisons[0],
        withoutSmall: comparisons.count > 1 ? comparisons[1] : nil)
    }
  }

  /// The statistics of all slices, and where some have few samples those of the others.
  private func choices(_ partition: Int) -> [GapStatistics] {
    let slices = sliced[partition].values.indices
    let all = criteria.map { _ in Array(slices) }
    let large = criteria.map { criterion in
      slices.filter { counts[partition].count($0, criterion) >= smallCount }
    }
    return (all == large ? [all] : [all, large]).map {
      GapStatistics(slices: $0, criteria: profiles.criteria)
    }
  }

  private func slices(_ partition: Int) -> [GroupAssessment.Slice] {
    sliced[partition].values.enumerated().map { slice, values in
      // Every sample has a clean accuracy.
      let count = counts[partition].count(slice, 0)
      return GroupAssessment.Slice(
        values: values, count: count, isSmall: count < smallCount,
        rates: criteria.map { rate(partition, slice, $0) })
    }
  }

  private func rate(_ partition: Int, _ slice: Int, _ criterion: Int) -> GroupAssessment.Rate {
    let counts = counts[partition]
    let total = counts.total(criterion)
    let count = counts.count(slice, criterion)
    let others = total.count - count
    let otherSuccesses = total.successes - counts.successCount(slice, criterion)
    let test = tests.result(partition: partition, slice: slice, criterion: criterion)
    return GroupAssessment.Rate(
      estimate: share(counts, slice, criterion), isSmall: count < smallCount,
      probability: test?.probability, adjustedProbability: test?.adjusted,
      detectable: others == 0
        ? nil
        : Self.detection.smallest(
          rate: Double(otherSuccesses) / Double(others), count: count, otherCount: others))
  }

  private func comparison(
    _ partition: Int, _ statistics: GapStatistics, _ resamples: GapResamples,
    _ bootstrap: Bootstrap, withParity: Bool
  ) -> GroupAssessment.Comparison {
    func estimate(_ value: Double?, _ resampled: [Double]) -> IntervalEstimate {
      IntervalEstimate(
        value: value, resampled: resampled, count: profiles.profiles.count, bootstrap: bootstrap)
    }
    let counts = counts[partition]
    let parity = GroupAssessment.Parity(
      selectionRateRatio: estimate(statistics.selectionRateRatio(counts), resamples.ratios),
      equalizedOddsDifference: estimate(
        statistics.equalizedOddsDifference(counts), resamples.odds))
    return GroupAssessment.Comparison(
      gaps: criteria.map { gap(partition, $0, statistics, resamples.gaps[$0], bootstrap) },
      parity: withParity ? parity : nil)
  }

  private func gap(
    _ partition: Int, _ criterion: Int, _ statistics: GapStatistics, _ resampled: [Double],
    _ bootstrap: Bootstrap
  ) -> GroupAssessment.Gap {
    let counts = counts[partition]
    let slices = statistics.slices[criterion]
    let extremes = statistics.extremes(criterion, counts)
    let tested = slices.compactMap { slice in
      tests.result(partition: partition, slice: slice, criterion: criterion).map { (slice, $0) }
    }.min { $0.1.probability < $1.1.probability }
    return GroupAssessment.Gap(
      criterion: profiles.criteria[criterion],
      estimate: IntervalEstimate(
        value: extremes?.gap, resampled: resampled,
        count: slices.reduce(0) { $0 + counts.count($1, criterion) }, bootstrap: bootstrap),
      lowest: extremes?.lowest.slice, highest: extremes?.highest.slice,
      probability: extremes == nil ? nil : tested?.1.probability,
      adjustedProbability: extremes == nil ? nil : tested?.1.adjusted,
      testedSlice: extremes == nil ? nil : tested?.0,
      detectable: extremes.flatMap { detectable($0, criterion, counts) })
  }

  /// What the lowest and the highest slice could have shown if both had the rate of all samples.
  private func detectable(
    _ extremes: GapStatistics.Extremes, _ criterion: Int, _ counts: SliceCounts
  ) -> Double? {
    totals.rate(0, criterion).flatMap { rate in
      Self.detection.smallest(
        rate: rate, count: counts.count(extremes.lowest.slice, criterion),
        otherCount: counts.count(extremes.highest.slice, criterion))
    }
  }
}
