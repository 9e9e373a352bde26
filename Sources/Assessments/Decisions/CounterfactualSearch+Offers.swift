import Models

extension CounterfactualSearch {
  /// What the search found for one applicant.
  struct Result: Sendable {
    /// Accepted and allowed changes, the cheapest first, that differ in which features change.
    var offers: [Candidate]
    var noRecourse: NoRecourse?
    var nearestUnlikeCost: Double?
    var refusedCount: Int
  }

  /// Searches from the accepted applicants of the population and from the applicant.
  ///
  /// - Parameter accepted: The raw values of the accepted.
  /// - Returns: Up to three changes, or why there are none.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func result(_ accepted: [[Float]]) throws -> Result {
    var best = try scores([own])[0]
    let isComplete = recourse.combinationCount(atMost: Self.combinationLimit) != nil
    let neighbours = try adopted(accepted, best: &best)
    var pool = try neighbours.map(polished)
    pool += try grown(best: &best).map(polished)
    if isComplete {
      pool += try cheapest(
        recourse.combinations(atMost: Self.combinationLimit), count: Self.combinationLimit,
        best: &best)
    }
    // Other ways: each of the cheapest change's features is left out in turn.
    if let cheapest = ranked(pool).first {
      for feature in changed(cheapest.values) {
        pool += try grown(without: [feature], best: &best).map(polished)
      }
    }
    let valid = try verified(pool)
    return Result(
      offers: distinct(ranked(valid)),
      noRecourse: valid.isEmpty ? noRecourse(best, isComplete: isComplete) : nil,
      nearestUnlikeCost: neighbours.first.map { cost($0.values) },
      refusedCount: pool.count - valid.count)
  }

  private func noRecourse(_ best: Double, isComplete: Bool) -> NoRecourse {
    let reason: NoRecourse.Reason =
      recourse.free.isEmpty ? .nothingMutable : (isComplete ? .noneExists : .noneFound)
    return NoRecourse(reason: reason, bestProbability: LogOdds.probability(best))
  }

  /// The candidates that the model, asked again, accepts and the separate check allows.
  private func verified(_ pool: [Candidate]) throws -> [Candidate] {
    zip(pool, try scores(pool.map(\.values))).compactMap { candidate, score in
      let violation = CounterfactualCheck.violation(candidate.values, of: own, model.input)
      guard violation == nil, rule.accepts(logOdds: score) else { return nil }
      return Candidate(values: candidate.values, score: score)
    }
  }

  /// The cheapest first; of equal ones those with fewer changes, then the first found.
  private func ranked(_ pool: [Candidate]) -> [Candidate] {
    let keys = pool.map { (cost($0.values), changed($0.values).count) }
    return pool.indices.sorted {
      (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1)
    }.map { pool[$0] }
  }

  /// Those of which none changes all the features that another does.
  private func distinct(_ ranked: [Candidate]) -> [Candidate] {
    var found: [(candidate: Candidate, features: Set<Int>)] = []
    for candidate in ranked where found.count < CounterfactualAssessment.offeredLimit {
      let features = Set(changed(candidate.values))
      let isNew = found.allSatisfy {
        !$0.features.isSubset(of: features) && !features.isSubset(of: $0.features)
      }
      if isNew { found.append((candidate, features)) }
    }
    return found.map(\.candidate)
  }
}
