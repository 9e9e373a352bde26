package import Assessments
import Statistics
import Tensors

/// The assessments that follow from a record's predictions and findings, so that they can be computed
/// again from the record alone.
package struct DerivedAssessments {
  private let record: AuditRecord
  private let decision: DecisionRule?
  private let positiveClass: Int?
  private let gates: [Gate]

  /// - Parameters:
  ///   - record: The record with all findings in it.
  ///   - decision: How answers become decisions; nil where they do not.
  ///   - positiveClass: The class that true and false positives are of, where there is no decision.
  ///   - gates: The requirements, which say at which radii groups are compared.
  package init(
    _ record: AuditRecord, decision: DecisionRule?, positiveClass: Int?, gates: [Gate]
  ) {
    self.record = record
    self.decision = decision
    self.positiveClass = positiveClass
    self.gates = gates
  }

  private var bootstrap: Bootstrap { Bootstrap(seed: record.run.seed) }

  /// How far stated probabilities can be believed; nil where there are none.
  package var calibration: CalibrationAssessment? {
    guard !record.predictions.isEmpty else { return nil }
    return CalibrationAssessment(
      probabilities: record.predictions.map(\.probabilities),
      labels: record.predictions.map(\.label), bootstrap: bootstrap)
  }

  /// How groups are served; nil where samples state no attributes.
  package var groups: GroupAssessment? {
    let predictions = record.predictions
    guard predictions.contains(where: { !$0.groups.isEmpty }) else { return nil }
    let robustness = Robustness(record)
    let outcomes = GroupedOutcomes(
      labels: predictions.map(\.label), predicted: predictions.map(\.predicted),
      positiveClass: decision?.favourableClass ?? positiveClass,
      accepted: decision.map { rule in predictions.map { rule.accepts($0.probabilities) } },
      attributes: predictions.map { $0.groups.map { .init($0.name, $0.value) } },
      threats: comparedThreats(robustness).map { norm, epsilon in
        GroupedOutcomes.Threat(
          "\(norm.symbol) \(epsilon.words)",
          isRobust: predictions.map { robustness.isRobust($0, norm, within: epsilon) })
      })
    return GroupAssessment(outcomes, bootstrap: bootstrap)
  }

  /// The radii at which groups are compared: those of gates, else the middle one of a norm; none that
  /// the budget left unfinished.
  private func comparedThreats(_ robustness: Robustness) -> [(norm: Norm, epsilon: Double)] {
    robustness.norms.flatMap { norm -> [(norm: Norm, epsilon: Double)] in
      let tried = robustness.epsilons(norm)
      let stated = Set(gates.filter { $0.norm == norm }.compactMap(\.epsilon))
      let chosen = stated.isEmpty ? Set(tried.isEmpty ? [] : [tried[tried.count / 2]]) : stated
      return tried.filter { chosen.contains($0) && robustness.unfinished(norm, within: $0).isEmpty }
        .map { (norm, $0) }
    }
  }
}
