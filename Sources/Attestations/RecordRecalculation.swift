import Assessments
import Attacks
public import Audits
import ConfigurationFiles
import Statistics
import Tensors

/// Everything in a record that follows from its findings, computed once more.
///
/// What needs the model's answers (predictions themselves, warnings, explanations, the assessments of
/// changed inputs) cannot follow from a record: for these the whole audit is run again.
public struct RecordRecalculation: Sendable {
  let record: AuditRecord

  public init(_ record: AuditRecord) { self.record = record }

  /// All steps, up to the first that fails.
  public func addSteps(to verification: inout VerificationResult) {
    verification.take(predictions)
    verification.take(findings)
    verification.take(distances)
    verification.take(attacks)
    verification.take(assessments)
    verification.take(measures)
    verification.take(gates)
  }

  /// Each stored class is the likeliest one, and each label one of the model's.
  func predictions() -> VerificationStep {
    let classes = record.model.classNames.count
    let wrong = record.predictions.first {
      !$0.probabilities.favour($0.predicted) || !(0..<classes).contains($0.label)
    }
    return VerificationStep(
      "predictions", count: record.predictions.count,
      "every predicted class is the likeliest one",
      failure: wrong.map {
        "the prediction for sample \($0.sample) is class \($0.predicted), which is not the likeliest "
          + "by its probabilities, or has label \($0.label) of \(classes) classes"
      } ?? wrongCount)
  }

  private var wrongCount: String? {
    guard record.run.isComplete, record.data.sampleCount != record.predictions.count else {
      return nil
    }
    return
      "there are \(record.predictions.count) predictions for \(record.data.sampleCount) samples"
  }

  /// Each broken sample was right before, is wrong now, and by less than ε.
  func findings() -> VerificationStep {
    let labels = Dictionary(
      record.predictions.map { ($0.sample, $0.label) }, uniquingKeysWith: { first, _ in first })
    let wrong = record.findings.first { finding in
      guard let label = labels[finding.sample] else { return true }
      guard finding.outcome == .broken else { return finding.perturbed != nil }
      return finding.predicted == label || !finding.probabilities.favour(finding.predicted)
        || finding.perturbed == nil
    }
    return VerificationStep(
      "findings", count: record.findings.count,
      "every broken sample is classified wrongly by its stored probabilities",
      failure: wrong.map {
        "the finding about \($0.words) says '\($0.outcome.rawValue)', but its class, probabilities "
          + "and input do not"
      })
  }

  /// The counts of each attack are those of its findings.
  func attacks() -> VerificationStep {
    guard record.run.isComplete else {
      return VerificationStep("attacks", .skipped, "the run is not complete")
    }
    let findings = Dictionary(grouping: record.findings, by: \.attack)
    let wrong = record.attacks.first { $0 != $0.counted(findings[$0.id] ?? []) }
    return VerificationStep(
      "attacks", count: record.attacks.count,
      "the counts of every attack are those of its findings",
      failure: wrong.map { "the counts of attack '\($0.id)' are not those of its findings" })
  }

  /// Calibration and the comparison of groups, from predictions, findings and the stored rule of
  /// decision.
  func assessments() -> VerificationStep {
    guard record.run.isComplete else {
      return VerificationStep("assessments", .skipped, "the run is not complete")
    }
    guard let suite,
      let plan = try? AssessmentPlan(suite.assessments, classNames: record.model.classNames)
    else { return VerificationStep("assessments", .skipped, noSuite) }
    let stored = record.assessments
    let derived = DerivedAssessments(
      record, decision: plan.decision, positiveClass: stored.groups?.positiveClass,
      gates: isCheck ? [] : suite.gates.map { Gate($0) })
    // Records that were made before there were assessments have none.
    let wrong =
      stored.calibration.map { $0 != derived.calibration } == true
      ? "calibration"
      : stored.groups.map { $0 != derived.groups } == true ? "comparison of groups" : nil
    return VerificationStep(
      "assessments", count: [stored.calibration != nil, stored.groups != nil].count { $0 },
      "calibration and groups were computed again from the findings",
      failure: wrong.map { "the \($0) is not what the predictions and findings give" })
  }

  /// Measures and intervals, from the findings and the run's seed.
  func measures() -> VerificationStep {
    guard record.run.isComplete else {
      return VerificationStep("measures", .skipped, "the run is not complete")
    }
    let expected = MeasureCalculator(record, bootstrap: Bootstrap(seed: record.run.seed)).measures()
    let pair = zip(record.measures, expected).first { $0 != $1 }
    let difference = pair.map { stored, computed in
      "\(stored.words) is recorded as \(stored.numbers), but its findings give \(computed.numbers)"
    }
    let counts =
      record.measures.count == expected.count
      ? nil : "there are \(record.measures.count) measures, but the findings give \(expected.count)"
    return VerificationStep(
      "measures", count: expected.count,
      "every measure and interval was computed again from the findings",
      failure: difference ?? counts)
  }

  /// Verdicts, from the measures and the thresholds of the stored suite.
  func gates() -> VerificationStep {
    guard record.run.isComplete else {
      return VerificationStep("gates", .skipped, "the run is not complete")
    }
    guard !isCheck else {
      return VerificationStep(
        "gates", .skipped, "they compare with a baseline, which the record does not hold")
    }
    guard let suite else { return VerificationStep("gates", .skipped, noSuite) }
    let expected = suite.gates.map {
      Gate($0).judge(record.measures, warnings: record.warnings)
    }
    let pair = zip(record.gates, expected).first { !$0.agrees(with: $1) }
    let counts =
      record.gates.count == expected.count
      ? nil : "there are \(record.gates.count) verdicts, but the suite has \(expected.count) gates"
    return VerificationStep(
      "gates", count: expected.count,
      "every verdict was decided again from the measures and the stored thresholds",
      failure: pair.map { stored, computed in
        "the gate '\(stored.requirement)' is recorded as \(stored.verdict.rawValue), but the suite's "
          + "'\(computed.requirement)' is \(computed.verdict.rawValue)"
      } ?? counts)
  }

  /// Whether the run was a regression check, whose gates stand in a file of its own.
  private var isCheck: Bool {
    ShellCommand(record.run.command).words.dropFirst().first == "check"
  }

  var suite: Suite? { record.suite }

  var noSuite: String { "the stored configuration is no suite of attacks" }
}

extension GateResult {
  /// Whether the verdict is the same; what older programs did not note is not compared.
  fileprivate func agrees(with computed: GateResult) -> Bool {
    var expected = computed
    if norm == nil, epsilon == nil, group.isEmpty {
      (expected.kind, expected.norm, expected.epsilon, expected.group) = (kind, nil, nil, "")
    }
    return self == expected
  }
}

extension [Float] {
  /// Whether a class is one of the likeliest.
  fileprivate func favour(_ index: Int) -> Bool {
    indices.contains(index) && self[index] == self.max()
  }
}

extension AttackFinding {
  /// "sample 17 by 'pgd/linf' at ε = 0.1".
  var words: String { "sample \(sample) by '\(attack)' at ε = \(epsilon.words)" }
}

extension Measure {
  fileprivate var words: String {
    [kind.words, group, method ?? "", norm?.symbol ?? "", epsilon?.words ?? ""]
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  fileprivate var numbers: String {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "nothing" }
    return "\(text(value)) (\(text(lower)) to \(text(upper)), \(count) samples, '\(note)')"
  }
}
