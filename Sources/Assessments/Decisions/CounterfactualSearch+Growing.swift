extension CounterfactualSearch {
  /// One feature changed to another value.
  private struct Trial {
    let feature: Int
    let values: [Float]
    var score = 0.0
  }

  /// Changes one feature after another, the most effective first, until a change is accepted.
  ///
  /// In each round every value of every feature not yet changed is tried. If some are accepted, the
  /// cheapest for each feature are the result; else the feature whose best value raises the log-odds
  /// most for its cost keeps it.
  ///
  /// - Parameters:
  ///   - excluded: Features that stay as they are.
  ///   - best: Raised to the largest log-odds that was met.
  /// - Returns: Accepted values, one for each feature that completes the change, the cheapest first.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func grown(without excluded: Set<Int> = [], best: inout Double) throws -> [Candidate] {
    var current = Candidate(values: own, score: try scores([own])[0])
    var features = recourse.free.filter { !excluded.contains($0) }
    while !features.isEmpty {
      let trials = try trials(features, from: current.values)
      best = trials.reduce(best) { max($0, $1.score) }
      let accepted = trials.filter { rule.accepts(logOdds: $0.score) }
      if !accepted.isEmpty { return cheapestOfEach(features, accepted) }
      guard let step = step(features, trials, from: current) else { return [] }
      current = Candidate(values: step.values, score: step.score)
      features.removeAll { $0 == step.feature }
    }
    return []
  }

  private func trials(_ features: [Int], from current: [Float]) throws -> [Trial] {
    var trials = features.flatMap { feature in
      recourse.values(feature, count: Self.valueCount).map { value in
        var values = current
        values[feature] = value
        return Trial(feature: feature, values: values)
      }
    }
    for (index, score) in try scores(trials.map(\.values)).enumerated() {
      trials[index].score = score
    }
    return trials
  }

  private func cheapestOfEach(_ features: [Int], _ accepted: [Trial]) -> [Candidate] {
    let cheapest = features.compactMap { feature in
      accepted.filter { $0.feature == feature }.min { cost($0.values) < cost($1.values) }
    }
    return cheapest.sorted { (cost($0.values), $0.feature) < (cost($1.values), $1.feature) }
      .map { Candidate(values: $0.values, score: $0.score) }
  }

  /// Each feature's best value, and of these the one that raises the log-odds most for its cost.
  private func step(_ features: [Int], _ trials: [Trial], from current: Candidate) -> Trial? {
    let bests = features.compactMap { feature in
      trials.filter { $0.feature == feature && $0.score > current.score }
        .max { $0.score < $1.score }
    }
    func effect(_ trial: Trial) -> Double {
      (trial.score - current.score) / (cost(trial.values) - cost(current.values))
    }
    return bests.max { effect($0) < effect($1) }
  }
}
