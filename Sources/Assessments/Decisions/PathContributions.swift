import Explanations
import Models
import Tensors

/// Contributions by integrated gradients of the log-odds from each reference applicant.
///
///     a = mean over references r of (x − r) ⊙ Σ wₖ ∂s/∂x (r + αₖ (x − r)), one-hot blocks summed
///
/// Midpoints, doubled on the paths that need it. An applicant has converged if what is left over is
/// at most a small share of the difference that is explained, and at most ten times that on every
/// single path: errors of several paths may cancel in the first, but not in the second.
///
/// - Source: Sundararajan et al. 2017, arXiv:1703.01365, section 3; averaging over baselines: Erion
///   et al. 2021, arXiv:1906.10670.
struct PathContributions<Base: DifferentiableClassifier>: Sendable {
  static var initialSteps: Int { 16 }
  static var maximumSteps: Int { 512 }
  /// What single precision leaves of a sum of contributions that cancel.
  static var rounding: Double { 1e-5 }

  let model: LogOddsClassifier<Base>
  /// Which share of the difference may be left over.
  var exactness = 1e-3

  /// The contributions of one applicant's features.
  ///
  /// - Parameters:
  ///   - applicant: Encoded values.
  ///   - score: The applicant's log-odds.
  ///   - references: What it is compared with.
  /// - Returns: A row of contributions a reference applicant.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func contributions(
    of applicant: [Float], score: Double, from references: ReferenceStarts
  ) throws -> ReferenceContributions {
    let cells = FeatureCells(model.input)
    let difference = score - references.meanScore
    let tolerance = max(exactness * abs(difference), Self.rounding)
    var rows = [[Double]](repeating: [], count: references.count)
    var errors = [Double](repeating: .infinity, count: references.count)
    var steps = Self.initialSteps
    while true {
      let pending = errors.indices.filter { abs(errors[$0]) > tolerance }
      let found = try integrals(pending, to: applicant, from: references, steps: steps)
      for (path, attributions) in zip(pending, found) {
        rows[path] = cells.sums(attributions)
        errors[path] = attributions.reduce(0, +) - (score - references.scores[path])
      }
      let error = errors.reduce(0, +) / Double(errors.count)
      let isConverged =
        abs(error) <= tolerance && errors.allSatisfy { abs($0) <= 10 * tolerance }
      if isConverged || steps * 2 > Self.maximumSteps {
        return ReferenceContributions(
          perReference: rows, error: error, difference: difference,
          standardErrors: [Double](repeating: 0, count: cells.count), steps: steps,
          isConverged: isConverged)
      }
      steps *= 2
    }
  }

  /// The attributions along some paths, in the order of encoded values.
  private func integrals(
    _ paths: [Int], to end: [Float], from references: ReferenceStarts, steps: Int
  ) throws -> [[Double]] {
    let nodes = Quadrature.midpoint.nodes(count: steps)
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: end.count), count: paths.count)
    try model.sweepGradients(
      count: paths.count * steps, target: { _ in 0 },
      point: { index, point in
        references.encoded[paths[index / steps]].withUnsafeBufferPointer { start in
          end.withUnsafeBufferPointer { end in
            point.interpolate(from: start, to: end, at: nodes[index % steps].position)
          }
        }
      },
      visit: { index, _, gradient in
        sums[index / steps].withUnsafeMutableBufferPointer {
          $0.add(nodes[index % steps].weight, times: gradient)
        }
      })
    return zip(paths, sums).map { path, sum in
      let start = references.encoded[path]
      return sum.indices.map { (Double(end[$0]) - Double(start[$0])) * sum[$0] }
    }
  }
}
