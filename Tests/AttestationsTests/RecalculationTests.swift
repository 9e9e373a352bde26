import Assessments
import Attacks
@testable import Attestations
import Audits
import Models
import Statistics
import Tensors
import Testing

@Suite("What follows from a record's findings")
struct RecalculationTests {
  private func result(_ record: AuditRecord) -> VerificationResult {
    var result = VerificationResult()
    RecordRecalculation(record).addSteps(to: &result)
    return result
  }

  /// The step that fails once a record was changed.
  private func failure(_ change: (inout AuditRecord) -> Void) -> VerificationStep? {
    var record = AuditedRecord.record
    change(&record)
    return result(record).failure
  }

  @Test("an untouched record agrees, everything in it counted")
  func intact() {
    let steps = result(AuditedRecord.record).steps
    #expect(steps.allSatisfy { $0.outcome == .agrees }, "\(steps)")
    #expect(
      steps.map(\.subject) == [
        "predictions", "findings", "distances", "attacks", "assessments", "measures", "gates",
      ])
    let measures = AuditedRecord.record.measures.count
    #expect(steps.map(\.count) == [4, 8, 3, 2, 0, measures, 2])
    #expect(AuditedRecord.record.gates.map(\.verdict) == [.passed, .failed])
  }

  @Test("a prediction that its probabilities do not make, or one too few, is named")
  func predictions() {
    #expect(failure { $0.predictions[2].predicted = 0 }?.subject == "predictions")
    #expect(
      failure { $0.predictions[1].probabilities[2] = 0.9 }?.detail.contains("sample 1") == true)
    #expect(failure { $0.predictions[1].label = 3 }?.subject == "predictions")
    #expect(
      failure { $0.data.sampleCount = 5 }?.detail == "there are 4 predictions for 5 samples")
  }

  @Test("a finding that does not say what it holds is named")
  func findings() {
    #expect(
      failure { $0.findings[1].predicted = 0 }?.detail.contains(
        "sample 1 by 'fgsm/linf' at ε = 0.1")
        == true)
    #expect(failure { $0.findings[1].perturbed = nil }?.subject == "findings")
    #expect(
      failure { $0.findings[0].perturbed = Tensor([0, 0, 0] as [Float]) }?.subject == "findings")
    #expect(failure { $0.findings[0].sample = 9 }?.subject == "findings")
  }

  @Test("a distance, an input or a threat that is another one is named, with both numbers")
  func distances() {
    #expect(
      failure { $0.findings[1].distance = 0.0626 }?.detail
        == "the finding about sample 1 by 'fgsm/linf' at ε = 0.1 is recorded at distance 0.0626, "
        + "but its inputs are 0.0625 apart")
    let moved = Tensor([0.5, 0.25, 0.25] as [Float])
    #expect(failure { $0.findings[1].perturbed = moved }?.detail.contains("breaks a rule") == true)
    #expect(failure { $0.predictions[1].input = moved }?.subject == "distances")
    #expect(failure { $0.findings[1].perturbed = Tensor([1] as [Float]) }?.subject == "distances")
    #expect(
      failure { $0.run.suiteText = $0.run.suiteText.replacing("norm: l2", with: "norm: l1") }?
        .detail
        == "the suite has no threat that attack 'fgsm/l2' belongs to")
  }

  @Test("counts of an attack that its findings do not have are named")
  func attacks() {
    #expect(failure { $0.attacks[1].samplesAttacked = 4 }?.detail.contains("'fgsm/l2'") == true)
    #expect(failure { $0.findings[0].passes.forward = 1 }?.subject == "attacks")
  }

  @Test("calibration and groups are computed again, and the one that differs is named")
  func assessments() {
    var record = AuditedRecord.record
    for index in record.predictions.indices {
      record.predictions[index].groups = [NamedValue("sex", index < 2 ? "female" : "male")]
    }
    let suite = RecordRecalculation(record).suite
    let derived = DerivedAssessments(
      record, decision: nil, positiveClass: 1, gates: suite?.gates.map { Gate($0) } ?? [])
    record.assessments.calibration = derived.calibration
    record.assessments.groups = derived.groups
    #expect(record.assessments.groups?.partitions.count == 1)
    let step = RecordRecalculation(record).assessments()
    #expect(step.outcome == .agrees && step.count == 2, "\(step)")
    var other = record
    other.assessments.calibration?.sampleCount += 1
    #expect(RecordRecalculation(other).assessments().detail.hasPrefix("the calibration is not"))
    other = record
    other.assessments.groups?.partitions[0].all.gaps[0].estimate.upper = 0.125
    #expect(
      RecordRecalculation(other).assessments().detail.hasPrefix("the comparison of groups is not"))
    other = record
    other.predictions[0].groups = [NamedValue("sex", "male")]
    #expect(RecordRecalculation(other).assessments().outcome == .fails)
  }

  @Test("every number of every measure is computed again")
  func measures() {
    for index in AuditedRecord.record.measures.indices {
      #expect(failure { $0.measures[index].count += 1 }?.subject == "measures")
      #expect(failure { $0.measures[index].lower = -1 }?.subject == "measures")
    }
    #expect(failure { $0.measures.removeLast() }?.subject == "measures")
    #expect(failure { $0.run.seed = 8 }?.subject == "measures")
    // A finding taken away makes the model look stronger; its attack's counts are changed with it.
    let detail = failure { record in
      record.findings[3].outcome = .survived
      record.findings[3].perturbed = nil
    }?.detail
    #expect(
      detail?.hasPrefix("robust accuracy, L∞, 0.3 is recorded as 0.25 ") == true, "\(detail ?? "")")
  }

  @Test("a verdict, or a threshold of the stored suite, that was changed is named")
  func gates() {
    #expect(
      failure { $0.gates[1].verdict = .passed }?.detail
        == "the gate 'robust accuracy at L∞ 0.3 is at least 60 %' is recorded as passed, but the "
        + "suite's 'robust accuracy at L∞ 0.3 is at least 60 %' is failed")
    #expect(failure { $0.gates[1].threshold = 0.2 }?.subject == "gates")
    #expect(
      failure { $0.run.suiteText = $0.run.suiteText.replacing("0.6 }", with: "0.2 }") }?.detail
        .hasSuffix("'robust accuracy at L∞ 0.3 is at least 20 %' is passed") == true)
    #expect(failure { $0.gates.removeLast() }?.detail.contains("has 2 gates") == true)
  }

  @Test("verdicts of older programs, which do not say what they are about, agree all the same")
  func olderVerdicts() {
    #expect(
      failure { record in
        for index in record.gates.indices {
          record.gates[index].kind = nil
          record.gates[index].norm = nil
          record.gates[index].epsilon = nil
        }
      } == nil)
  }

  @Test("what cannot be computed again is said, with the reason")
  func skipped() {
    var record = AuditedRecord.record
    record.run.command = "assay check"
    record.gates[0].verdict = .failed
    #expect(
      result(record).steps.last?.detail
        == "they compare with a baseline, which the record does not hold")
    record.run.suiteText = "name: small"
    let outcomes = result(record).steps.map(\.outcome)
    #expect(outcomes == [.agrees, .agrees, .skipped, .agrees, .skipped, .agrees, .skipped])
    record.run.isComplete = false
    #expect(result(record).steps[5].detail == "the run is not complete")
  }
}
