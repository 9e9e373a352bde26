import Statistics

/// What the gaps of one partition were in each resample, where they were defined.
struct GapResamples: Sendable {
  /// By criterion.
  var gaps: [[Double]]
  var ratios: [Double] = []
  var odds: [Double] = []

  init(criterionCount: Int) { gaps = Array(repeating: [], count: criterionCount) }

  private mutating func add(_ statistics: GapStatistics, _ counts: SliceCounts) {
    for criterion in gaps.indices {
      if let extremes = statistics.extremes(criterion, counts) {
        gaps[criterion].append(extremes.gap)
      }
    }
    if let ratio = statistics.selectionRateRatio(counts) { ratios.append(ratio) }
    if let difference = statistics.equalizedOddsDifference(counts) { odds.append(difference) }
  }

  /// The resampled gaps of every partition, for each of its statistics.
  ///
  /// The resamples of one attribute are those of the gap among a record's measures; pairs of
  /// attributes share theirs.
  ///
  /// - Parameters:
  ///   - profiles: The samples.
  ///   - partitions: Their slices.
  ///   - statistics: By partition, one or more choices of slices.
  ///   - bootstrap: How they are resampled.
  /// - Returns: By partition and choice.
  static func all(
    _ profiles: OutcomeProfiles, _ partitions: [SamplePartition], _ statistics: [[GapStatistics]],
    _ bootstrap: Bootstrap
  ) -> [[GapResamples]] {
    var resamples = statistics.map { choices in
      choices.map { GapResamples(criterionCount: $0.criteria.count) }
    }
    for pass in passes(partitions) {
      bootstrap.forEachResample(count: profiles.profiles.count, purpose: pass.purpose) { samples in
        let occurrences = profiles.occurrences(of: samples)
        for partition in pass.partitions {
          let counts = profiles.counts(
            partition: partition, sliceCount: partitions[partition].values.count, occurrences)
          for (choice, statistics) in statistics[partition].enumerated() {
            resamples[partition][choice].add(statistics, counts)
          }
        }
      }
    }
    return resamples
  }

  /// Which partitions share the draws of one purpose.
  private static func passes(
    _ partitions: [SamplePartition]
  ) -> [(purpose: String, partitions: [Int])] {
    let single = partitions.indices.filter { partitions[$0].attributes.count == 1 }
    let pairs = partitions.indices.filter { partitions[$0].attributes.count > 1 }
    return single.map { ("group gap \(partitions[$0].attributes[0])", [$0]) }
      + (pairs.isEmpty ? [] : [("group intersections", pairs)])
  }
}
