import Tensors

/// What each feature contributes to the difference between an applicant and reference applicants.
///
///     contribution = mean over references of the attribution along the way from them;
///     Σ contributions = s(x) − mean s(reference), up to the error
struct ReferenceContributions: Sendable {
  /// A row a reference applicant, a number a raw feature.
  let perReference: [[Double]]
  /// What is left over: Σ contributions − (s(x) − mean s(reference)).
  let error: Double
  /// s(x) − mean s(reference): negative for the declined.
  let difference: Double
  /// The standard error of each mean that comes from drawing orders; 0 for paths.
  let standardErrors: [Double]
  /// Gradients along each path at most, or orders drawn for each reference applicant.
  let steps: Int
  let isConverged: Bool

  /// The mean over all references.
  var means: [Double] { means(over: Array(perReference.indices)) }

  /// The mean over some of the references.
  func means(over chosen: [Int]) -> [Double] {
    precondition(!chosen.isEmpty, "expected at least one reference applicant")
    var sums = [Double](repeating: 0, count: perReference[0].count)
    for reference in chosen {
      for (feature, value) in perReference[reference].enumerated() { sums[feature] += value }
    }
    return sums.map { $0 / Double(chosen.count) }
  }
}

/// The reference applicants as methods start from them: encoded values and scores.
struct ReferenceStarts: Sendable {
  let encoded: [[Float]]
  let scores: [Double]

  init(_ positions: [Int], of population: Applicants) {
    encoded = positions.map { population.encoded[$0] }
    scores = positions.map { population.scores[$0] }
  }

  var count: Int { scores.count }
  var meanScore: Double { scores.reduce(0, +) / Double(count) }
}
