import Foundation
import Tensors

extension Baseline {
  /// The baselines of each sample, those of one sample after each other: `[N · B] + encodedShape`.
  ///
  /// What is held stays what it is for the sample.
  ///
  /// - Throws: `ExplanationError` if it needs training samples, a range or an image that is missing.
  func origins(for request: AttributionRequest, input: InputSpecification) throws -> Tensor {
    let origins = try freeOrigins(for: request, input: input)
    let held = input.heldPositions
    guard !held.isEmpty else { return origins }
    let (inputs, size) = (request.inputs.floats, input.encodedShape.count)
    let perSample = origins.shape[0] / request.count
    var result = origins
    result.withUnsafeMutableScalars(of: Float.self) { target in
      for row in 0..<origins.shape[0] {
        for position in held {
          target[row * size + position] = inputs[row / perSample * size + position]
        }
      }
    }
    return result
  }

  private func freeOrigins(
    for request: AttributionRequest, input: InputSpecification
  ) throws -> Tensor {
    let shape = request.inputs.shape
    switch self {
    case .zero: return Tensor(zeros: shape)
    case .value(let value): return Tensor(repeating: value, shape: shape)
    case .mean: return repeated(try mean(of: request), shape)
    case .minimum: return repeated(try ValidBounds(request, input).lower, shape)
    case .maximum: return repeated(try ValidBounds(request, input).upper, shape)
    case .blur(let sigma): return try blurred(request.inputs, input, sigma: sigma)
    case .uniform(let count):
      let bounds = try ValidBounds(request, input)
      return perSample(request, count: count) { sample, draw in
        var random = RandomStream(
          seed: request.seed, purpose: "baseline uniform", sample: request.samples[sample],
          step: draw)
        return zip(bounds.lower, bounds.upper).map {
          Float(Double($0) + (Double($1) - Double($0)) * random.uniform())
        }
      }
    case .nearest(let count): return try nearest(request, count: count)
    case .random(let count): return try drawn(request, count: count)
    }
  }

  private func repeated(_ values: [Float], _ shape: Shape) -> Tensor {
    Tensor(values, shape: shape.sample).broadcast(to: shape)
  }

  private func perSample(
    _ request: AttributionRequest, count: Int, _ row: (Int, Int) -> [Float]
  ) -> Tensor {
    let rows = (0..<request.count).flatMap { sample in
      (0..<count).flatMap { row(sample, $0) }
    }
    return Tensor(rows, shape: request.inputs.shape.batched(request.count * count))
  }

  private func background(of request: AttributionRequest) throws -> Tensor {
    guard let background = request.background, background.shape[0] > 0 else {
      throw ExplanationError.missingBackground(purpose: "the baseline '\(self)'")
    }
    return background
  }

  private func mean(of request: AttributionRequest) throws -> [Float] {
    let background = try background(of: request)
    let sum = background.converted(to: .float64).sum(over: [0], keepingDimensions: false)
    return sum.doubles.map { Float($0 / Double(background.shape[0])) }
  }

  /// The closest rows by Euclidean distance, each column in units of its standard deviation.
  private func nearest(_ request: AttributionRequest, count: Int) throws -> Tensor {
    let background = try background(of: request)
    let rows = background.floats
    let size = background.shape.sample.count
    let weights = ColumnSpread(background).inverseVariances
    let inputs = request.inputs.floats
    var chosen: [Int] = []
    for sample in 0..<request.count {
      let distances = (0..<background.shape[0]).map { row in
        (0..<size).reduce(0.0) { sum, column in
          let gap = Double(rows[row * size + column]) - Double(inputs[sample * size + column])
          return sum + gap * gap * weights[column]
        }
      }
      // A sample is no baseline of itself.
      let others = distances.indices.filter { distances[$0] > 0 }
      guard others.count >= count else {
        throw ExplanationError.missingBackground(
          purpose: "the baseline '\(self)' (\(others.count) samples differ from the input)")
      }
      chosen += others.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count)
    }
    return background.rows(chosen)
  }

  private func drawn(_ request: AttributionRequest, count: Int) throws -> Tensor {
    let background = try background(of: request)
    guard background.shape[0] >= count else {
      throw ExplanationError.missingBackground(
        purpose: "the baseline '\(self)' (\(background.shape[0]) are there)")
    }
    return background.rows(
      request.samples.flatMap { sample in
        var random = RandomStream(
          seed: request.seed, purpose: "baseline random", sample: sample)
        var rows = Array(0..<background.shape[0])
        for index in 0..<count {
          rows.swapAt(index, .random(in: index..<rows.count, using: &random))
        }
        return rows.prefix(count)
      })
  }

  private func blurred(
    _ inputs: Tensor, _ input: InputSpecification, sigma: Double?
  ) throws -> Tensor {
    guard input.layout == .image, let sigma else {
      throw ExplanationError.unsuitedLayout(
        purpose: "the baseline '\(self)'", layout: input.layout)
    }
    return GaussianFilter(sigma: sigma).applied(to: inputs)
  }
}

/// The standard deviation of each column of training samples.
struct ColumnSpread {
  /// 1 / variance of each column; 0 where a column is constant, so that it does not count.
  let inverseVariances: [Double]

  init(_ rows: Tensor) {
    let values = rows.converted(to: .float64)
    let count = Double(rows.shape[0])
    let mean = values.sum(over: [0], keepingDimensions: true) / count
    let squares = ((values - mean) * (values - mean)).sum(over: [0], keepingDimensions: false)
    inverseVariances = squares.doubles.map { $0 > 0 ? count / $0 : 0 }
  }
}
