import Models
import Tensors

/// The best point of each sample so far, and what happened on the way.
///
/// A sample stops at the first point that reaches the goal: its result then does not depend on how
/// long its neighbours in the batch go on. A sample that never does keeps its point of the highest
/// objective.
struct AttackSearch {
  /// A row of the batch that no point has broken yet.
  struct OpenRow {
    let row: Int
    /// The row of the points, logits and objectives that belong to it.
    let place: Int
  }

  let batch: AttackBatch
  private(set) var best: Tensor
  private(set) var traces: [AttackTrace]
  private(set) var open: [OpenRow]
  private var progress: ObjectiveProgress
  private let classes: [Int64]

  init(_ batch: AttackBatch) {
    self.batch = batch
    best = batch.inputs
    traces = Array(repeating: AttackTrace(), count: batch.count)
    open = (0..<batch.count).map { OpenRow(row: $0, place: $0) }
    progress = ObjectiveProgress(rows: batch.count)
    classes = batch.classes.scalars(of: Int64.self)
  }

  var isFinished: Bool { open.isEmpty }

  /// Adds passes to every row that is still worked on.
  mutating func count(_ passes: PassCount) {
    for row in open { traces[row.row].passes = traces[row.row].passes + passes }
  }

  /// Keeps what is better among the points, row by row.
  mutating func observe(_ points: Tensor, _ evaluation: Evaluation) {
    let looks = Looks(evaluation, toward: batch.goal)
    var improved: [OpenRow] = []
    let isBroken = traces.withUnsafeMutableBufferPointer { traces in
      var isBroken = false
      for open in open {
        let look = looks[open.place, of: classes[open.row]]
        let isBetter = progress.record(look, of: open.row, in: &traces[open.row])
        guard let prediction = look.prediction else { continue }
        let isReached = (prediction == Int(classes[open.row])) == (batch.goal == .targeted)
        if isReached || isBetter { improved.append(open) }
        traces[open.row].claimsSuccess = isReached
        isBroken = isBroken || isReached
      }
      return isBroken
    }
    if isBroken { open.removeAll { traces[$0.row].claimsSuccess } }
    keep(improved, of: points)
  }

  private mutating func keep(_ improved: [OpenRow], of points: Tensor) {
    if improved.count == best.shape[0] {
      best = points
    } else if !improved.isEmpty {
      best.setRows(improved.map(\.row), to: points.rows(improved.map(\.place)))
    }
  }

  /// Leaves the closed rows out of a micro-batch once they are half of it.
  ///
  /// - Parameter size: The number of rows of the micro-batch.
  /// - Returns: The places to keep, the last repeated up to a half, a quarter, … of the size, so
  ///   that few sizes are compiled; nil where too many rows are open.
  mutating func thinned(from size: Int) -> [Int]? {
    var half = size
    while half > 1, open.count <= half / 2 { half /= 2 }
    guard half < size, let last = open.last else { return nil }
    let places = open.map(\.place)
    open = open.indices.map { OpenRow(row: open[$0].row, place: $0) }
    return places + Array(repeating: last.place, count: half - places.count)
  }

  /// The proposal, once the search is over.
  func proposal() -> AttackProposal {
    var traces = traces
    for row in traces.indices where !traces[row].claimsSuccess {
      traces[row].isConverged = progress.isConverged(row, traces[row])
    }
    return AttackProposal(perturbed: best, traces: traces)
  }
}

extension AttackSearch {
  /// Keeps what is better among the points, or among the valid inputs next to them where values
  /// must be whole.
  mutating func observe(
    _ points: Tensor, _ evaluation: Evaluation, of samples: (inputs: Tensor, classes: Tensor),
    under threat: ThreatModel, by evaluate: ModelFunction
  ) throws {
    if threat.isDiscrete {
      try observeFinalized(
        points, slope: evaluation.slope, of: samples, under: threat, by: evaluate)
    } else {
      observe(points, evaluation)
    }
  }

  /// Looks at the valid inputs next to points of the relaxed space: what counts is what they do.
  mutating func observeFinalized(
    _ points: Tensor, slope: Tensor?, of samples: (inputs: Tensor, classes: Tensor),
    under threat: ThreatModel, by evaluate: ModelFunction
  ) throws {
    let valid = threat.finalized(points, around: samples.inputs)
    let results = try evaluate([valid, samples.classes], counting: open.count)
    count(PassCount(forward: 1))
    observe(valid, Evaluation(objective: results[0], logits: results[1], slope: slope))
  }
}
