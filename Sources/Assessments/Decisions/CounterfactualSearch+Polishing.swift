import Foundation
import Tensors

extension CounterfactualSearch {
  /// A change that is cheaper by less than this is not worth another round.
  private static var leastGain: Double { 1e-3 }

  /// The same change made cheaper, as long as it is accepted and something is gained.
  func polished(_ candidate: Candidate) throws -> Candidate {
    var current = candidate
    while true {
      let next = try drawnBack(recategorized(thinned(current)))
      let gain = cost(current.values) - cost(next.values)
      if gain > 0 { current = next }
      guard gain > Self.leastGain else {
        return try rounded(current, costingAtMost: cost(candidate.values))
      }
    }
  }

  /// Changed numbers become round ones a little further on, which people can read.
  ///
  /// To the power of ten below 1/100 of what a change is measured in. Numbers with which the change
  /// would not be accepted, or would cost more than stated, stay as they are.
  private func rounded(_ candidate: Candidate, costingAtMost limit: Double) throws -> Candidate {
    var current = candidate
    for feature in changed(candidate.values) where !scale.features[feature].isNominal {
      let finest = pow(10, floor(log10(scale.scales[feature].width / 100)))
      let place = scale.features[feature].isDiscrete ? max(finest, 1) : finest
      let value = Double(current.values[feature])
      let outwards: FloatingPointRoundingRule = value > Double(own[feature]) ? .up : .down
      // Divided by a power of ten where the place is below 1: exact, unlike a multiple of it.
      let round = Float(
        place < 1
          ? (value * (1 / place).rounded()).rounded(outwards) / (1 / place).rounded()
          : (value / place).rounded(outwards) * place)
      var values = current.values
      values[feature] = round
      guard round != current.values[feature], recourse.allows(round, feature),
        cost(values) <= limit
      else { continue }
      let score = try scores([values])[0]
      if rule.accepts(logOdds: score) { current = Candidate(values: values, score: score) }
    }
    return current
  }

  /// Features are given their own values back, the least harm for the saved cost first.
  private func thinned(_ candidate: Candidate) throws -> Candidate {
    var current = candidate
    while true {
      let features = changed(current.values)
      guard features.count > 1 else { return current }
      let returns = try returns(features, from: current)
      let accepted = returns.filter { rule.accepts(logOdds: $0.candidate.score) }
      guard let chosen = accepted.min(by: { $0.harm < $1.harm }) else { return current }
      current = chosen.candidate
    }
  }

  /// Each feature with its own value again, and by how much that lowers the log-odds for the cost
  /// that it saves.
  private func returns(
    _ features: [Int], from current: Candidate
  ) throws -> [(candidate: Candidate, harm: Double)] {
    let rows = features.map { feature in
      var values = current.values
      values[feature] = own[feature]
      return values
    }
    return zip(zip(features, rows), try scores(rows)).map { row, score in
      let saved = scale.cost(row.0, from: own[row.0], to: current.values[row.0])
      return (Candidate(values: row.1, score: score), (current.score - score) / saved)
    }
  }

  /// Changed categories become those that raise the log-odds most: they cost the same, and what they
  /// gain lets numbers move back further.
  private func recategorized(_ candidate: Candidate) throws -> Candidate {
    var current = candidate
    for feature in changed(candidate.values) where scale.features[feature].isNominal {
      let rows = recourse.values(feature, count: Self.valueCount).map { value in
        var values = current.values
        values[feature] = value
        return values
      }
      let scores = try scores(rows)
      if let best = rows.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > current.score
      {
        current = Candidate(values: rows[best], score: scores[best])
      }
    }
    return current
  }

  /// Numbers move back towards the applicant's own, the least harm for the saved cost first.
  private func drawnBack(_ candidate: Candidate) throws -> Candidate {
    var current = candidate
    let numbers = changed(candidate.values).filter { !scale.features[$0].isNominal }
    let harms = try returns(numbers, from: candidate).map(\.harm)
    for index in numbers.indices.sorted(by: { (harms[$0], $0) < (harms[$1], $1) }) {
      current = try drawnBack(current, numbers[index])
    }
    return current
  }

  /// One number moves back: values between are tried, then those beyond the nearest accepted one.
  ///
  /// To 1/1000 of what a change is measured in; whole numbers at most to the last step.
  private func drawnBack(_ candidate: Candidate, _ feature: Int) throws -> Candidate {
    var current = candidate
    var rejected = own[feature]
    let resolution = scale.scales[feature].width / 1_000
    while abs(Double(current.values[feature]) - Double(rejected)) > resolution {
      let between = recourse.between(
        feature, rejected, current.values[feature], count: Self.valueCount)
      let rows = between.map { value in
        var values = current.values
        values[feature] = value
        return values
      }
      guard !rows.isEmpty else { return current }
      let scores = try scores(rows)
      let first = rows.indices.first { rule.accepts(logOdds: scores[$0]) }
      let previous = (first ?? rows.count) - 1
      if previous >= 0 { rejected = between[previous] }
      if let first { current = Candidate(values: rows[first], score: scores[first]) }
    }
    return current
  }
}
