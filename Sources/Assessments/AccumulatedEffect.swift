/// Local changes between neighbouring points, added up and centred.
///
///     g(z_k) = Σ_{l ≤ k} δ_l,   δ_l = mean of the changes from z_(l−1) to z_l
///     f(z_k) = g(z_k) − Σ_j w_j g(z_j)
///
/// - Source: Apley and Zhu 2020, arXiv:1612.08468; for levels, which each sample leaves in
///   both directions, as in the authors' R package ALEPlot.
struct AccumulatedEffect: Sendable {
  /// What one sample's answer does over one step.
  struct Change: Sendable {
    var sample: Int
    var difference: Double
  }

  /// One a step, a point fewer than there are points.
  let steps: [[Change]]
  /// The share of the samples at each point; they sum to 1.
  let weights: [Double]
  let sampleCount: Int

  /// - Precondition: at least two changes a step, one step fewer than weights.
  init(steps: [[Change]], weights: [Double], sampleCount: Int) {
    precondition(
      steps.count + 1 == weights.count && steps.allSatisfy { $0.count > 1 },
      "expected two changes or more in \(weights.count - 1) steps, got \(steps.map(\.count))")
    self.steps = steps
    self.weights = weights
    self.sampleCount = sampleCount
  }

  var curve: EffectCurve {
    let means = steps.map { step in
      step.reduce(0) { $0 + $1.difference } / Double(step.count)
    }
    // The share of the samples beyond each step.
    let beyond = steps.indices.map { weights[($0 + 1)...].reduce(0, +) }
    let values = weights.indices.map { point in
      means.indices.reduce(0) { $0 + (($1 < point ? 1 : 0) - beyond[$1]) * means[$1] }
    }
    return EffectCurve(
      values: values,
      standardErrors: weights.indices.map { standardError(at: $0, means, beyond) })
  }

  /// The root of the sum of squares of each sample's part in a value.
  ///
  ///     Σ_i (Σ_l a_l (Δ_il − δ_l) / n_l · √(n_l / (n_l − 1)))²,   a_l = [l ≤ k] − Σ_{j ≥ l} w_j
  ///
  /// A sample may take part in two steps, so that steps are not independent.
  private func standardError(at point: Int, _ means: [Double], _ beyond: [Double]) -> Double {
    var parts = [Double](repeating: 0, count: sampleCount)
    for (index, step) in steps.enumerated() {
      let n = Double(step.count)
      let factor = ((index < point ? 1 : 0) - beyond[index]) / (n * (n - 1)).squareRoot()
      for change in step { parts[change.sample] += factor * (change.difference - means[index]) }
    }
    return parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
