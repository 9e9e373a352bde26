import Explanations
import Models
import Tensors

/// Contributions by Shapley values from each reference applicant: answers of the model suffice.
///
/// Features are given the applicant's values one after another, in an order that is drawn and in its
/// reverse; a contribution is by how much the log-odds change at a feature's turn, averaged. Every
/// order sums exactly to s(x) − s(reference). Orders are doubled until the largest standard error
/// is at most 2 % of the difference that is explained; above 5 % an applicant has not converged.
///
/// - Source: Castro et al. 2009, "Polynomial calculation of the Shapley value based on sampling";
///   orders with their reverse: Mitchell et al. 2022, arXiv:2104.12199, section 3.2.
struct ShapleyContributions: Sendable {
  static let initialPairs = 2
  static let maximumPairs = 16
  static let wantedError = 0.02
  static let acceptedError = 0.05

  let model: any Classifier
  let logOdds: LogOdds
  let seed: UInt64

  /// The contributions of one applicant's features.
  ///
  /// - Parameters:
  ///   - applicant: Encoded values.
  ///   - sample: The applicant's index, from which orders are derived.
  ///   - score: The applicant's log-odds.
  ///   - references: What it is compared with.
  /// - Returns: A row of contributions a reference applicant.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func contributions(
    of applicant: [Float], sample: Int, score: Double, from references: ReferenceStarts
  ) throws -> ReferenceContributions {
    var drawn = [[[Double]]](repeating: [], count: references.count)
    var pairs = Self.initialPairs
    let difference = score - references.meanScore
    while true {
      let chains = references.encoded.indices.flatMap { reference in
        (drawn[reference].count..<pairs).map { pair in
          OrderedChange(
            reference: reference, from: references.encoded[reference], to: applicant,
            FeatureCells(model.input),
            RandomStream(
              seed: seed, purpose: "reason codes/order", sample: sample, restart: reference,
              step: pair))
        }
      }
      let found = try contributions(of: chains, applicant, score: score, references)
      for (chain, values) in zip(chains, found) { drawn[chain.reference].append(values) }
      let errors = Self.standardErrors(drawn)
      let largest = errors.max() ?? 0
      if largest <= Self.wantedError * abs(difference) || pairs * 2 > Self.maximumPairs {
        let rows = drawn.map(Self.mean)
        let sum = rows.reduce(0) { $0 + $1.reduce(0, +) } / Double(rows.count)
        return ReferenceContributions(
          perReference: rows, error: sum - difference, difference: difference,
          standardErrors: errors, steps: 2 * pairs,
          isConverged: largest <= Self.acceptedError * abs(difference))
      }
      pairs *= 2
    }
  }

  /// The mean contributions over each order and its reverse.
  private func contributions(
    of chains: [OrderedChange], _ applicant: [Float], score: Double, _ references: ReferenceStarts
  ) throws -> [[Double]] {
    let starts = chains.indices.reduce(into: [0]) { $0.append($0[$1] + chains[$1].pointCount) }
    var owners: [Int] = []
    for (chain, change) in chains.enumerated() {
      owners += Array(repeating: chain, count: change.pointCount)
    }
    let table = try model.sweepLogits(count: owners.count) { index, point in
      let chain = owners[index]
      chains[chain].write(
        index - starts[chain], from: references.encoded[chains[chain].reference], to: applicant,
        point)
    }
    return chains.enumerated().map { chain, change in
      change.contributions(
        first: references.scores[change.reference], last: score,
        between: (starts[chain]..<starts[chain + 1]).map { logOdds(table[$0]) })
    }
  }

  /// The standard error of each feature's mean over references, whose number is fixed.
  ///
  ///     √(Σ_r s_r² / m) / R,   s_r² the variance of m pairs of orders of reference r
  private static func standardErrors(_ drawn: [[[Double]]]) -> [Double] {
    let count = Double(drawn.count)
    return drawn[0][0].indices.map { feature in
      let variance = drawn.reduce(0.0) { sum, pairs in
        let values = pairs.map { $0[feature] }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return sum + squares / Double((values.count - 1) * values.count)
      }
      return variance.squareRoot() / count
    }
  }

  private static func mean(_ pairs: [[Double]]) -> [Double] {
    pairs[0].indices.map { feature in
      pairs.reduce(0) { $0 + $1[feature] } / Double(pairs.count)
    }
  }
}
