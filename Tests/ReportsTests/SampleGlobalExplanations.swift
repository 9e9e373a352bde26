import Audits
import Statistics
import Tensors

@testable import Assessments

extension SampleRecords {
  /// Global explanations of a record of a table: importances that fall, then an unclear one.
  static func explainedGlobally(
    _ record: AuditRecord, targets: [Int] = [1], scale: EffectAssessment.Scale = .probability
  ) -> AuditRecord {
    var record = record
    record.assessments.importance = importance(record.model.input)
    record.assessments.effects = EffectAssessment(
      targets: targets, scale: scale, count: record.predictions.count,
      features: [
        effect(
          1, record, .intervals, points: [250, 1_250.5, 4_000, 18_400], counts: [50, 50, 50],
          values: [-0.125, -0.02, 0.04, 0.25], targets),
        effect(
          2, record, .levels, points: [3, 1, 0, 2], counts: [60, 40, 38, 12],
          values: [-0.1, 0, 0.05, 0.15], targets),
        effect(
          6, record, .levels, points: [0, 1], counts: [90, 60], values: [0.02, -0.03], targets),
      ], constantFeatures: ["years employed"])
    return record
  }

  static func importance(_ input: InputSpecification) -> ImportanceAssessment {
    let features = input.features
    let parts = features.enumerated().map { index, feature in
      PartImportance(
        name: feature.name, kind: .feature, area: nil,
        loss: estimate(index == 5 ? -0.002 : 0.2 / Double(index + 1), width: 0.015),
        accuracy: estimate(0.1 / Double(index + 1), width: 0.02))
    }
    var importance = ImportanceAssessment(
      parts: parts,
      groups: [
        GroupImportance(
          members: [0, 1], loss: estimate(0.41, width: 0.05),
          accuracy: estimate(0.125, width: 0.03))
      ], associationLimit: 0.7,
      associations: [FeatureAssociation(first: 0, second: 1, value: 0.81, method: .spearman)],
      repeats: 20, seed: 7, count: 150, logLoss: 0.493, accuracy: 0.76)
    importance.parts[3].loss = ImportanceEstimate(
      estimate: importance.parts[3].loss.estimate, standardError: 0.0021)
    return importance
  }

  private static func estimate(_ value: Double, width: Double) -> ImportanceEstimate {
    ImportanceEstimate(
      estimate: IntervalEstimate(
        value: value, lower: value - width, upper: value + width, count: 150, method: "normal"),
      standardError: width / 6)
  }

  private static func effect(
    _ feature: Int, _ record: AuditRecord, _ form: FeatureEffect.Form, points: [Double],
    counts: [Int], values: [Double], _ targets: [Int]
  ) -> FeatureEffect {
    FeatureEffect(
      feature: feature, name: record.model.input.features[feature].name, form: form,
      points: points, counts: counts,
      curves: targets.map { target in
        EffectCurve(
          values: values.map { target == 1 ? $0 : -$0 / 2 },
          standardErrors: values.map { abs($0) / 10 + 0.004 })
      })
  }
}
