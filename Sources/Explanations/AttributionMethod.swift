public import Models
public import Tensors

/// A way to say how much each element of an input speaks for a class.
///
/// What is explained is the logit of the class: probabilities saturate. Attributions are signed.
public protocol AttributionMethod: Codable, Hashable, Sendable {
  /// The name by which suites and the command line know the method.
  static var name: String { get }
  /// Whether attributions are shares of the output (true) or slopes (false).
  static var isContribution: Bool { get }
  /// Whether the method takes gradients: then it cannot explain a model that has none.
  static var needsGradient: Bool { get }
  /// The identity of what attributions are measured from; nil where there is no such input.
  var baselineName: String? { get }

  /// The method with its default settings.
  init()

  /// The method with every setting that depends on the input made explicit.
  func resolved(for input: InputSpecification) -> Self

  /// Says what settings are wrong, if any is.
  ///
  /// - Throws: `ExplanationError.invalidSetting`.
  func validate() throws

  /// The attributions of one micro-batch.
  ///
  /// A sample's result depends on that sample, its id and the request's seed alone.
  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch

  /// The same with as much access as there is.
  ///
  /// - Throws: `ExplanationError.needsGradient` if that is too little.
  func attributions(
    _ request: AttributionRequest, through access: ClassifierAccess
  ) throws -> AttributionBatch
}

extension AttributionMethod {
  public static var isContribution: Bool { true }
  public var baselineName: String? { nil }
  public func resolved(for input: InputSpecification) -> Self { self }
  public func validate() throws {}
}

/// The samples to explain, and for which class.
public struct AttributionRequest: Sendable {
  /// Encoded inputs, `[N] + encodedShape`.
  public var inputs: Tensor
  /// The class whose logit is explained, a number per sample.
  public var classes: [Int]
  /// What the random numbers of each sample are derived from, together with the seed.
  public var samples: [Int]
  public var seed: UInt64
  /// Encoded training samples, `[M] + encodedShape`, for the baselines that need some.
  public var background: Tensor?

  public init(
    inputs: Tensor, classes: [Int], samples: [Int]? = nil, seed: UInt64 = 0,
    background: Tensor? = nil
  ) {
    let count = inputs.shape[0]
    precondition(classes.count == count, "expected \(count) classes, got \(classes.count)")
    let samples = samples ?? Array(0..<count)
    precondition(samples.count == count, "expected \(count) sample ids, got \(samples.count)")
    self.inputs = inputs
    self.classes = classes
    self.samples = samples
    self.seed = seed
    self.background = background
  }

  public var count: Int { classes.count }

  /// The request for a range of its samples.
  public func rows(_ range: Range<Int>) -> AttributionRequest {
    AttributionRequest(
      inputs: inputs.rows(range), classes: Array(classes[range]), samples: Array(samples[range]),
      seed: seed, background: background)
  }
}

/// What a method finds for one micro-batch.
public struct AttributionBatch: Sendable {
  /// Of the shape of the inputs.
  public var attributions: Tensor
  /// Nil where the method does not promise that attributions sum to a difference of outputs.
  public var completeness: [Completeness]?
  /// F(x) of each sample, where the method has it at hand.
  public var outputs: [Double]?

  public init(
    attributions: Tensor, completeness: [Completeness]? = nil, outputs: [Double]? = nil
  ) {
    self.attributions = attributions
    self.completeness = completeness
    self.outputs = outputs
  }
}

/// How well one sample's attributions sum to the change of the output that they explain.
public struct Completeness: Codable, Hashable, Sendable {
  /// F(x′): the target's logit at the baseline, averaged over several baselines.
  public var baselineOutput: Double
  /// The change that is explained: F(x) − F(x′).
  public var outputDifference: Double
  /// What is left over: Σ attributions − (F(x) − F(x′)).
  public var error: Double
  /// The number of gradients along each path; the largest of several.
  public var steps: Int
  /// Whether |error| ≤ max(10⁻³ |F(x) − F(x′)|, 10⁻⁶) on every path.
  public var isConverged: Bool

  public init(
    baselineOutput: Double, outputDifference: Double, error: Double, steps: Int,
    isConverged: Bool
  ) {
    self.baselineOutput = baselineOutput
    self.outputDifference = outputDifference
    self.error = error
    self.steps = steps
    self.isConverged = isConverged
  }

  /// |error| / |F(x) − F(x′)|; nil where nothing changes, so that the ratio is undefined.
  public var relativeError: Double? {
    outputDifference == 0 ? nil : abs(error / outputDifference)
  }
}
