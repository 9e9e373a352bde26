import Models
import Tensors

/// What the model answered at one point.
struct Look {
  let objective: Double
  /// The largest magnitude in the gradient, where one was taken.
  let slope: Double?
  /// The first class with the largest logit; nil if a logit is no number.
  let prediction: Int?
  /// How far the logits are past the goal, as `Goal.margin` has it; nil if that is no finite number.
  let margin: Double?
}

/// What the model answered at the points of a micro-batch, place by place.
struct Looks {
  private let objectives: [Double]
  private let logits: [Double]
  private let slopes: [Double]?
  private let width: Int
  private let goal: Goal

  init(_ evaluation: Evaluation, toward goal: Goal) {
    self.goal = goal
    objectives = evaluation.objective.doubles
    logits = evaluation.logits.doubles
    slopes = evaluation.slope?.doubles
    width = evaluation.logits.shape[1]
  }

  /// What was answered at a place, judged for the label or the target of its sample.
  subscript(place: Int, of chosen: Int64) -> Look {
    let range = place * width..<(place + 1) * width
    let margin = goal.margin(logits[range], of: Int(chosen))
    return Look(
      objective: objectives[place], slope: slopes?[place],
      prediction: Self.prediction(logits, range), margin: margin.isFinite ? margin : nil)
  }

  private static func prediction(_ logits: [Double], _ range: Range<Int>) -> Int? {
    var best = range.lowerBound
    for index in range {
      if logits[index].isNaN { return nil }
      if logits[index] > logits[best] { best = index }
    }
    return best - range.lowerBound
  }
}

/// The running best objectives of samples, as far back as the judgement of their convergence looks.
struct ObjectiveProgress {
  private static let window = 11
  /// The last running bests of each row, the place of point k at k mod 11.
  private var recent: [Double]
  /// The margin at the first finite point of each row.
  private var firstMargins: [Double?]

  init(rows: Int) {
    recent = Array(repeating: 0, count: rows * Self.window)
    firstMargins = Array(repeating: nil, count: rows)
  }

  /// Adds a point to a sample's trace.
  ///
  /// - Returns: Whether its objective is the largest so far.
  mutating func record(_ look: Look, of row: Int, in trace: inout AttackTrace) -> Bool {
    trace.points += 1
    if look.slope == 0 { trace.zeroGradients += 1 }
    guard look.objective.isFinite, look.slope?.isFinite != false else {
      trace.nonFinite += 1
      return false
    }
    let past = trace.bestObjective
    let best = max(past ?? look.objective, look.objective)
    recordRise(of: look, row: row, in: &trace)
    if trace.initialObjective == nil { trace.initialObjective = look.objective }
    trace.bestObjective = best
    recent[row * Self.window + (trace.finitePoints - 1) % Self.window] = best
    return past.map { look.objective > $0 } ?? true
  }

  /// The margin counts beside the objective: the cross-entropy of a confident answer rounds to 0
  /// and stays there, however far an attack comes.
  private mutating func recordRise(of look: Look, row: Int, in trace: inout AttackTrace) {
    guard let start = trace.initialObjective else {
      firstMargins[row] = look.margin
      return
    }
    var rise = max(trace.rise ?? -.infinity, look.objective - start)
    if let first = firstMargins[row], let margin = look.margin { rise = max(rise, margin - first) }
    trace.rise = rise
  }

  /// Whether the best objective has settled; nil after fewer than 11 points.
  ///
  ///     best(T) − best(T − 10) ≤ 0.05 (best(T) − best(0))
  func isConverged(_ row: Int, _ trace: AttackTrace) -> Bool? {
    let count = trace.finitePoints
    guard count >= Self.window, let last = trace.bestObjective, let first = trace.initialObjective
    else { return nil }
    let earlier = recent[row * Self.window + count % Self.window]
    return last - earlier <= 0.05 * (last - first)
  }
}

extension AttackTrace {
  fileprivate var finitePoints: Int { points - nonFinite }
}
