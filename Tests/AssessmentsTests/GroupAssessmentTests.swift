import Foundation
import Statistics
import Testing

@testable import Assessments

@Suite("Group assessment")
struct GroupAssessmentTests {
  private let recorded: RecordedAssessments.Groups
  private let found: GroupAssessment

  init() throws {
    recorded = try RecordedAssessments.groups()
    found = GroupAssessment(recorded.outcomes, bootstrap: Bootstrap(resamples: 2_000, seed: 3))
  }

  @Test("rates, intervals and p-values of slices are fairlearn's, statsmodels' and SciPy's")
  func slices() throws {
    #expect(found.partitions.map(\.attributes) == recorded.partitions.map(\.attributes))
    for (partition, expected) in zip(found.partitions, recorded.partitions) {
      #expect(partition.slices.map(\.values) == expected.slices.map(\.values))
      for (slice, expected) in zip(partition.slices, expected.slices) {
        #expect(slice.count == expected.count && slice.isSmall == (slice.count < 30))
        #expect(found.criteria.map(\.kind.rawValue) == expected.rates.map(\.criterion))
        for (rate, expected) in zip(slice.rates, expected.rates) {
          #expect(rate.estimate.count == expected.count)
          #expect(rate.isSmall == (expected.count < 30))
          #expect(abs(try #require(rate.estimate.value) - expected.value) < 1e-12)
          #expect(abs(try #require(rate.estimate.lower) - expected.lower) < 1e-9)
          #expect(abs(try #require(rate.estimate.upper) - expected.upper) < 1e-9)
          #expect(abs(try #require(rate.probability) - expected.probability) < 1e-9)
        }
      }
    }
  }

  @Test("p-values are corrected together over all slices and criteria, as statsmodels does")
  func correction() throws {
    #expect(found.testCount == recorded.testCount)
    for (partition, expected) in zip(found.partitions, recorded.partitions) {
      for (slice, expected) in zip(partition.slices, expected.slices) {
        for (rate, expected) in zip(slice.rates, expected.rates) {
          guard let adjusted = expected.adjusted else { continue }
          #expect(abs(try #require(rate.adjustedProbability) - adjusted) < 1e-9)
        }
      }
    }
    // Of two slices, both show the one test.
    let sexes = found.partitions[0].slices
    #expect(sexes[0].rates[2].adjustedProbability == sexes[1].rates[2].adjustedProbability)
  }

  @Test("gaps, ratios and equalised odds are fairlearn's")
  func gaps() throws {
    for (partition, expected) in zip(found.partitions, recorded.partitions) {
      for gap in partition.all.gaps {
        let value = try #require(expected.gaps[gap.criterion.kind.rawValue])
        #expect(abs(try #require(gap.estimate.value) - value) < 1e-12)
      }
      let parity = try #require(partition.all.parity)
      let ratio = try #require(parity.selectionRateRatio.value)
      let odds = try #require(parity.equalizedOddsDifference.value)
      #expect(abs(ratio - expected.demographicParityRatio) < 1e-12)
      #expect(abs(odds - expected.equalizedOddsDifference) < 1e-12)
      let selection = try #require(partition.all.gaps[2].estimate.value)
      #expect(abs(selection - expected.demographicParityDifference) < 1e-12)
    }
  }

  @Test("bootstrap intervals are SciPy's within the error of resampling")
  func intervals() throws {
    let comparison = found.partitions[0].all
    let parity = try #require(comparison.parity)
    for (name, estimate) in [
      ("cleanAccuracyGap", comparison.gaps[0].estimate),
      ("selectionRateRatio", parity.selectionRateRatio),
      ("equalizedOddsDifference", parity.equalizedOddsDifference),
    ] {
      let expected = try #require(recorded.bootstrap[name])
      // Four standard errors of a 2.5 % quantile of 2,000 normal draws and of 20,000.
      let tolerance = 0.26 * expected.standardError
      #expect(abs(try #require(estimate.value) - (try #require(expected.value))) < 1e-12)
      #expect(abs(try #require(estimate.lower) - expected.lower) < tolerance, "\(name)")
      #expect(abs(try #require(estimate.upper) - expected.upper) < tolerance, "\(name)")
    }
  }

  @Test("the gap names its slices and its smallest p-value")
  func extremes() throws {
    for partition in found.partitions {
      for (index, gap) in partition.all.gaps.enumerated() {
        let rates = partition.slices.compactMap { $0.rates[index].estimate.value }
        let lowest = try #require(gap.lowest)
        let highest = try #require(gap.highest)
        #expect(partition.slices[lowest].rates[index].estimate.value == rates.min())
        #expect(partition.slices[highest].rates[index].estimate.value == rates.max())
        let probabilities = partition.slices.compactMap { $0.rates[index].probability }
        #expect(gap.probability == probabilities.min())
        #expect(try #require(gap.adjustedProbability) >= (try #require(gap.probability)))
      }
    }
  }

  @Test("rates of few samples are left out of the second comparison, and only there")
  func withoutSmall() throws {
    let ages = found.partitions[1]
    let other = try #require(ages.withoutSmall)
    let large = ages.slices.compactMap { slice -> Double? in
      slice.rates[0].isSmall ? nil : slice.rates[0].estimate.value
    }
    #expect(large.count == 3)
    #expect(ages.slices[3].isSmall)
    #expect(other.gaps[0].estimate.value == (large.max() ?? 0) - (large.min() ?? 0))
    #expect(found.partitions[0].withoutSmall == nil)
  }
}
