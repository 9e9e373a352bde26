/// Which contributions are principal reasons.
struct ReasonSelection: Hashable, Sendable {
  /// At most so many.
  let limit: Int
  /// The least that a contribution must lower the score by, for each feature.
  let thresholds: [Double]

  /// - Parameters:
  ///   - limit: At most so many reasons.
  ///   - contributions: What negligible is measured by: the shortfall that they explain, and how
  ///     exactly each is known. Twice the standard error must be exceeded.
  init(limit: Int, _ contributions: ReferenceContributions) {
    self.limit = limit
    let negligible = ReasonCodeAssessment.negligibleShare * abs(contributions.difference)
    thresholds = contributions.standardErrors.map { max(negligible, 2 * $0) }
  }

  /// The features that lower the score most, the weightiest first; of equal ones the first.
  func reasons(_ contributions: [Double]) -> [Int] {
    let lowering = contributions.indices.filter {
      contributions[$0] < 0 && -contributions[$0] > thresholds[$0]
    }
    return Array(
      lowering.sorted { (contributions[$0], $0) < (contributions[$1], $1) }.prefix(limit))
  }
}
