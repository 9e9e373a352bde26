import Models
import Tensors

/// Straight paths from baselines to inputs; those of one sample follow each other.
struct Paths<Classifier: DifferentiableClassifier> {
  let request: AttributionRequest
  /// Where the paths are walked: behind the model's affine stem.
  let space: GradientSpace<Classifier>
  /// The number of baselines of each sample.
  let perSample: Int
  private let origins: Tensor
  /// The ends of the paths in that space.
  private let starts: [Float]
  private let ends: [Float]
  /// F(x) of each sample.
  private let outputs: [Double]
  /// F(x′) of each path.
  private let originOutputs: [Double]
  private var size: Int { space.shape.count }

  init(
    _ request: AttributionRequest, from baseline: Baseline, on model: Classifier
  ) throws {
    self.request = request
    let origins = try baseline.origins(for: request, input: model.input)
    self.origins = origins
    perSample = origins.shape[0] / request.count
    let perSample = self.perSample
    space = try GradientSpace(of: model)
    starts = try space.embedded(origins).floats
    ends = try space.embedded(request.inputs).floats
    outputs = try model.targetLogits(request.inputs, classes: request.classes)
    originOutputs = try model.targetLogits(
      origins, classes: (0..<origins.shape[0]).map { request.classes[$0 / perSample] })
  }

  var count: Int { originOutputs.count }

  /// The integral along some paths, each by its own sum in double precision.
  func integrals(
    _ paths: [Int], over nodes: [Quadrature.Node]
  ) throws -> [PathIntegral] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: size), count: paths.count)
    try space.sweepGradients(
      count: paths.count * nodes.count,
      target: { request.classes[paths[$0 / nodes.count] / perSample] },
      point: { index, point in
        write(paths[index / nodes.count], nodes[index % nodes.count].position, to: point)
      },
      visit: { index, _, gradient in
        let weight = nodes[index % nodes.count].weight
        sums[index / nodes.count].withUnsafeMutableBufferPointer {
          $0.add(weight, times: gradient)
        }
      })
    return zip(paths, sums).map { path, sum in integral(path, average: sum, steps: nodes.count) }
  }

  /// Writes the point x′ + α (x − x′).
  func write(
    _ path: Int, _ position: Double, to point: UnsafeMutableBufferPointer<Float>
  ) {
    ends.withUnsafeBufferPointer { ends in
      starts.withUnsafeBufferPointer { starts in
        point.interpolate(
          from: UnsafeBufferPointer(rebasing: starts[path * size..<(path + 1) * size]),
          to: UnsafeBufferPointer(
            rebasing: ends[path / perSample * size..<(path / perSample + 1) * size]),
          at: position)
      }
    }
  }

  func integral(_ path: Int, average: [Double], steps: Int) -> PathIntegral {
    let explained = zip(direction(path), average).reduce(0) { $0 + $1.0 * $1.1 }
    let difference = outputs[path / perSample] - originOutputs[path]
    return PathIntegral(
      average: average, outputDifference: difference, error: explained - difference,
      steps: steps)
  }

  /// The whole way, in the space where it is walked.
  func direction(_ path: Int) -> [Double] {
    let (input, origin) = (path / perSample * size, path * size)
    return (0..<size).map { Double(ends[input + $0]) - Double(starts[origin + $0]) }
  }

  /// The attributions (x − x′) ⊙ mean gradient, averaged over each sample's paths.
  func averaged(_ integrals: [PathIntegral]) throws -> AttributionBatch {
    let gradients = try space.pulledBack(
      Tensor(
        integrals.flatMap { $0.average.map { Float($0) } },
        shape: [integrals.count] + space.shape)
    ).floats
    let (inputs, origins) = (request.inputs.floats, origins.floats)
    let size = request.inputs.shape.sample.count
    var values: [Float] = []
    values.reserveCapacity(inputs.count)
    for index in inputs.indices {
      let (sample, element) = (index / size, index % size)
      var sum = 0.0
      for path in sample * perSample..<(sample + 1) * perSample {
        let place = path * size + element
        sum += (Double(inputs[index]) - Double(origins[place])) * Double(gradients[place])
      }
      values.append(Float(sum / Double(perSample)))
    }
    return AttributionBatch(
      attributions: Tensor(values, shape: request.inputs.shape),
      completeness: (0..<request.count).map { completeness($0, integrals) }, outputs: outputs)
  }

  private func completeness(_ sample: Int, _ integrals: [PathIntegral]) -> Completeness {
    let own = integrals[sample * perSample..<(sample + 1) * perSample]
    let mean = { (value: (PathIntegral) -> Double) in
      own.reduce(0) { $0 + value($1) } / Double(perSample)
    }
    let difference = mean(\.outputDifference)
    return Completeness(
      baselineOutput: outputs[sample] - difference, outputDifference: difference,
      error: mean(\.error), steps: own.map(\.steps).max() ?? 0,
      isConverged: own.allSatisfy(\.isConverged))
  }
}

/// What is found along one path.
struct PathIntegral {
  /// The gradient averaged over the path, in the space where it is walked.
  let average: [Double]
  /// The change that is explained: F(x) − F(x′).
  let outputDifference: Double
  /// What is left over: Σ attributions − (F(x) − F(x′)).
  let error: Double
  let steps: Int

  /// The largest error that is accepted.
  var tolerance: Double { max(1e-3 * abs(outputDifference), 1e-6) }
  var isConverged: Bool { abs(error) <= tolerance }
}
