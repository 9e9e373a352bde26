import Models
import Tensors

/// The gradient averaged over noisy copies of the input.
///
///     a = mean ∂F/∂x (x + n),   n ~ N(0, (noise · range)²)
///
/// Its variants average squares, or return the variance (divided by the number of draws). The range
/// of an element is its valid one, else that of the training samples, else that of the sample.
///
/// - Source: Smilkov et al. 2017, arXiv:1706.03825; variance: Adebayo et al. 2018, 1810.03307.
struct SmoothGrad: AttributionMethod {
  static let name = "smoothgrad"
  static let isContribution = false

  /// What is computed from the gradients of the draws.
  enum Statistic: String, Codable, CaseIterable {
    case mean, square, variance
  }

  var statistic = Statistic.mean
  /// The standard deviation of the noise as a fraction of each element's range.
  var noise = 0.15
  /// The number of noisy copies.
  var samples = 50
  /// Whether noisy values are moved back into the valid range.
  var clips = false

  func validate() throws {
    try Self.expect(noise, in: 0...10, "noise")
    try Self.expect(samples, atLeast: 1, "samples")
  }

  func attributions(
    _ request: AttributionRequest, on model: some DifferentiableClassifier
  ) throws -> AttributionBatch {
    let neighbourhood = try Neighbourhood(self, request, model.input)
    let count = request.count * samples
    let target = { (index: Int) in request.classes[index / samples] }
    switch statistic {
    case .mean:
      let space = try GradientSpace(of: model)
      var sums = [[Double]](
        repeating: [Double](repeating: 0, count: space.shape.count), count: request.count)
      try space.sweepGradients(
        atInputs: count, target: target, point: neighbourhood.write,
        visit: { index, _, gradient in
          sums[index / samples].withUnsafeMutableBufferPointer { $0.add(1, times: gradient) }
        })
      let means = sums.flatMap { $0.map { Float($0 / Double(samples)) } }
      return AttributionBatch(
        attributions: try space.pulledBack(
          Tensor(means, shape: [request.count] + space.shape)))
    case .square, .variance:
      let size = request.inputs.shape.sample.count
      var moments = [RunningMoments](
        repeating: RunningMoments(count: size), count: request.count)
      try model.sweepGradients(
        count: count, target: target, point: neighbourhood.write,
        visit: { index, _, gradient in
          moments[index / samples].add(gradient, squared: statistic == .square)
        })
      let values = moments.flatMap { statistic == .variance ? $0.variances : $0.means }
      return AttributionBatch(
        attributions: Tensor(values.map { Float($0) }, shape: request.inputs.shape))
    }
  }
}

/// The noisy copies of the samples of a request.
private struct Neighbourhood {
  private let method: SmoothGrad
  private let request: AttributionRequest
  private let size: Int
  private let inputs: [Float]
  /// The standard deviation of each element, for each sample.
  private let scales: [[Float]]
  private let lower: [Float]
  private let upper: [Float]

  init(_ method: SmoothGrad, _ request: AttributionRequest, _ input: InputSpecification) throws {
    self.method = method
    self.request = request
    size = request.inputs.shape.sample.count
    inputs = request.inputs.floats
    scales = try NoiseScale.ranges(request, input).map { $0.map { Float(method.noise * $0) } }
    lower = input.encodedLowerBounds.floats
    upper = input.encodedUpperBounds.floats
  }

  /// Writes a copy: those of one sample follow each other, each from a stream of its own.
  func write(_ index: Int, to point: UnsafeMutableBufferPointer<Float>) {
    let sample = index / method.samples
    var random = RandomStream(
      seed: request.seed, purpose: SmoothGrad.name, sample: request.samples[sample],
      step: index % method.samples)
    random.fillNormals(point)
    inputs.withUnsafeBufferPointer { inputs in
      scales[sample].withUnsafeBufferPointer { scale in
        point.displace(
          from: UnsafeBufferPointer(rebasing: inputs[sample * size..<(sample + 1) * size]),
          by: scale)
      }
    }
    guard method.clips else { return }
    for element in 0..<size {
      point[element] = min(max(point[element], lower[element]), upper[element])
    }
  }
}

extension SmoothGrad.Statistic: SettingOptions {
  static var options: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// The mean and variance of vectors that arrive one by one, without cancellation.
///
/// - Source: Welford 1962, "Note on a method for calculating corrected sums of squares".
struct RunningMoments {
  private var count = 0.0
  private(set) var means: [Double]
  private var squares: [Double]

  init(count: Int) {
    means = [Double](repeating: 0, count: count)
    squares = means
  }

  /// Σ (v − mean)² / n of each element.
  var variances: [Double] { squares.map { $0 / max(count, 1) } }

  mutating func add(_ vector: UnsafeBufferPointer<Float>, squared: Bool) {
    count += 1
    for index in means.indices {
      let value = Double(vector[index]) * (squared ? Double(vector[index]) : 1)
      let gap = value - means[index]
      means[index] += gap / count
      squares[index] += gap * (value - means[index])
    }
  }
}

/// In what units noise is measured.
enum NoiseScale {
  /// The range of each element, for each sample.
  ///
  /// - Throws: `ExplanationError.unknownRange` for a table without ranges and training samples.
  static func ranges(
    _ request: AttributionRequest, _ input: InputSpecification
  ) throws -> [[Double]] {
    do {
      let widths = try ValidBounds(request, input).widths
      return Array(repeating: widths, count: request.count)
    } catch let error as ExplanationError {
      // Columns of a table have different units: one's spread says nothing of another's.
      guard input.layout != .table else { throw error }
      let held = input.heldPositions
      return (0..<request.count).map { sample in
        let values = request.inputs.row(sample).doubles.prefix(held.lowerBound)
        let range = (values.max() ?? 0) - (values.min() ?? 0)
        return values.map { _ in range } + held.map { _ in 0 }
      }
    }
  }
}
