import Foundation
import Statistics
import Testing

@testable import Assessments

@Suite("Groups by hand")
struct SmallGroupTests {
  private let bootstrap = Bootstrap(resamples: 50, seed: 1)

  /// Ten samples of two sites: 3 of 4 right at A, 2 of 6 at B.
  private func outcomes(accepted: [Bool]? = nil, positiveClass: Int? = nil) -> GroupedOutcomes {
    GroupedOutcomes(
      labels: [0, 1, 2, 0, 0, 1, 2, 0, 1, 2], predicted: [0, 1, 2, 1, 1, 1, 2, 1, 0, 0],
      positiveClass: positiveClass, accepted: accepted,
      attributes: (0..<10).map { [.init("site", $0 < 4 ? "A" : "B")] })
  }

  @Test("rates are counted as by hand")
  func counts() throws {
    let found = GroupAssessment(outcomes(positiveClass: 1), bootstrap: bootstrap)
    #expect(
      found.criteria.map(\.kind)
        == [.cleanAccuracy, .selectionRate, .truePositiveRate, .falsePositiveRate])
    let sites = found.partitions[0].slices
    let a = sites[0].rates.map(\.estimate.value)
    let b = sites[1].rates.map(\.estimate.value)
    // Of A's samples one is of class 1 and two are taken for it; of B's two are, three are taken.
    let all = found.overall.map(\.value)
    let expected: [[Double?]] = [
      [0.75, 0.5, 1, 1.0 / 3], [2.0 / 6, 0.5, 0.5, 0.5], [0.5, 0.5, 2.0 / 3, 3.0 / 7],
    ]
    #expect([a, b, all] == expected)
    // 3 of 4 against 2 of 6: C(5, k) C(5, 4 − k) / 210 = 5, 50, 100, 50, 5 of 210.
    #expect(abs(try #require(sites[0].rates[0].probability) - 110.0 / 210) < 1e-12)
    #expect(found.testCount == 4)
    #expect(!found.isDecision && found.partitions[0].all.parity == nil)
    let gap = found.partitions[0].all.gaps[0]
    #expect(gap.lowest == 1 && gap.highest == 0)
    #expect(abs(try #require(gap.estimate.value) - (0.75 - 2.0 / 6)) < 1e-12)
  }

  @Test("without a positive class only accuracies are compared, and with a rule those accepted")
  func criteria() {
    let plain = GroupAssessment(outcomes(), bootstrap: bootstrap)
    #expect(plain.criteria.map(\.kind) == [.cleanAccuracy])
    let accepted = (0..<10).map { $0 < 4 }
    let decided = GroupAssessment(outcomes(accepted: accepted), bootstrap: bootstrap)
    #expect(decided.criteria.map(\.kind) == [.cleanAccuracy, .selectionRate])
    let parity = decided.partitions[0].all.parity
    #expect(parity?.selectionRateRatio.value == 0)
    #expect(parity?.equalizedOddsDifference.value == nil)
    let nobody = GroupAssessment(
      outcomes(accepted: accepted.map { _ in false }), bootstrap: bootstrap)
    #expect(nobody.partitions[0].all.parity?.selectionRateRatio.value == nil)
  }

  @Test("what is not stated is a group of its own, and combinations that do not occur are none")
  func notStated() {
    var outcomes = outcomes()
    outcomes.attributes = (0..<10).map { index in
      index < 2 ? [] : [.init("age", index < 6 ? "9" : "10"), .init("site", "A")]
    }
    let found = GroupAssessment(outcomes, bootstrap: bootstrap)
    #expect(found.partitions.map(\.attributes) == [["age"], ["site"], ["age", "site"]])
    #expect(found.partitions[0].slices.map(\.values) == [["9"], ["10"], ["not stated"]])
    #expect(
      found.partitions[2].slices.map(\.values)
        == [["9", "A"], ["10", "A"], ["not stated", "not stated"]])
    #expect(found.partitions[2].slices.map(\.count) == [4, 4, 2])
  }

  @Test("one group alone has no gap, no p-value and nothing to detect")
  func single() {
    var outcomes = outcomes()
    outcomes.attributes = (0..<10).map { _ in [.init("site", "A")] }
    let found = GroupAssessment(outcomes, bootstrap: bootstrap)
    let gap = found.partitions[0].all.gaps[0]
    #expect(gap.estimate.value == nil && gap.probability == nil && gap.lowest == nil)
    #expect(found.testCount == 0)
    #expect(found.partitions[0].slices[0].rates[0].detectable == nil)
  }

  @Test("an attribute with a value for every sample is named and left out")
  func tooMany() {
    let count = GroupAssessment.sliceLimit + 1
    let found = GroupAssessment(
      GroupedOutcomes(
        labels: Array(repeating: 0, count: count), predicted: Array(repeating: 0, count: count),
        attributes: (0..<count).map { [.init("number", "\($0)"), .init("site", "A")] }),
      bootstrap: bootstrap)
    #expect(found.partitions.map(\.attributes) == [["site"]])
    #expect(found.unsliced.map(\.attributes) == [["number"], ["number", "site"]])
    #expect(found.unsliced.map(\.sliceCount) == [count, count])
  }

  @Test("the gap's resamples are those of a gap that is resampled alone")
  func measures() throws {
    let outcomes = outcomes()
    let found = GroupAssessment(outcomes, bootstrap: bootstrap).partitions[0].all.gaps[0].estimate
    let alone = try #require(
      bootstrap.interval(count: 10, purpose: "group gap site") { indices in
        let rates = [indices.filter { $0 < 4 }, indices.filter { $0 >= 4 }].map { members in
          members.isEmpty
            ? nil
            : Double(members.count { outcomes.labels[$0] == outcomes.predicted[$0] })
              / Double(members.count)
        }
        guard let first = rates[0], let second = rates[1] else { return nil }
        return abs(first - second)
      })
    #expect(found.lower == alone.lower && found.upper == alone.upper)
  }

  @Test("the same samples give the same bytes, and JSON keeps everything")
  func repetition() throws {
    let outcomes = try RecordedAssessments.groups().outcomes
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let found = GroupAssessment(outcomes, bootstrap: bootstrap)
    let data = try encoder.encode(found)
    #expect(try encoder.encode(GroupAssessment(outcomes, bootstrap: bootstrap)) == data)
    #expect(try JSONDecoder().decode(GroupAssessment.self, from: data) == found)
  }
}
