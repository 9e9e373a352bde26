import Execution
public import Models
import Statistics
import Tensors

extension CounterfactualAssessment {
  /// Counterfactuals for some of the declined; nil for inputs that are no table.
  ///
  /// - Parameters:
  ///   - model: What decides.
  ///   - subject: About whom and by what rule.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Returns: What was found, and for whom nothing was.
  /// - Throws: `ExecutionError` if the model cannot be run.
  public static func measured(
    of model: any ModelClassifier, _ subject: DecisionSubject, threads: Int = 1
  ) throws -> CounterfactualAssessment? {
    guard model.input.hasDecisionFeatures else { return nil }
    let (audited, population) = try subject.applicants(model, threads: threads)
    let scale = PopulationScale(population, features: model.input.features)
    let declined = audited.declined
    let chosen = EvenSpread.positions(subject.rule.counterfactualCount, of: declined.count)
      .map { declined[$0] }
    let accepted = population.accepted.map { population.raw[$0] }
    let found = try concurrentMap(count: chosen.count, threads: threads) { index in
      let own = audited.raw[chosen[index]]
      let search = CounterfactualSearch(
        model: model, rule: subject.rule, scale: scale, recourse: Recourse(own, scale))
      let result = try search.result(accepted)
      let offers = result.offers.map { offer in
        Counterfactual(
          offer, from: own, scale,
          nearest: scale.nearestDistance(
            offer.values, except: subject.training == nil ? chosen[index] : nil))
      }
      return (result, offers)
    }
    let applicants = zip(chosen, found).map { position, found in
      CounterfactualApplicant(
        sample: audited.samples[position],
        probability: LogOdds.probability(audited.scores[position]), counterfactuals: found.1,
        noRecourse: found.0.noRecourse, nearestUnlikeCost: found.0.nearestUnlikeCost)
    }
    return CounterfactualAssessment(
      rule: subject.rule, auditedCount: audited.count, declinedCount: declined.count,
      source: subject.training == nil ? .audited : .training, populationCount: population.count,
      acceptedCount: accepted.count, scales: scale.scales,
      medianNeighbourDistance: scale.medianNeighbourDistance, applicants: applicants,
      withoutRecourse: IntervalEstimate(
        successes: applicants.count { $0.counterfactuals.isEmpty }, of: applicants.count),
      refusedCount: found.reduce(0) { $0 + $1.0.refusedCount })
  }
}

extension Counterfactual {
  init(
    _ offer: CounterfactualSearch.Candidate, from own: [Float], _ scale: PopulationScale,
    nearest: Double?
  ) {
    values = offer.values
    cost = scale.cost(from: own, to: offer.values)
    probability = LogOdds.probability(offer.score)
    nearestDistance = nearest
    changes = scale.features.enumerated().compactMap { column, feature in
      guard own[column] != offer.values[column] else { return nil }
      let (from, to) = (Double(own[column]), Double(offer.values[column]))
      return Change(
        feature: feature.name, from: from, to: to, fromText: feature.text(for: from),
        toText: feature.text(for: to))
    }
  }
}
