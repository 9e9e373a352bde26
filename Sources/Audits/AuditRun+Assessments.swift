import Assessments
import Models
import Statistics
import Tensors

extension AuditRun {
  /// Measures what the plan asks for besides attacks and the explanations of single samples.
  ///
  /// Each assessment is stored as soon as it is made; what an interrupted run has stored stays.
  ///
  /// - Parameters:
  ///   - record: The record with all findings in it.
  ///   - progress: Receives how much is done, and what comes next.
  /// - Returns: All assessments of the run.
  /// - Throws: What the model or the store throws.
  func assess(
    _ record: AuditRecord, progress: (Double, String) -> Void
  ) throws -> Assessments {
    var result = record.assessments
    let steps = assessmentSteps(record)
    for (index, step) in steps.enumerated() {
      progress(Double(index) / Double(steps.count), step.name)
      if try step.measure(&result) { try store.store(result, in: description.id) }
    }
    progress(1, "")
    return result
  }

  private struct AssessmentStep {
    let name: String
    /// Adds what is missing; false where nothing is.
    let measure: (inout Assessments) throws -> Bool

    init<Value>(
      _ name: String, _ path: WritableKeyPath<Assessments, Value?>,
      _ measure: @escaping (Assessments) throws -> Value?
    ) {
      self.name = name
      self.measure = { assessments in
        guard assessments[keyPath: path] == nil else { return false }
        assessments[keyPath: path] = try measure(assessments)
        return assessments[keyPath: path] != nil
      }
    }
  }

  private func assessmentSteps(_ record: AuditRecord) -> [AssessmentStep] {
    [
      AssessmentStep("data sheet", \.dataSheet) { _ in dataSheet },
      AssessmentStep("drift", \.drift) { _ in try drift() },
      AssessmentStep("calibration", \.calibration) { _ in calibration(record) },
      AssessmentStep("groups", \.groups) { _ in groups(record) },
      AssessmentStep("corruptions", \.corruptions) { _ in try corruptions() },
      AssessmentStep("importance", \.importance) { _ in try importance() },
      AssessmentStep("effects", \.effects) { try effects($0.importance) },
      AssessmentStep("reason codes", \.reasonCodes) { _ in try reasonCodes() },
      AssessmentStep("counterfactuals", \.counterfactuals) { _ in try counterfactuals() },
    ]
  }

  private var audited: LabelledSamples {
    LabelledSamples(inputs: subject.inputs, labels: subject.labels, samples: subject.samples)
  }

  private var bootstrap: Bootstrap { Bootstrap(seed: description.seed) }
}

extension AuditRun {
  private var dataSheet: DataSheet? {
    DataSheet(
      audited: audited, training: subject.training, input: model.input,
      classNames: model.classNames)
  }

  private func drift() throws -> DriftAssessment? {
    guard let training = subject.training else { return nil }
    return try DriftAssessment(
      of: classifier, audited: audited, training: training,
      favourableClass: plan.assessments.decision?.favourableClass, threads: plan.threads)
  }

  private func corruptions() throws -> CorruptionAssessment? {
    guard plan.assessments.corruptions?.isEmpty != true else { return nil }
    return try CorruptionAssessment(
      of: classifier, on: audited, training: subject.training,
      names: plan.assessments.corruptions, seed: description.seed, threads: plan.threads)
  }

  private func importance() throws -> ImportanceAssessment? {
    guard plan.assessments.permutationRepeats > 1 else { return nil }
    return try ImportanceAssessment(
      classifier, audited, repeats: plan.assessments.permutationRepeats,
      seed: description.seed, threads: plan.threads)
  }

  /// The effects of the features that matter most: of all, in their order, where nobody knows.
  private func effects(_ importance: ImportanceAssessment?) throws -> EffectAssessment? {
    let count = plan.assessments.effectFeatures
    guard count > 0, model.input.layout == .table else { return nil }
    let features =
      importance?.mostImportantFeatures(count)
      ?? Array(model.input.features.indices.prefix(count))
    return try EffectAssessment(
      classifier, audited, features: features,
      targets: plan.assessments.decision.map { [$0.favourableClass] } ?? positiveTarget,
      threads: plan.threads)
  }

  private var positiveTarget: [Int]? { subject.positiveClass.map { [$0] } }
}

extension AuditRun {
  private func reasonCodes() throws -> ReasonCodeAssessment? {
    guard let subject = decisionSubject else { return nil }
    return try ReasonCodeAssessment.measured(of: classifier, subject, threads: plan.threads)
  }

  private func counterfactuals() throws -> CounterfactualAssessment? {
    guard let subject = decisionSubject, subject.rule.counterfactualCount > 0 else { return nil }
    return try CounterfactualAssessment.measured(of: classifier, subject, threads: plan.threads)
  }

  private var decisionSubject: DecisionSubject? {
    plan.assessments.decision.map { rule in
      let names = Set(subject.groups.flatMap { $0.map(\.name) }).sorted()
      return DecisionSubject(
        audited: audited, training: subject.training, rule: rule,
        protectedFeatures: subject.protectedFeatures,
        attributes: names.map { name in
          ApplicantAttribute(name: name, values: subject.groups.map { $0.value(of: name) })
        }, seed: description.seed)
    }
  }
}

extension AuditRun {
  private func calibration(_ record: AuditRecord) -> CalibrationAssessment? {
    guard !record.predictions.isEmpty else { return nil }
    return CalibrationAssessment(
      probabilities: record.predictions.map(\.probabilities),
      labels: record.predictions.map(\.label), bootstrap: bootstrap)
  }

  private func groups(_ record: AuditRecord) -> GroupAssessment? {
    let predictions = record.predictions
    guard predictions.contains(where: { !$0.groups.isEmpty }) else { return nil }
    let rule = plan.assessments.decision
    let robustness = Robustness(record)
    let outcomes = GroupedOutcomes(
      labels: predictions.map(\.label), predicted: predictions.map(\.predicted),
      positiveClass: rule?.favourableClass ?? subject.positiveClass,
      accepted: rule.map { rule in predictions.map { rule.accepts($0.probabilities) } },
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
      let stated = Set(plan.gates.filter { $0.norm == norm }.compactMap(\.epsilon))
      let chosen = stated.isEmpty ? Set(tried.isEmpty ? [] : [tried[tried.count / 2]]) : stated
      return tried.filter { chosen.contains($0) && robustness.unfinished(norm, within: $0).isEmpty }
        .map { (norm, $0) }
    }
  }
}

extension [NamedValue] {
  /// The value of a protected attribute; where a sample states none, that is a group of its own.
  package func value(of attribute: String) -> String {
    first { $0.name == attribute }?.value ?? GroupedOutcomes.notStated
  }
}
