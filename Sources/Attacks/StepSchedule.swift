/// The step length of each sample: halved at checkpoints where the objective no longer rises.
///
/// Checkpoints end windows of 22 % of the steps, then 19 %, 16 %, … down to 6 %. At the end of a
/// window of w steps a length is halved if
///
/// 1. the objective rose in at most 0.75 w of them, or
/// 2. the length was kept at the checkpoint before, and the best objective is what it was there.
///
/// - Source: Croce and Hein 2020, arXiv:2003.01690, section 3.2; windows of whole steps and the
///   first checkpoint, at which condition 2 cannot hold, as in the authors' code.
struct StepSchedule {
  /// The length of the next step of each row, in scaled units.
  private(set) var lengths: [Double]
  private var window: Int
  private var stepsInWindow = 0
  private let shrinkage: Int
  private let smallestWindow: Int
  private var rows: [Row]

  fileprivate struct Row {
    var last = -Double.infinity
    var best = -Double.infinity
    var bestAtCheckpoint = -Double.infinity
    var rises = 0
    var wasHalved = true
  }

  /// What the objectives after a step mean for the rows.
  struct Verdict {
    /// The rows that are at their best point.
    var improved: [Int] = []
    /// The rows that go on from their best point, with half the step.
    var restarted: [Int] = []
    /// Those of them whose objective is not a finite number.
    var lost: [Int] = []
  }

  /// - Parameters:
  ///   - rows: The number of samples.
  ///   - steps: The number of steps that will be taken.
  ///   - length: The first step length.
  init(rows: Int, steps: Int, length: Double) {
    lengths = Array(repeating: length, count: rows)
    window = max(22 * steps / 100, 1)
    shrinkage = max(3 * steps / 100, 1)
    smallestWindow = max(6 * steps / 100, 1)
    self.rows = Array(repeating: Row(), count: rows)
  }

  /// Takes note of the objectives at the start, with which the first step is compared.
  mutating func begin(at objectives: [Double]) {
    for (row, objective) in objectives.enumerated() where objective.isFinite {
      rows[row] = Row(last: objective, best: objective, bestAtCheckpoint: objective)
    }
  }

  /// Takes note of the objectives after a step, and halves what a checkpoint demands.
  mutating func record(_ objectives: [Double]) -> Verdict {
    stepsInWindow += 1
    let isCheckpoint = stepsInWindow == window
    var verdict = Verdict()
    for (row, objective) in objectives.enumerated() {
      if rows[row].takes(objective) { verdict.improved.append(row) }
      if !objective.isFinite { verdict.lost.append(row) }
      let isStuck = isCheckpoint && rows[row].isStuck(after: window)
      guard isStuck || !objective.isFinite else { continue }
      lengths[row] /= 2
      verdict.restarted.append(row)
    }
    if isCheckpoint {
      window = max(window - shrinkage, smallestWindow)
      stepsInWindow = 0
    }
    return verdict
  }
}

extension StepSchedule.Row {
  /// Takes note of an objective; returns whether it is the best so far.
  fileprivate mutating func takes(_ objective: Double) -> Bool {
    if objective > last { rises += 1 }
    last = objective
    guard objective.isFinite, objective > best else { return false }
    best = objective
    return true
  }

  /// Whether the conditions for halving hold at the end of a window, and begins the next window.
  fileprivate mutating func isStuck(after window: Int) -> Bool {
    let rarelyRose = Double(rises) <= 0.75 * Double(window)
    let hasSettled = !wasHalved && bestAtCheckpoint >= best
    (rises, bestAtCheckpoint, wasHalved) = (0, best, rarelyRose || hasSettled)
    return wasHalved
  }
}
