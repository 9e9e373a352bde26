import Models
import Tensors

/// Straight paths from baselines to inputs; those of one sample follow each other.
struct Paths {
  let request: AttributionRequest
  /// The number of baselines of each sample.
  let perSample: Int
  private let inputs: [Float]
  private let origins: [Float]
  /// F(x) of each sample.
  private let outputs: [Double]
  /// F(x′) of each path.
  private let originOutputs: [Double]
  private let size: Int

  init(
    _ request: AttributionRequest, from baseline: Baseline, on model: some Classifier
  ) throws {
    self.request = request
    let origins = try baseline.origins(for: request, input: model.input)
    perSample = origins.shape[0] / request.count
    let perSample = self.perSample
    inputs = request.inputs.floats
    self.origins = origins.floats
    size = request.inputs.shape.sample.count
    outputs = try model.targetLogits(request.inputs, classes: request.classes)
    originOutputs = try model.targetLogits(
      origins, classes: (0..<origins.shape[0]).map { request.classes[$0 / perSample] })
  }

  var count: Int { originOutputs.count }

  /// The integral along some paths, each by its own sum in double precision.
  func integrals(
    _ paths: [Int], over nodes: [Quadrature.Node], on model: some DifferentiableClassifier
  ) throws -> [PathIntegral] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: size), count: paths.count)
    try model.sweepGradients(
      count: paths.count * nodes.count,
      target: { request.classes[paths[$0 / nodes.count] / perSample] },
      point: { index, point in
        write(paths[index / nodes.count], nodes[index % nodes.count].position, to: point)
      },
      visit: { index, _, gradient in
        let weight = nodes[index % nodes.count].weight
        sums[index / nodes.count].withUnsafeMutableBufferPointer { sum in
          for element in sum.indices { sum[element] += weight * Double(gradient[element]) }
        }
      })
    return zip(paths, sums).map { path, sum in integral(path, average: sum, steps: nodes.count) }
  }

  /// Writes the point x′ + α (x − x′).
  func write(
    _ path: Int, _ position: Double, to point: UnsafeMutableBufferPointer<Float>
  ) {
    let (input, origin) = (path / perSample * size, path * size)
    for element in 0..<size {
      let start = Double(origins[origin + element])
      let end = Double(inputs[input + element])
      point[element] = Float(start + position * (end - start))
    }
  }

  func integral(_ path: Int, average: [Double], steps: Int) -> PathIntegral {
    let attributions = zip(direction(path), average).map { $0 * $1 }
    let difference = outputs[path / perSample] - originOutputs[path]
    return PathIntegral(
      attributions: attributions, outputDifference: difference,
      error: attributions.reduce(0, +) - difference, steps: steps)
  }

  /// The whole way x − x′.
  func direction(_ path: Int) -> [Double] {
    let (input, origin) = (path / perSample * size, path * size)
    return (0..<size).map { Double(inputs[input + $0]) - Double(origins[origin + $0]) }
  }

  /// The mean over each sample's paths.
  func averaged(_ integrals: [PathIntegral]) -> AttributionBatch {
    var values: [Float] = []
    var completeness: [Completeness] = []
    for sample in 0..<request.count {
      let own = integrals[sample * perSample..<(sample + 1) * perSample]
      let mean = { (value: (PathIntegral) -> Double) in
        own.reduce(0) { $0 + value($1) } / Double(perSample)
      }
      values += (0..<size).map { element in Float(mean { $0.attributions[element] }) }
      let difference = mean(\.outputDifference)
      completeness.append(
        Completeness(
          baselineOutput: outputs[sample] - difference, outputDifference: difference,
          error: mean(\.error), steps: own.map(\.steps).max() ?? 0,
          isConverged: own.allSatisfy(\.isConverged)))
    }
    return AttributionBatch(
      attributions: Tensor(values, shape: request.inputs.shape), completeness: completeness,
      outputs: outputs)
  }
}

/// The attributions along one path.
struct PathIntegral {
  let attributions: [Double]
  /// The change that is explained: F(x) − F(x′).
  let outputDifference: Double
  /// What is left over: Σ attributions − (F(x) − F(x′)).
  let error: Double
  let steps: Int

  /// The largest error that is accepted.
  var tolerance: Double { max(1e-3 * abs(outputDifference), 1e-6) }
  var isConverged: Bool { abs(error) <= tolerance }
}
