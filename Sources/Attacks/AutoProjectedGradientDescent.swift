import Models
import Tensors

/// Projected gradient descent with momentum that chooses its own step length, sample by sample.
///
///     z = Π(xᵏ + η d(∇ₓ J(xᵏ)));   xᵏ⁺¹ = Π(xᵏ + α (z − xᵏ) + (1 − α)(xᵏ − xᵏ⁻¹))
///
/// α = 0.75, at the first step 1; η starts at 2ε and is halved by `StepSchedule`, after which a
/// sample goes on from its best point.
///
/// - Shapes: inputs and result `[N] + encodedShape`.
/// - Source: Croce and Hein 2020, arXiv:2003.01690, section 3 and algorithm 1; the start is that of
///   the authors' code, on the surface of the ball. Deviations: the first window compares with the
///   objective at the start, where the code compares with a number that is not set yet; a point
///   without a finite objective sends its sample back to its best point at once, without momentum.
///   Under L1 the scheme is the same with the steepest direction, one coordinate a step, where
///   APGD-L1 (Croce and Hein 2021, arXiv:2103.01208) adapts how many coordinates move.
struct AutoProjectedGradientDescent: Attack {
  static let name = "apgd"
  static let summary = "momentum steps of a length that adapts to each sample"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable { case steps, restarts, objective }

  /// The number of steps; with the start, one forward and one backward pass more than that.
  var steps = 100
  var restarts = 1
  var objective = Objective.margin

  func validate() throws {
    try require(steps > 0, "steps", "a positive number", got: steps)
    try require(restarts > 0, "restarts", "a positive number", got: restarts)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, on model: any DifferentiableClassifier
  ) throws -> AttackProposal {
    let start = threat.surfaceSample(
      around: batch.inputs, using: batch.random(for: Self.name))
    var search = try AdaptiveSearch(
      batch, from: start, steps: steps, under: threat, on: model, objective: objective)
    for step in 0..<steps where !search.isFinished {
      try search.advance(weight: step == 0 ? 1 : 0.75)
    }
    return search.proposal()
  }
}

/// The state of each sample between the steps; no sample sees another's.
private struct AdaptiveSearch {
  /// A point with the steepest direction there, which need not be computed again.
  struct Place {
    var points: Tensor
    var directions: Tensor

    mutating func setRows(_ rows: [Int], to other: Place) {
      guard !rows.isEmpty else { return }
      points.setRows(rows, to: other.points.rows(rows))
      directions.setRows(rows, to: other.directions.rows(rows))
    }
  }

  private var search: AttackSearch
  private var schedule: StepSchedule
  private var current: Place
  private var best: Place
  private var previous: Tensor
  private let threat: ThreatModel
  private let move: ModelFunction
  private let evaluate: ModelFunction

  /// Looks at the start, by a step of length 0.
  init(
    _ batch: AttackBatch, from start: Tensor, steps: Int, under threat: ThreatModel,
    on model: any DifferentiableClassifier, objective: Objective
  ) throws {
    search = AttackSearch(batch)
    self.threat = threat
    move = try model.adaptiveAscent(of: objective, toward: batch.goal, under: threat)
    evaluate = try model.evaluation(of: objective, toward: batch.goal, under: threat)
    current = Place(points: start, directions: Tensor(zeros: start.shape))
    (best, previous) = (current, start)
    let rows = batch.samples.count
    schedule = StepSchedule(rows: rows, steps: steps, length: 2 * threat.epsilon)
    schedule.begin(at: try moved(by: Array(repeating: 0, count: rows), weight: 1))
    (best, previous) = (current, current.points)
  }

  var isFinished: Bool { search.isFinished }
  func proposal() -> AttackProposal { search.proposal() }

  /// One step of every sample, and its consequences for the next.
  mutating func advance(weight: Double) throws {
    let departed = current.points
    let objectives = try moved(by: schedule.lengths, weight: weight)
    previous = departed
    let verdict = schedule.record(objectives)
    best.setRows(verdict.improved, to: current)
    current.setRows(verdict.restarted, to: best)
    if !verdict.lost.isEmpty { previous.setRows(verdict.lost, to: best.points.rows(verdict.lost)) }
  }

  /// Moves to the next points and looks at them; returns the objective there.
  private mutating func moved(by lengths: [Double], weight: Double) throws -> [Double] {
    let batch = search.batch
    let ones = [Int](repeating: 1, count: current.points.shape.rank - 1)
    let steps = Tensor(lengths.map { Float($0) }, shape: Shape([lengths.count] + ones))
    let results = try move(
      [
        current.points, batch.inputs, batch.classes, Tensor(threat.epsilon), steps,
        current.directions, previous, Tensor(weight),
      ], counting: search.open.count)
    search.count(PassCount(forward: 1, backward: 1))
    current = Place(points: results[0], directions: results[4])
    let evaluation = Evaluation(
      objective: results[1], logits: results[2], slope: results[3])
    try search.observe(
      current.points, evaluation, of: (batch.inputs, batch.classes), under: threat, by: evaluate)
    return results[1].doubles
  }
}
