import Models
import Tensors

/// A search that follows gradients: each step is one call of one compiled program.
///
/// Once half of the samples are broken the others go on in a smaller micro-batch.
struct GradientSearch {
  private(set) var search: AttackSearch
  private let threat: ThreatModel
  private let evaluate: ModelFunction
  private let ascend: ModelFunction
  private let ascendWithMomentum: ModelFunction?
  private let epsilon: Tensor
  /// The clean inputs and the classes of the samples that are worked on, in the points' order.
  private var samples: (inputs: Tensor, classes: Tensor)

  init(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier,
    objective: Objective, usesMomentum: Bool = false
  ) throws {
    search = AttackSearch(batch)
    self.threat = threat
    evaluate = try model.evaluation(of: objective, toward: batch.goal, under: threat)
    ascend = try model.ascent(of: objective, toward: batch.goal, under: threat)
    ascendWithMomentum =
      usesMomentum
      ? try model.momentumAscent(of: objective, toward: batch.goal, under: threat) : nil
    epsilon = Tensor(threat.epsilon)
    samples = (batch.inputs, batch.classes)
  }

  var isFinished: Bool { search.isFinished }

  /// Looks at the points and returns those after one steepest step.
  mutating func ascended(from points: Tensor, by step: Double) throws -> Tensor {
    let results = try ascend(
      [points, samples.inputs, samples.classes, epsilon, Tensor(step)], counting: search.open.count)
    try observe(points, results)
    guard let places = thinned() else { return results[0] }
    return results[0].rows(places)
  }

  /// Looks at the points and returns those after one step along the momentum, which it updates.
  mutating func ascended(
    from points: Tensor, by step: Double, momentum: inout Tensor, decay: Double
  ) throws -> Tensor {
    guard let ascendWithMomentum else { preconditionFailure("the search has no momentum") }
    let results = try ascendWithMomentum(
      [
        points, samples.inputs, samples.classes, epsilon, Tensor(step), momentum, Tensor(decay),
      ], counting: search.open.count)
    try observe(points, results)
    momentum = results[4]
    guard let places = thinned() else { return results[0] }
    momentum = momentum.rows(places)
    return results[0].rows(places)
  }

  private mutating func observe(_ points: Tensor, _ results: [Tensor]) throws {
    search.count(PassCount(forward: 1, backward: 1))
    let evaluation = Evaluation(objective: results[1], logits: results[2], slope: results[3])
    try search.observe(points, evaluation, of: samples, under: threat, by: evaluate)
  }

  /// The places of the points that are worked on from now on; nil if it is all of them.
  private mutating func thinned() -> [Int]? {
    guard let places = search.thinned(from: samples.inputs.shape[0]) else { return nil }
    samples = (samples.inputs.rows(places), samples.classes.rows(places))
    return places
  }

  /// Looks at the last points, which no step has looked at, and ends the search.
  mutating func finished(at points: Tensor) throws -> AttackProposal {
    guard !search.isFinished else { return search.proposal() }
    if threat.isDiscrete {
      try search.observeFinalized(points, slope: nil, of: samples, under: threat, by: evaluate)
    } else {
      let results = try evaluate([points, samples.classes], counting: search.open.count)
      search.count(PassCount(forward: 1))
      search.observe(points, Evaluation(objective: results[0], logits: results[1]))
    }
    return search.proposal()
  }
}
