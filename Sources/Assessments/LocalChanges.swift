import Models
import Tensors

/// What a model's answers do when a feature of each sample goes to a value nearby.
struct LocalChanges: Sendable {
  let inputs: ReplacedInputs
  /// To the samples as they are.
  let answers: [LogitRow]
  let targets: [Int]
  let scale: EffectAssessment.Scale

  init(
    _ inputs: ReplacedInputs, answers: [LogitRow], targets: [Int], scale: EffectAssessment.Scale
  ) {
    self.inputs = inputs
    self.answers = answers
    self.targets = targets
    self.scale = scale
  }

  private var features: [Feature] { inputs.model.input.audited.features }

  /// Whole numbers with at most so many values are taken value by value.
  private static let levelLimit = 10

  /// The effect of a feature; nil where it has one value only.
  func effect(of feature: Int, intervalLimit: Int) throws -> FeatureEffect? {
    let column = inputs.column(feature)
    let distinct = Set(column).sorted()
    guard distinct.count > 1 else { return nil }
    switch features[feature].kind {
    case .binary: return try levels(distinct, of: feature, column)
    case .categorical:
      let order = CategoryOrder(
        of: feature, among: features, columns: features.indices.map(inputs.column))
      return try levels(order.codes.map(Double.init), of: feature, column)
    case .integer where distinct.count <= Self.levelLimit:
      return try levels(distinct, of: feature, column)
    case .integer, .continuous:
      return try EffectIntervals(of: column, limit: intervalLimit).map {
        try intervals($0, of: feature)
      }
    }
  }

  /// Each sample goes from the lower to the upper end of its interval.
  func intervals(_ intervals: EffectIntervals, of feature: Int) throws -> FeatureEffect {
    let moves = intervals.members.enumerated().flatMap { sample, interval in
      [(sample, intervals.ends[interval]), (sample, intervals.ends[interval + 1])]
    }
    let outputs = try self.outputs(moves, feature)
    let curves = targets.indices.map { target -> EffectCurve in
      var steps = [[AccumulatedEffect.Change]](repeating: [], count: intervals.ends.count - 1)
      for (sample, interval) in intervals.members.enumerated() {
        let difference = outputs[2 * sample + 1][target] - outputs[2 * sample][target]
        steps[interval].append(.init(sample: sample, difference: difference))
      }
      return AccumulatedEffect(
        steps: steps, weights: intervals.weights, sampleCount: answers.count
      ).curve
    }
    return FeatureEffect(
      feature: feature, name: features[feature].name, form: .intervals, points: intervals.ends,
      counts: intervals.counts, curves: curves)
  }

  /// Each sample goes to the level before its own and to the one after.
  private func levels(
    _ levels: [Double], of feature: Int, _ column: [Double]
  ) throws -> FeatureEffect {
    let positions = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
    let members = column.compactMap { positions[$0] }
    // The sample, the step that it takes, and whether it goes up or comes from below.
    let moves = members.enumerated().flatMap { sample, level in
      [(sample, level - 1, false), (sample, level, true)].filter {
        levels.indices.dropLast().contains($0.1)
      }
    }
    let outputs = try self.outputs(
      moves.map { ($0.0, levels[$0.2 ? $0.1 + 1 : $0.1]) }, feature)
    let counts = members.reduce(into: Array(repeating: 0, count: levels.count)) { $0[$1] += 1 }
    let curves = targets.indices.map { target -> EffectCurve in
      var steps = [[AccumulatedEffect.Change]](repeating: [], count: levels.count - 1)
      for (move, output) in zip(moves, outputs) {
        let change = output[target] - self.output(answers[move.0], targets[target])
        steps[move.1].append(.init(sample: move.0, difference: move.2 ? change : -change))
      }
      return AccumulatedEffect(
        steps: steps, weights: counts.map { Double($0) / Double(members.count) },
        sampleCount: answers.count
      ).curve
    }
    return FeatureEffect(
      feature: feature, name: features[feature].name, form: .levels, points: levels,
      counts: counts, curves: curves)
  }

  /// What the model says of each target where samples have another value of a feature.
  private func outputs(_ moves: [(sample: Int, value: Double)], _ feature: Int) throws -> [[Double]]
  {
    var outputs: [[Double]] = []
    outputs.reserveCapacity(moves.count)
    try inputs.visit(
      count: moves.count, part: features[feature].name, sample: { moves[$0].sample },
      replace: { $1[feature] = Float(moves[$0].value) },
      visit: { _, answer in outputs.append(targets.map { output(answer, $0) }) })
    return outputs
  }

  private func output(_ answer: LogitRow, _ target: Int) -> Double {
    switch scale {
    case .probability: answer.probability(target)
    case .logOdds: answer.logOdds(target)
    }
  }
}
