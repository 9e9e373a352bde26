import Statistics

/// Fisher's exact tests of every slice against all other samples, corrected together.
///
/// Where just two slices have samples, the test of the one is the test of the other and counts once.
struct SliceTests: Sendable {
  /// What a test is about.
  private struct Subject: Hashable {
    var partition: Int
    var slice: Int
    var criterion: Int
  }

  private let tests: [Subject: Int]
  private let probabilities: [Double]
  private let adjusted: [Double]

  /// How many tests were corrected for together.
  var count: Int { probabilities.count }

  /// The tests of the counts of each partition.
  init(_ partitions: [SliceCounts], sliceCounts: [Int]) {
    var tests: [Subject: Int] = [:]
    var probabilities: [Double] = []
    for (partition, counts) in partitions.enumerated() {
      for criterion in 0..<counts.criterionCount {
        let slices = (0..<sliceCounts[partition]).filter { counts.count($0, criterion) > 0 }
        guard slices.count > 1 else { continue }
        for slice in slices {
          if slices.count > 2 || slice == slices[0] {
            probabilities.append(Self.probability(slice, criterion, counts))
          }
          tests[Subject(partition: partition, slice: slice, criterion: criterion)] =
            probabilities.count - 1
        }
      }
    }
    self.tests = tests
    self.probabilities = probabilities
    adjusted = HolmCorrection.adjusted(probabilities)
  }

  private static func probability(_ slice: Int, _ criterion: Int, _ counts: SliceCounts) -> Double {
    let total = counts.total(criterion)
    let (successes, count) = (counts.successCount(slice, criterion), counts.count(slice, criterion))
    return FisherExactTest(
      successes: successes, of: count, otherSuccesses: total.successes - successes,
      of: total.count - count
    ).probability
  }

  /// The p-value of a slice, as it is and corrected; nil where there is nothing to compare with.
  func result(
    partition: Int, slice: Int, criterion: Int
  ) -> (probability: Double, adjusted: Double)? {
    tests[Subject(partition: partition, slice: slice, criterion: criterion)].map {
      (probabilities[$0], adjusted[$0])
    }
  }
}
