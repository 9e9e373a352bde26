import Foundation
import Models
import Programs
import Tensors
import Testing

@testable import Assessments

@Suite("Accumulated local effects")
struct EffectTests {
  @Test("Of a linear model they are a line whose slope is the weight, the mean over samples 0")
  func linear() throws {
    let found = try effects(
      GlobalModels.logistic([1.5, -0.25, 0]), GlobalModels.rows(200, of: 3), [0, 1, 2])
    #expect(found.targets == [1] && found.constantFeatures.isEmpty)
    for (effect, weight) in zip(found.features, [1.5, -0.25, 0]) {
      let values = effect.curves[0].values
      #expect(effect.form == .intervals && effect.points.count == 21)
      for (point, value) in zip(effect.points, values) {
        #expect(abs(value - values[0] - weight * (point - effect.points[0])) < 1e-5)
      }
      #expect(abs(weightedMean(effect)) < 1e-9)
      // Every sample changes alike: there is nothing to be unsure of.
      #expect(effect.curves[0].standardErrors.allSatisfy { $0 < 1e-5 })
    }
  }

  @Test("Of an additive model they are the component, less its mean")
  func additive() throws {
    let table = InputSpecification.table([Feature(name: "a"), Feature(name: "b")])
    let model = try GlobalModels.classifier(table, classes: 2) { x in
      let (a, b) = (x.slice(axis: 1, 0..<1), x.slice(axis: 1, 1..<2))
      return (a * a + b.hyperbolicTangent() * 3)
        * x.builder.constant(Tensor([0, 1] as [Float], shape: [1, 2]))
    }
    // The features go together; local effects do not mix them up.
    let rows = GlobalModels.rows(300, of: 2).map { [$0[0], 0.9 * $0[0] + 0.4 * $0[1]] }
    let found = try effects(model, rows, [0, 1])
    let components: [(Double) -> Double] = [{ $0 * $0 }, { 3 * tanh($0) }]
    for (effect, component) in zip(found.features, components) {
      let values = effect.curves[0].values
      for (point, value) in zip(effect.points, values) {
        let expected = component(point) - component(effect.points[0])
        #expect(abs(value - values[0] - expected) < 2e-5)
      }
      #expect(abs(weightedMean(effect)) < 1e-9)
    }
  }

  @Test("Curves at PyALE's points are PyALE's: of a number, of whole numbers, of categories")
  func recorded() throws {
    let record = try RecordedGlobalExplanations.read().effects
    let model = try GlobalModels.network(record)
    let samples = GlobalModels.samples(record.inputs)
    let inputs = ReplacedInputs(model, samples, threads: 2)
    let changes = LocalChanges(
      inputs, answers: try inputs.answers(), targets: [1], scale: .probability)
    // The points as their single precision holds them.
    let ends = record.continuous.points.map { Double(Float($0)) }
    let continuous = try changes.intervals(
      EffectIntervals(ends: ends, of: inputs.column(0)), of: 0)
    expect(continuous, record.continuous)
    let found = try #require(
      try EffectAssessment(model, samples, features: [2, 3], targets: [1]))
    expect(found.features[0], record.discrete)
    #expect(found.features[0].form == .levels && found.scale == .probability)
    // PyALE's order is the same read from the other end; so is its curve.
    var categorical = record.categorical
    if categorical.points != found.features[1].points {
      categorical.points.reverse()
      categorical.values.reverse()
      categorical.counts.reverse()
    }
    expect(found.features[1], categorical)
  }

  @Test("Categories stand in the order of their likeness")
  func order() throws {
    let record = try RecordedGlobalExplanations.read().effects
    let model = try GlobalModels.network(record)
    let inputs = ReplacedInputs(model, GlobalModels.samples(record.inputs), threads: 1)
    let order = CategoryOrder(
      of: 3, among: model.input.features, columns: (0..<4).map(inputs.column))
    #expect(order.codes == record.order || order.codes == record.order.reversed())
  }

  @Test("Every sample is counted once, whatever the form")
  func density() throws {
    let record = try RecordedGlobalExplanations.read().effects
    let found = try #require(
      try EffectAssessment(
        GlobalModels.network(record), GlobalModels.samples(record.inputs),
        features: [0, 1, 2, 3], targets: [0, 1]))
    for effect in found.features {
      #expect(effect.counts.reduce(0, +) == record.inputs.count)
      // Two classes mirror each other.
      for (first, second) in zip(effect.curves[0].values, effect.curves[1].values) {
        #expect(abs(first + second) < 1e-6)
      }
    }
  }

  @Test("Standard errors are as large as curves differ between samples drawn anew")
  func standardErrors() throws {
    let model = try GlobalModels.classifier(
      .table([Feature(name: "k", kind: .integer), Feature(name: "b")]), classes: 2
    ) { x in
      // An interaction: the effect of k depends on b.
      x.slice(axis: 1, 0..<1) * x.slice(axis: 1, 1..<2)
        * x.builder.constant(Tensor([0, 1] as [Float], shape: [1, 2]))
    }
    let curves = try (0..<200).map { seed in
      var rows = GlobalModels.rows(120, of: 2, seed: UInt64(seed))
      for index in rows.indices { rows[index][0] = Float(index % 4) }
      return try effects(model, rows, [0]).features[0].curves[0]
    }
    for point in 0..<4 {
      let values = curves.map { $0.values[point] }
      let spread = (values.reduce(0) { $0 + $1 * $1 } / 200).squareRoot()
      let stated = curves.reduce(0) { $0 + $1.standardErrors[point] } / 200
      // 200 draws know a standard deviation to 5 %; four of those.
      #expect(abs(stated / spread - 1) < 0.2)
    }
  }

  @Test("Threads and batches change nothing, and the record reads back")
  func determinism() throws {
    let rows = GlobalModels.rows(50, of: 2)
    let once = try effects(GlobalModels.logistic([1, 2]), rows, [1, 0])
    let again = try EffectAssessment(
      GlobalModels.logistic([1, 2], microBatch: 3), GlobalModels.samples(rows), features: [1, 0],
      scale: .logOdds, threads: 4)
    #expect(again == once && once.features.map(\.feature) == [1, 0])
    let bytes = try JSONEncoder().encode(once)
    #expect(try JSONDecoder().decode(EffectAssessment.self, from: bytes) == once)
  }

  @Test("A constant feature has no effect to show; nothing but a table has any")
  func unsuitable() throws {
    let rows = GlobalModels.rows(20, of: 1).map { [$0[0], 2] }
    let found = try effects(GlobalModels.logistic([1, 2]), rows, [0, 1])
    #expect(found.features.map(\.name) == ["x0"] && found.constantFeatures == ["x1"])
    let image = try GlobalModels.classifier(.image([1, 2, 2]), classes: 2) { x in
      x.flattened().linear(weight: x.builder.constant(Tensor(zeros: [2, 4])))
    }
    let samples = LabelledSamples(
      inputs: Tensor(zeros: [3, 1, 2, 2]), labels: [0, 0, 0], samples: [0, 1, 2])
    #expect(try EffectAssessment(image, samples, features: []) == nil)
  }

  @Test("Without a wish the second of two classes is followed, or those predicted most")
  func targets() {
    #expect(EffectAssessment.defaultTargets(2, predicted: [0, 0]) == [1])
    #expect(EffectAssessment.defaultTargets(3, predicted: [0]) == [0, 1, 2])
    #expect(EffectAssessment.defaultTargets(6, predicted: [5, 5, 3, 1, 3, 3, 2, 2]) == [2, 3, 5])
  }

  private func effects(
    _ model: ProgramClassifier, _ rows: [[Float]], _ features: [Int]
  ) throws -> EffectAssessment {
    try #require(
      try EffectAssessment(
        model, GlobalModels.samples(rows), features: features, scale: .logOdds))
  }

  private func expect(
    _ effect: FeatureEffect, _ record: RecordedGlobalExplanations.Effects.Curve
  ) {
    #expect(effect.counts == record.counts)
    for (point, expected) in zip(effect.points, record.points) {
      #expect(abs(point - expected) < 1e-6)
    }
    for (value, expected) in zip(effect.curves[0].values, record.values) {
      #expect(abs(value - expected) < 1e-6)
    }
  }

  /// Σ over the samples of the curve, half of each interval's at either end.
  private func weightedMean(_ effect: FeatureEffect) -> Double {
    let values = effect.curves[0].values
    return effect.counts.enumerated().reduce(0) { sum, interval in
      sum + Double(interval.element) * (values[interval.offset] + values[interval.offset + 1]) / 2
    }
  }
}
