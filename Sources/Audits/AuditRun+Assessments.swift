import Assessments
import Models
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
      AssessmentStep("calibration", \.calibration) { _ in derived(record).calibration },
      AssessmentStep("groups", \.groups) { _ in derived(record).groups },
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

  private func derived(_ record: AuditRecord) -> DerivedAssessments {
    DerivedAssessments(
      record, decision: plan.assessments.decision, positiveClass: subject.positiveClass,
      gates: plan.gates)
  }
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

extension [NamedValue] {
  /// The value of a protected attribute; where a sample states none, that is a group of its own.
  package func value(of attribute: String) -> String {
    first { $0.name == attribute }?.value ?? GroupedOutcomes.notStated
  }
}
