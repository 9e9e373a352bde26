import Execution
public import Models
import Tensors

/// How the quality of explanations is measured.
public struct QualityAssessment: Codable, Hashable, Sendable {
  /// What replaces cells that are removed: one input a sample.
  public var baseline = Baseline.zero
  /// The number of points of the deletion and insertion curves after the first.
  public var curveSteps = 16
  /// The number of random removals for infidelity; 0 leaves it out.
  public var infidelityDraws = 10
  /// The fraction of the cells that each of them removes.
  public var removedFraction = 0.2
  /// The number of changed inputs for the maximum sensitivity; 0 leaves it out.
  ///
  /// Each costs a whole explanation.
  public var sensitivityDraws = 10
  /// How far they are changed, as a fraction of each element's range.
  public var sensitivityRadius = 0.02

  public init() {}

  /// Measures the quality of an explanation of a request's samples.
  ///
  /// - Parameters:
  ///   - attribution: What the method found.
  ///   - method: The method.
  ///   - request: The same request that was explained.
  ///   - model: The model that was explained.
  ///   - randomized: `RandomizedModel` of it.
  ///   - threads: The number of workers.
  /// - Returns: The figures of each sample, which depend on nothing but the sample and the seed.
  /// - Throws: `ExplanationError` if a setting does not suit the input.
  public func assess(
    _ attribution: Attribution, by method: any AttributionMethod, _ request: AttributionRequest,
    _ model: some Classifier, randomized: some Classifier,
    threads: Int = 1
  ) throws -> ExplanationQuality {
    precondition(
      attribution.samples == request.samples && attribution.classes == request.classes,
      "expected the request that was explained")
    var settings = self
    settings.baseline = baseline.resolved(for: model.input)
    try settings.validate()
    let method = method.resolved(for: model.input)
    let ranges = Explainer.shares(of: request.count, on: model, threads: threads)
    let parts = try concurrentMap(count: ranges.count, threads: threads) { [settings] index in
      let range = ranges[index]
      let subject = try QualitySubject(
        request.rows(range), attributions: attribution.attributions.rows(range),
        method: method, settings: settings, input: model.input)
      return try subject.figures(on: model, randomized: randomized)
    }
    return ExplanationQuality(
      method: attribution.method, parameters: attribution.parameters, settings: settings,
      seed: request.seed, samples: parts.flatMap { $0 })
  }

  private func validate() throws {
    let counts = [
      ("baseline", baseline.isSingle ? 1 : 0, "a baseline that is one input", "\(baseline)"),
      ("curve-steps", curveSteps, "at least 1", "\(curveSteps)"),
      ("infidelity-draws", infidelityDraws + 1, "at least 0", "\(infidelityDraws)"),
      ("sensitivity-draws", sensitivityDraws + 1, "at least 0", "\(sensitivityDraws)"),
      (
        "removed-fraction", (0...1).contains(removedFraction) ? 1 : 0, "0 to 1",
        "\(removedFraction)"
      ),
      (
        "sensitivity-radius", sensitivityRadius >= 0 ? 1 : 0, "at least 0",
        "\(sensitivityRadius)"
      ),
    ]
    for (name, count, expected, got) in counts where count < 1 {
      throw ExplanationError.invalidSetting(
        method: "quality", name: name, expected: expected, got: got)
    }
  }
}
