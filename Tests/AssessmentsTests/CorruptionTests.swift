import Foundation
import Models
import Tensors
import Testing

@testable import Assessments

@Suite("Corruptions")
struct CorruptionTests {
  private struct Case: Sendable {
    let name: String
    let input: InputSpecification
    let samples: LabelledSamples
  }

  private static let cases: [Case] = [
    Case(
      name: "grey image", input: .image([1, 16, 16]), samples: SampleInputs.images(60)),
    Case(
      name: "three channels up to 255", input: .image([3, 12, 12], range: ValueRange(0...255)),
      samples: scaled(SampleInputs.images(40, channels: 3, side: 12), by: 255)),
    Case(
      name: "image of no stated range", input: .image([1, 9, 9], range: nil),
      samples: scaled(SampleInputs.images(40, side: 9), by: 4)),
    Case(name: "table", input: SampleInputs.tableInput, samples: SampleInputs.table(300)),
    Case(
      name: "sequence", input: .sequence([2, 80], range: ValueRange(-4...4)),
      samples: SampleInputs.sequences(60)),
    Case(
      name: "array", input: InputSpecification(layout: .array, shape: [160]),
      samples: SampleInputs.labelled(
        SampleInputs.sequences(60).inputs.reshaped(to: [60, 160]))),
  ]

  private static func scaled(_ samples: LabelledSamples, by factor: Float) -> LabelledSamples {
    let values = samples.inputs.floats.map { $0 * factor }
    return SampleInputs.labelled(Tensor(values, shape: samples.inputs.shape))
  }

  private func run(
    _ input: InputSpecification, _ samples: LabelledSamples, threads: Int = 1, seed: UInt64 = 5
  ) -> CorruptionRun {
    let weights = [0, 1].map { row in
      (0..<input.encodedShape.count).map { Float(($0 + row) % 3) - 1 }
    }
    return CorruptionRun(
      LinearClassifier(input, weights: weights), samples: samples, reference: samples, seed: seed,
      threads: threads, batch: nil)
  }

  @Test("Every corruption keeps inputs valid, and changes more the more severe it is")
  func severities() throws {
    for item in Self.cases {
      let run = run(item.input, item.samples)
      let corruptions = try CorruptionRegistry.corruptions(named: nil, for: item.input)
      #expect(!corruptions.isEmpty)
      for corruption in corruptions {
        let strengths = corruption.strengths(in: run.space)
        #expect(strengths.count == 5)
        var last = 0.0
        for strength in strengths {
          let corrupted = try run.corrupted(
            0..<item.samples.count, by: corruption, strength: strength)
          #expect(item.input.firstViolation(in: corrupted) == nil)
          let distance = zip(corrupted.doubles, item.samples.inputs.doubles)
            .reduce(0) { $0 + abs($1.0 - $1.1) }
          let label = "\(item.name), \(corruption.kind) \(strength)"
          #expect(distance >= last, "\(label): \(distance) after \(last)")
          last = distance
        }
        #expect(last > 0, "\(item.name), \(corruption.kind)")
      }
    }
  }

  @Test("Threads and batches change no number")
  func independence() throws {
    for item in Self.cases {
      let classifier = run(item.input, item.samples).classifier
      let whole = try CorruptionAssessment(of: classifier, on: item.samples, seed: 3)
      let parts = try CorruptionAssessment(
        of: classifier, on: item.samples, training: nil, names: nil, seed: 3, threads: 3,
        batch: 17)
      #expect(whole == parts)
      #expect(try CorruptionAssessment(of: classifier, on: item.samples, seed: 4) != whole)
    }
  }

  @Test("A sample's disturbance depends on its own number alone")
  func samples() throws {
    let all = SampleInputs.images(20)
    let some = LabelledSamples(
      inputs: all.inputs.rows([7, 3]), labels: [1, 1], samples: [107, 103])
    let input = InputSpecification.image([1, 16, 16])
    for corruption in try CorruptionRegistry.corruptions(named: nil, for: input) {
      let strength = corruption.strengths(in: run(input, all).space)[2]
      let whole = try run(input, all).corrupted(0..<20, by: corruption, strength: strength)
      let part = try run(input, some).corrupted(0..<2, by: corruption, strength: strength)
      #expect(whole.rows([7, 3]) == part)
    }
  }

  @Test("What is held stays as it is")
  func heldInputs() throws {
    let input = InputSpecification.sequence([2, 10]).holding([HeldInput(name: "mask", shape: [10])])
    let samples = SampleInputs.labelled(
      Tensor((0..<120).map { Float($0 % 7) }, shape: [4, 3, 10]))
    let run = run(input, samples)
    for corruption in try CorruptionRegistry.corruptions(named: nil, for: input) {
      let strength = corruption.strengths(in: run.space)[4]
      let result = try run.corrupted(0..<4, by: corruption, strength: strength)
      for sample in 0..<4 {
        #expect(result.row(sample).floats[20...] == samples.inputs.row(sample).floats[20...])
      }
    }
  }

  @Test("Features that nobody can change are measured wrongly all the same")
  func immutable() throws {
    let samples = SampleInputs.table(300)
    let corrupted = try run(SampleInputs.tableInput, samples).corrupted(
      0..<300, by: MeasurementError(), strength: 0.3)
    let pairs = zip(corrupted.floats, samples.inputs.floats).enumerated()
    #expect(pairs.contains { $0.offset % 5 == 1 && $0.element.0 != $0.element.1 })
    // Categories have no measurement error.
    #expect(pairs.allSatisfy { ![2, 3].contains($0.offset % 5) || $0.element.0 == $0.element.1 })
  }

  @Test("A name that is unknown, or that does not suit, is refused with those that do")
  func names() throws {
    let input = SampleInputs.tableInput
    #expect(throws: CorruptionError.self) {
      try CorruptionRegistry.corruptions(named: ["gaussian-noise"], for: input)
    }
    let chosen = try CorruptionRegistry.corruptions(
      named: ["digit-slips", "missing-values"], for: input)
    #expect(chosen.map(\.kind) == [.missingValues, .digitSlips])
    let error = CorruptionError(
      name: "rain", isKnown: false, layout: .image, suitable: ["haze", "contrast"])
    #expect(
      "\(error)" == "corruption 'rain' is not known; choose from haze, contrast")
  }

  @Test("Every kind is in the registry once")
  func registry() {
    #expect(CorruptionRegistry.all.map(\.kind) == CorruptionKind.allCases)
  }
}
