import Models
import Tensors

/// The search for cheap changes that turn one declined applicant's decision.
///
/// Two beginnings: the values of the nearest accepted applicants, as far as they may be taken over
/// (`adopted`), and single features changed one after another (`grown`). Whatever is accepted is
/// made cheaper (`polished`). Everything is deterministic, and every look at the model is a batch.
struct CounterfactualSearch: Sendable {
  /// How many accepted applicants the search begins with.
  static let neighbourCount = 5
  /// How many values of a number are tried at a time.
  static let valueCount = 16
  /// Up to so many combinations of values are all tried.
  static let combinationLimit = 4_096
  /// How many rows a batch holds.
  static let batchSize = 512

  /// Accepted values with their log-odds.
  struct Candidate: Hashable, Sendable {
    var values: [Float]
    var score: Double
  }

  let model: any Classifier
  let rule: DecisionRule
  let scale: PopulationScale
  let recourse: Recourse

  var own: [Float] { recourse.own }

  /// The log-odds of rows of raw values.
  func scores(_ rows: [[Float]]) throws -> [Double] {
    guard !rows.isEmpty else { return [] }
    let raw = Tensor(rows.flatMap { $0 }, shape: [rows.count, own.count])
    let logits = try model.verifiedLogits(model.input.encoded(raw), threads: 1)
    return LogOdds(favourableClass: rule.favourableClass).rows(logits)
  }

  func cost(_ values: [Float]) -> Double { scale.cost(from: own, to: values) }
  func changed(_ values: [Float]) -> [Int] { own.indices.filter { own[$0] != values[$0] } }

  /// The cheapest accepted of the rows, in ascending order of their cost.
  ///
  /// - Parameters:
  ///   - rows: Allowed values.
  ///   - count: How many are wanted.
  ///   - best: Raised to the largest log-odds that was met.
  /// - Returns: Those that are accepted.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func cheapest(_ rows: [[Float]], count: Int, best: inout Double) throws -> [Candidate] {
    let costs = rows.map(cost)
    let order = rows.indices.sorted { (costs[$0], $0) < (costs[$1], $1) }
    var found: [Candidate] = []
    for start in stride(from: 0, to: order.count, by: Self.batchSize) where found.count < count {
      let batch = order[start..<min(start + Self.batchSize, order.count)].map { rows[$0] }
      let scores = try scores(batch)
      best = scores.reduce(best, max)
      for (values, score) in zip(batch, scores) where rule.accepts(logOdds: score) {
        found.append(Candidate(values: values, score: score))
      }
    }
    return Array(found.prefix(count))
  }

  /// The nearest accepted applicants' values, as far as they may be taken over, without repetition.
  func adopted(_ accepted: [[Float]], best: inout Double) throws -> [Candidate] {
    var seen: Set<[Float]> = [own]
    let rows = accepted.map(recourse.adopted).filter { seen.insert($0).inserted }
    return try cheapest(rows, count: Self.neighbourCount, best: &best)
  }
}
