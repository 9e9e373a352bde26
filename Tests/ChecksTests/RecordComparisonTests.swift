import Audits
import Foundation
import Statistics
import Tensors
import Testing

@testable import Checks

@Suite("The comparison of two audits")
struct RecordComparisonTests {
  private let comparison: RecordComparison

  init() throws {
    comparison = try Self.compared(ComparedRecords.first, ComparedRecords.second)
  }

  private static func compared(
    _ first: AuditRecord, _ second: AuditRecord
  ) throws -> RecordComparison {
    try RecordComparison(
      from: first, to: second, bootstrap: PairedBootstrap(resamples: 200, seed: 1))
  }

  private func change(
    _ kind: Measure.Kind, _ group: String = "", epsilon: Double? = nil,
    in comparison: RecordComparison? = nil
  ) throws -> RecordComparison.MeasureChange {
    try #require(
      (comparison ?? self.comparison).measures.first {
        $0.kind == kind && $0.group == group && (epsilon == nil || $0.epsilon == epsilon)
      })
  }

  @Test("samples are common if number, input and label agree; the others are counted")
  func overlap() throws {
    let overlap = comparison.overlap
    #expect(overlap.count == 10)
    #expect(overlap.otherInput == 1 && overlap.otherLabel == 1)
    #expect(overlap.onlyFirst == 1 && overlap.onlySecond == 1)
    #expect(comparison.first.sampleCount == 13 && comparison.second.sampleCount == 13)
    #expect(comparison.first.model == "first" && comparison.second.sha256 == "second-hash")
  }

  @Test("shares of samples are those of the table, with what changed for the worse and the better")
  func shares() throws {
    let clean = try change(.cleanAccuracy)
    #expect(clean.first == 0.7 && clean.second == 0.7 && clean.difference == 0)
    #expect(clean.worsened == 1 && clean.improved == 1 && clean.count == 10)
    // Robust at 0.1: 1, 2, 3, 5, 9 before; 1, 2, 6, 9 after.
    let near = try change(.robustAccuracy, epsilon: 0.1)
    #expect(near.first == 0.5 && near.second == 0.4 && near.difference == -0.1)
    #expect(near.worsened == 2 && near.improved == 1)
    // Robust at 0.2: 1, 5, 9 before; 2, 6, 9 after.
    let far = try change(.robustAccuracy, epsilon: 0.2)
    #expect(far.first == 0.3 && far.second == 0.3 && far.worsened == 2 && far.improved == 2)
    #expect(try change(.cleanAccuracy, "sex: f").first == 0.6)
    #expect(try change(.cleanAccuracy, "sex: f").second == 0.8)
    #expect(try change(.cleanAccuracy, "class a").count == 10)
    for measure in comparison.measures {
      let (lower, upper) = (try #require(measure.lower), try #require(measure.upper))
      let difference = try #require(measure.difference)
      #expect(lower <= difference && difference <= upper, "\(measure.words)")
    }
  }

  @Test("six changes for the worse and none for the better have McNemar's 2 · (1/2)⁶")
  func mcNemar() throws {
    var worse = ComparedRecords.first
    for index in 0..<6 { worse.predictions[index].predicted = 2 }
    let clean = try change(
      .cleanAccuracy, in: try Self.compared(ComparedRecords.first, worse))
    #expect(clean.worsened == 6 && clean.improved == 0 && clean.count == 13)
    let probability = try #require(clean.mcNemarProbability)
    #expect(abs(probability - 0.03125) < 1e-12)
  }

  @Test("the median is that of samples right in both, no distance beyond the largest radius")
  func medianDistance() throws {
    // Before: 0.05, 0.1, 0.15, 0.18, 0.2, 0.2; after: 0.05, 0.08, 0.095, 0.15, 0.2, 0.2.
    let median = try change(.medianDistance)
    #expect(median.count == 6 && median.epsilon == 0.2)
    #expect(abs((median.first ?? 0) - 0.165) < 1e-12)
    #expect(abs((median.second ?? 0) - 0.1225) < 1e-12)
    #expect(abs((median.difference ?? 0) + 0.0425) < 1e-12)
  }

  @Test("calibration, Brier score and group gap follow from their definitions")
  func scores() throws {
    // Seven of ten are right; the confidences are 0.8 and 0.7 throughout.
    let error = try change(.expectedCalibrationError)
    #expect(abs((error.first ?? 0) - 0.1) < 1e-6 && abs(error.second ?? 1) < 1e-6)
    // Right: 0.2² + 2 · 0.1² and 0.3² + 2 · 0.15²; wrong: 0.8² + 0.9² + 0.1² and 0.7² + 0.85² + 0.15².
    let brier = try change(.brierScore)
    #expect(abs((brier.first ?? 0) - (7 * 0.06 + 3 * 1.46) / 10) < 1e-6)
    #expect(abs((brier.second ?? 0) - (7 * 0.135 + 3 * 1.235) / 10) < 1e-6)
    // 3 of 5 and 4 of 5, then 4 of 5 and 3 of 5.
    let gap = try change(.groupGap, "sex")
    #expect(abs((gap.first ?? 0) - 0.2) < 1e-12 && abs((gap.second ?? 0) - 0.2) < 1e-12)
  }

  @Test("samples are newly broken, fixed or nearer only where both models answer rightly")
  func breaks() throws {
    let changes = try #require(comparison.breaks.first)
    #expect(comparison.breaks.count == 1 && changes.limit == 0.2 && changes.count == 6)
    #expect(changes.unfinished == 0)
    #expect(changes.new.map(\.sample) == [1] && changes.fixed.map(\.sample) == [2])
    #expect(changes.worse.map(\.sample) == [3])
    #expect(changes.new[0].firstDistance == nil && changes.new[0].secondDistance == 0.15)
    #expect(changes.fixed[0].firstDistance == 0.15 && changes.fixed[0].secondDistance == nil)
    #expect(changes.worse[0].firstDistance == 0.18 && changes.worse[0].secondDistance == 0.08)
    #expect(changes.new[0].name == "row 1" && changes.new[0].predicted == 2)
  }

  @Test("a sample that an audit did not attack in full counts as nothing")
  func unfinished() throws {
    var second = ComparedRecords.second
    second.findings.removeAll { $0.sample == 2 && $0.epsilon == 0.2 }
    let comparison = try Self.compared(ComparedRecords.first, second)
    #expect(comparison.breaks[0].fixed.isEmpty && comparison.breaks[0].unfinished == 1)
    let far = try change(.robustAccuracy, epsilon: 0.2, in: comparison)
    #expect(far.count == 9 && far.improved == 1)
    #expect(try change(.robustAccuracy, epsilon: 0.1, in: comparison).count == 10)
    #expect(try change(.medianDistance, in: comparison).count == 5)
  }

  @Test("answers flip in three ways")
  func flips() throws {
    #expect(comparison.flips.map(\.sample) == [5, 6, 7])
    #expect(comparison.flips.map(\.kind) == [.rightToWrong, .wrongToRight, .wrongToWrong])
    let flip = comparison.flips[2]
    #expect(flip.first == 1 && flip.second == 2 && flip.label == 0)
    #expect(flip.firstConfidence == Double(0.8 as Float))
  }

  @Test("explanations of the same class by the same method and settings are ranked")
  func moves() throws {
    // ρ = 1 − 6 Σ d² / (n (n² − 1)): all ranks reversed, then the last two swapped.
    #expect(comparison.moves.map(\.sample) == [0, 1])
    #expect(abs(comparison.moves[0].rankCorrelation + 1) < 1e-12)
    #expect(abs(comparison.moves[1].rankCorrelation - (1 - 6 * 2 / 60.0)) < 1e-12)
    #expect(comparison.notes.contains { $0.contains("settings differ") && $0.contains(": 2.") })
  }

  @Test("warnings are new or gone, and gates of both change their verdict")
  func verdicts() throws {
    #expect(comparison.warnings.map(\.name) == ["not-converged", "zero-gradient"])
    #expect(comparison.warnings.map(\.isNew) == [true, false])
    #expect(comparison.gates.map(\.requirement) == ["clean accuracy is at least 60 %"])
    #expect(comparison.gates[0].first == .passed && comparison.gates[0].second == .failed)
  }

  @Test("the same classes in another order change nothing")
  func classOrder() throws {
    var second = ComparedRecords.second
    // c, a, b: a is 1, b is 2, c is 0.
    second.model.classNames = ["c", "a", "b"]
    let numbers = [1, 2, 0]
    for index in second.predictions.indices {
      let prediction = second.predictions[index]
      second.predictions[index].label = numbers[prediction.label]
      second.predictions[index].predicted = numbers[prediction.predicted]
      let old = prediction.probabilities
      second.predictions[index].probabilities = [old[2], old[0], old[1]]
    }
    for index in second.findings.indices {
      second.findings[index].predicted = numbers[second.findings[index].predicted]
    }
    for index in second.explanations.indices {
      second.explanations[index].target = numbers[second.explanations[index].target]
    }
    let reordered = try Self.compared(ComparedRecords.first, second)
    #expect(reordered == comparison)
  }

  @Test("norms in other units, and other attacks, are noted")
  func attacks() throws {
    var second = ComparedRecords.second
    second.attacks[0].parameters = [NamedValue("steps", "2")]
    let other = try Self.compared(ComparedRecords.first, second)
    #expect(other.notes.contains { $0.contains("do not attack in the same way under L∞") })
    #expect(other.breaks.count == 1)
    second.attacks[0].scale = "feature ranges"
    let units = try Self.compared(ComparedRecords.first, second)
    #expect(units.notes.contains { $0.contains("no radius in the same units") })
    #expect(units.breaks.isEmpty && !units.measures.contains { $0.norm != nil })
    #expect(!comparison.notes.contains { $0.contains("L∞") })
  }

  @Test("audits without a common sample are refused in one sentence")
  func nothingInCommon() throws {
    var second = ComparedRecords.second
    for index in second.predictions.indices { second.predictions[index].sample += 100 }
    #expect(
      throws: ComparisonError.noCommonSamples(first: "first-run", second: "second-run", sameId: 0)
    ) { try Self.compared(ComparedRecords.first, second) }
    let error = ComparisonError.noCommonSamples(first: "x", second: "y", sameId: 3)
    #expect(
      "\(error)" == "the runs x and y have no samples in common: 3 share their number, but not "
        + "their input and label; compare audits of the same part of the same data")
  }

  @Test("the comparison survives JSON, and comparing again gives the same")
  func json() throws {
    let data = try JSONEncoder().encode(comparison)
    #expect(try JSONDecoder().decode(RecordComparison.self, from: data) == comparison)
    let again = try Self.compared(ComparedRecords.first, ComparedRecords.second)
    #expect(again == comparison)
  }

  @Test("the sentence counts what changed")
  func sentence() throws {
    #expect(
      comparison.sentence
        == "second against first on 10 common samples: no measure differs beyond its 95 % interval; "
        + "adversarial examples: 1 new, 1 fixed, 1 nearer; 3 answers flipped, 1 to wrong, 1 to right."
    )
    var clear = comparison
    let index = try #require(clear.measures.firstIndex { $0.kind == .brierScore })
    (clear.measures[index].lower, clear.measures[index].upper) = (-0.02, -0.01)
    clear.measures[index].difference = -0.015
    clear.measures[0].lower = -0.3
    (clear.measures[0].difference, clear.measures[0].upper) = (-0.1, -0.05)
    #expect(clear.measures[index].judgement == .better && clear.measures[0].judgement == .worse)
    #expect(
      clear.sentence.contains(
        "worse in clean accuracy (−10.0 points), better in Brier score (−0.015); "))
  }
}
