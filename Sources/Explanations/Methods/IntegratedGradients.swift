import Models
import Tensors

/// The gradient averaged along the straight path from a baseline, times the path.
///
///     a = (x − x′) ⊙ Σ wₖ ∂F/∂x (x′ + αₖ (x − x′))
///
/// Sums to F(x) − F(x′) but for the error of the quadrature, which is measured: unless a number of
/// steps is asked for, there are more of them until that error is accepted. With several baselines
/// the attributions are averaged over them.
///
/// - Source: Sundararajan et al. 2017, arXiv:1703.01365, section 3.
struct IntegratedGradients: AttributionMethod {
  static let name = "integrated-gradients"

  /// What the path starts from.
  var baseline = Baseline.zero
  /// Where the gradient is taken; with a stated number of steps, bisection is the midpoint rule.
  ///
  /// Gauss–Legendre is no safe default: the kinks of ReLU networks cost it its order.
  var quadrature = PathRule.bisection
  /// Exactly this number of gradients along each path; nil: as many as the error needs.
  var steps: Int?
  /// The first number that is tried.
  var initialSteps = 32
  /// The largest number that is tried.
  var maximumSteps = 1024

  var baselineName: String? { baseline.description }

  func resolved(for input: InputSpecification) -> Self {
    var method = self
    method.baseline = baseline.resolved(for: input)
    if steps != nil, quadrature == .bisection { method.quadrature = .nodes(.midpoint) }
    return method
  }

  func validate() throws {
    let minimum = quadrature.minimumCount
    try Self.expect(steps ?? minimum, atLeast: minimum, "steps")
    try Self.expect(initialSteps, atLeast: minimum, "initialSteps")
    try Self.expect(maximumSteps, atLeast: initialSteps, "maximumSteps")
  }

  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch {
    let paths = try Paths(request, from: baseline, on: model)
    switch quadrature {
    case .bisection:
      return try paths.averaged(
        (0..<paths.count).map {
          try paths.bisected(
            $0, initialSteps: steps ?? initialSteps, maximumSteps: steps ?? maximumSteps)
        })
    case .nodes(let quadrature):
      return try paths.averaged(doubled(paths, quadrature))
    }
  }

  /// The integrals with as many nodes as each path needs, or with the stated number.
  private func doubled(
    _ paths: Paths<some DifferentiableClassifier>, _ quadrature: Quadrature
  ) throws -> [PathIntegral] {
    var integrals = [PathIntegral?](repeating: nil, count: paths.count)
    var pending = Array(0..<paths.count)
    var count = steps ?? initialSteps
    while !pending.isEmpty {
      let isLast = steps != nil || count * 2 > maximumSteps
      let found = try paths.integrals(pending, over: quadrature.nodes(count: count))
      for (path, integral) in zip(pending, found) where isLast || integral.isConverged {
        integrals[path] = integral
      }
      pending.removeAll { integrals[$0] != nil }
      count *= 2
    }
    return integrals.compactMap { $0 }
  }
}
