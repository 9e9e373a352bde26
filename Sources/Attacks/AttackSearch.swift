import Models
import Tensors

/// The best point of each sample so far, and what happened on the way.
///
/// A sample stops at the first point that reaches the goal: its result then does not depend on how
/// long its neighbours in the batch go on. A sample that never does keeps its point of the highest
/// objective.
struct AttackSearch {
  let batch: AttackBatch
  private(set) var best: Tensor
  private(set) var traces: [AttackTrace]
  /// The rows that no point has broken yet.
  private(set) var active: [Int]
  /// The running best objective of each sample, point by point.
  private var history: [[Double]]
  private let classes: [Int64]

  init(_ batch: AttackBatch) {
    self.batch = batch
    best = batch.inputs
    traces = Array(repeating: AttackTrace(), count: batch.count)
    active = Array(0..<batch.count)
    history = Array(repeating: [], count: batch.count)
    classes = batch.classes.scalars(of: Int64.self)
  }

  var isFinished: Bool { active.isEmpty }

  /// Adds passes to every row that is still worked on.
  mutating func count(_ passes: PassCount) {
    for row in active { traces[row].passes = traces[row].passes + passes }
  }

  /// Keeps what is better among the points, row by row.
  mutating func observe(_ points: Tensor, _ evaluation: Evaluation) {
    let objectives = evaluation.objective.doubles
    let logits = evaluation.logits.doubles
    let width = evaluation.logits.shape[1]
    let slopes = evaluation.slope?.doubles
    var improved: [Int] = []
    var isBroken = false
    for row in active {
      record(objectives[row], slope: slopes?[row], of: row)
      guard let prediction = Self.prediction(logits[row * width..<(row + 1) * width]) else {
        continue
      }
      let isReached = (prediction == Int(classes[row])) == (batch.goal == .targeted)
      if isReached || isBetter(objectives[row], of: row) { improved.append(row) }
      traces[row].claimsSuccess = isReached
      isBroken = isBroken || isReached
    }
    if isBroken { active.removeAll { traces[$0].claimsSuccess } }
    if improved.count == batch.count {
      best = points
    } else if !improved.isEmpty {
      best.setRows(improved, to: points.rows(improved))
    }
  }

  /// The first class with the largest logit; nil if one is no number.
  private static func prediction(_ logits: ArraySlice<Double>) -> Int? {
    var best = logits.startIndex
    for index in logits.indices {
      if logits[index].isNaN { return nil }
      if logits[index] > logits[best] { best = index }
    }
    return best - logits.startIndex
  }

  /// Whether the objective that was recorded last is the largest so far.
  private func isBetter(_ objective: Double, of row: Int) -> Bool {
    let past = history[row]
    return objective.isFinite && (past.count < 2 || objective > past[past.count - 2])
  }

  private mutating func record(_ objective: Double, slope: Double?, of row: Int) {
    traces[row].points += 1
    if slope == 0 { traces[row].zeroGradients += 1 }
    guard objective.isFinite, slope?.isFinite != false else {
      traces[row].nonFinite += 1
      return
    }
    if traces[row].initialObjective == nil { traces[row].initialObjective = objective }
    let best = max(traces[row].bestObjective ?? objective, objective)
    traces[row].bestObjective = best
    history[row].append(best)
  }

  /// The proposal, once the search is over.
  func proposal() -> AttackProposal {
    var traces = traces
    for (row, past) in history.enumerated() where past.count > 10 && !traces[row].claimsSuccess {
      let last = past[past.count - 1]
      traces[row].isConverged = last - past[past.count - 11] <= 0.05 * (last - past[0])
    }
    return AttackProposal(perturbed: best, traces: traces)
  }
}

extension AttackSearch {
  /// Keeps what is better among the points, or among the valid inputs next to them where values
  /// must be whole.
  mutating func observe(
    _ points: Tensor, _ evaluation: Evaluation, under threat: ThreatModel,
    by evaluate: ModelFunction
  ) throws {
    if threat.isDiscrete {
      try observeFinalized(points, slope: evaluation.slope, under: threat, by: evaluate)
    } else {
      observe(points, evaluation)
    }
  }

  /// Looks at the valid inputs next to points of the relaxed space: what counts is what they do.
  mutating func observeFinalized(
    _ points: Tensor, slope: Tensor?, under threat: ThreatModel, by evaluate: ModelFunction
  ) throws {
    let valid = threat.finalized(points, around: batch.inputs)
    let results = try evaluate([valid, batch.classes], counting: active.count)
    count(PassCount(forward: 1))
    observe(valid, Evaluation(objective: results[0], logits: results[1], slope: slope))
  }
}

/// A search that follows gradients: each step is one call of one compiled program.
struct GradientSearch {
  private(set) var search: AttackSearch
  private let threat: ThreatModel
  private let evaluate: ModelFunction
  private let ascend: ModelFunction
  private let ascendWithMomentum: ModelFunction?
  private let epsilon: Tensor

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
  }

  private var batch: AttackBatch { search.batch }
  var isFinished: Bool { search.isFinished }

  /// Looks at the points and returns those after one steepest step.
  mutating func ascended(from points: Tensor, by step: Double) throws -> Tensor {
    let results = try ascend(
      [points, batch.inputs, batch.classes, epsilon, Tensor(step)], counting: search.active.count)
    try observe(points, results)
    return results[0]
  }

  /// Looks at the points and returns those after one step along the momentum, which it updates.
  mutating func ascended(
    from points: Tensor, by step: Double, momentum: inout Tensor, decay: Double
  ) throws -> Tensor {
    guard let ascendWithMomentum else { preconditionFailure("the search has no momentum") }
    let results = try ascendWithMomentum(
      [
        points, batch.inputs, batch.classes, epsilon, Tensor(step), momentum, Tensor(decay),
      ], counting: search.active.count)
    try observe(points, results)
    momentum = results[4]
    return results[0]
  }

  private mutating func observe(_ points: Tensor, _ results: [Tensor]) throws {
    search.count(PassCount(forward: 1, backward: 1))
    let evaluation = Evaluation(objective: results[1], logits: results[2], slope: results[3])
    try search.observe(points, evaluation, under: threat, by: evaluate)
  }

  /// Looks at the last points, which no step has looked at, and ends the search.
  mutating func finished(at points: Tensor) throws -> AttackProposal {
    guard !search.isFinished else { return search.proposal() }
    if threat.isDiscrete {
      try search.observeFinalized(points, slope: nil, under: threat, by: evaluate)
    } else {
      let results = try evaluate([points, batch.classes], counting: search.active.count)
      search.count(PassCount(forward: 1))
      search.observe(points, Evaluation(objective: results[0], logits: results[1]))
    }
    return search.proposal()
  }
}
