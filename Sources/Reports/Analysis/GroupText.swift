import Assessments
import Audits
import Statistics

/// What slices, criteria and gaps are called.
struct GroupText: Sendable {
  private let assessment: GroupAssessment
  private let positiveName: String
  private let words: Words

  init(_ assessment: GroupAssessment, record: AuditRecord, words: Words) {
    self.assessment = assessment
    self.words = words
    positiveName = assessment.positiveClass.map(record.className) ?? ""
  }

  /// "sex × age".
  static func name(_ attributes: [String]) -> String { attributes.joined(separator: " × ") }

  /// "sex: female", "sex: female, age: 25".
  func slice(_ partition: GroupAssessment.Partition, _ position: Int) -> String {
    zip(partition.attributes, partition.slices[position].values)
      .map { "\($0): \($1)" }.joined(separator: ", ")
  }

  /// A criterion, in the terms of decisions where there are any.
  func criterion(_ criterion: GroupAssessment.Criterion) -> String {
    let values: KeyValuePairs = ["threat": criterion.threat ?? "", "class": positiveName]
    let isAccuracy = [.cleanAccuracy, .robustAccuracy].contains(criterion.kind)
    return assessment.isDecision && !isAccuracy
      ? words("groups.decision.\(criterion.kind.rawValue)", values)
      : words("groups.criterion.\(criterion.kind.rawValue)", values)
  }

  /// The size of a gap, and between whom it is.
  func sentence(
    _ key: String, _ partition: GroupAssessment.Partition, _ gap: GroupAssessment.Gap
  ) -> String {
    let estimate = Estimate(interval: gap.estimate, isFraction: true)
    return words(
      key,
      [
        "criterion": criterion(gap.criterion), "gap": estimate.text,
        "interval": estimate.interval ?? "–", "lowest": extreme(partition, gap, gap.lowest),
        "highest": extreme(partition, gap, gap.highest), "small": "\(assessment.smallCount)",
      ])
  }

  /// A slice with its rate and the samples behind it.
  func extreme(
    _ partition: GroupAssessment.Partition, _ gap: GroupAssessment.Gap, _ position: Int?
  ) -> String {
    guard let position, let criterion = assessment.criteria.firstIndex(of: gap.criterion) else {
      return "–"
    }
    let estimate = partition.slices[position].rates[criterion].estimate
    return words(
      "groups.extreme",
      [
        "slice": slice(partition, position),
        "rate": estimate.value.map(NumberText.percent) ?? "–",
        "count": NumberText.count(estimate.count),
      ])
  }

  /// Whether a difference is shown, and if not what could have been seen.
  func judgement(
    _ partition: GroupAssessment.Partition, _ gap: GroupAssessment.Gap
  ) -> String {
    guard let probability = gap.adjustedProbability, let tested = gap.testedSlice else {
      return words("groups.untested")
    }
    let values: KeyValuePairs = [
      "probability": NumberText.probabilityRelation(probability), "slice": slice(partition, tested),
      "detectable": gap.detectable.map(NumberText.percent) ?? "",
    ]
    guard probability > assessment.level else { return words("groups.shown", values) }
    return gap.detectable == nil
      ? words("groups.blind", values) : words("groups.notShown", values)
  }
}
