import Execution
import Explanations
import Models
import Tensors

/// Finds the reasons of declined applicants and tries them.
struct ReasonCodes: Sendable {
  /// The number of random halves of the reference population.
  static let halfCount = 10
  /// At most so many applicants stand for the whole population.
  static let wholePopulationLimit = 50
  /// How exactly paths are followed for reasons, and for seeing whether other reasons agree.
  static let exactness = (reasons: 1e-3, agreement: 1e-2)

  let model: any ModelClassifier
  let subject: DecisionSubject
  let logOdds: LogOdds
  let audited: Applicants
  let reference: ReferencePopulation
  let starts: ReferenceStarts
  /// Applicants of the whole population, accepted or not.
  let everyone: ReferenceStarts
  private let halves: [[Int]]

  /// The reference applicants are those nearest to the cut-off, of whom there must be some.
  init(
    _ model: any ModelClassifier, _ subject: DecisionSubject, audited: Applicants,
    population: Applicants, reference positions: [Int]
  ) {
    self.model = model
    self.subject = subject
    logOdds = LogOdds(favourableClass: subject.rule.favourableClass)
    self.audited = audited
    reference = ReferencePopulation(
      positions, of: population, source: subject.training == nil ? .audited : .training,
      features: model.input.features)
    starts = ReferenceStarts(positions, of: population)
    var random = RandomStream(seed: subject.seed, purpose: "reason codes/population")
    everyone = ReferenceStarts(
      (0..<population.count).filter { population.scores[$0].isFinite }
        .shuffled(using: &random).prefix(Self.wholePopulationLimit).sorted(), of: population)
    let (count, seed) = (positions.count, subject.seed)
    halves = (0..<Self.halfCount).map { half in
      var random = RandomStream(seed: seed, purpose: "reason codes/half", step: half)
      return Array((0..<count).shuffled(using: &random).prefix((count + 1) / 2))
    }
  }

  /// The reasons of one applicant with everything that speaks for and against them.
  ///
  /// - Parameter applicant: Its position among the audited.
  /// - Returns: The applicant, and what replacing the reasons' features changes.
  /// - Throws: `ExecutionError` if the model cannot be run.
  func explained(_ applicant: Int) throws -> (DeclinedApplicant, ReasonLift?) {
    let (found, method) = try contributions(
      applicant, from: starts, exactness: Self.exactness.reasons)
    let (whole, _) = try contributions(
      applicant, from: everyone, exactness: Self.exactness.agreement)
    let means = found.means
    let selection = ReasonSelection(limit: subject.rule.reasonCount, found)
    let chosen = found.isConverged ? selection.reasons(means) : []
    let lowering = means.reduce(0) { $0 + min($1, 0) }
    let stability = ReasonStability(
      halves: .init(of: halves.map { found.means(over: $0) }, with: means, selection),
      wholePopulation: .init(of: [whole.means], with: means, selection))
    let result = DeclinedApplicant(
      sample: audited.samples[applicant], score: audited.scores[applicant],
      probability: LogOdds.probability(audited.scores[applicant]), shortfall: -found.difference,
      method: method, steps: found.steps, completenessError: found.error,
      standardError: found.standardErrors.max() ?? 0, isConverged: found.isConverged,
      reasons: chosen.map { reason($0, applicant, means, shortfall: -found.difference) },
      coverage: lowering < 0 ? chosen.reduce(0) { $0 + means[$1] } / lowering : 0,
      stability: stability)
    return (result, try lift(applicant, chosen, means))
  }

  /// Contributions by gradients where these are the model's own and converge, else by answers.
  private func contributions(
    _ applicant: Int, from starts: ReferenceStarts, exactness: Double
  ) throws -> (ReferenceContributions, DeclinedApplicant.Method) {
    let (encoded, score) = (audited.encoded[applicant], audited.scores[applicant])
    if case .gradients(let classifier) = model.access, model.model.gradient == .exact {
      let found = try paths(classifier, encoded, score, starts, exactness)
      if found.isConverged { return (found, .integratedGradients) }
    }
    let sampling = ShapleyContributions(model: model, logOdds: logOdds, seed: subject.seed)
    let found = try sampling.contributions(
      of: encoded, sample: audited.samples[applicant], score: score, from: starts)
    return (found, .shapleySampling)
  }

  private func paths(
    _ classifier: some DifferentiableClassifier, _ encoded: [Float], _ score: Double,
    _ starts: ReferenceStarts, _ exactness: Double
  ) throws -> ReferenceContributions {
    try PathContributions(
      model: LogOddsClassifier(base: classifier, logOdds: logOdds), exactness: exactness
    ).contributions(of: encoded, score: score, from: starts)
  }

  private func reason(
    _ feature: Int, _ applicant: Int, _ contributions: [Double], shortfall: Double
  ) -> PrincipalReason {
    let specification = model.input.features[feature]
    let value = Double(audited.raw[applicant][feature])
    return PrincipalReason(
      feature: specification.name, value: value, valueText: specification.text(for: value),
      typicalValue: reference.typicalValues[feature].value,
      typicalText: reference.typicalValues[feature].text, contribution: contributions[feature],
      share: -contributions[feature] / shortfall,
      isProtected: subject.protectedFeatures.contains(specification.name))
  }
}
