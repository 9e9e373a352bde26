package import Tensors

/// What corruptions know of the inputs: valid values, spreads and typical values.
package struct CorruptionSpace: Sendable {
  /// What a sample is, without what is held.
  package let input: InputSpecification
  /// The standard deviation of each feature of a table or channel; of all values of an array.
  package let deviations: [Double]
  /// The median of a number, the most frequent category: of each feature of a table.
  let typicalValues: [Float]
  /// The mean of each channel; of all values of an array.
  let means: [Double]
  private let lower: [Float]
  private let upper: [Float]
  private let isWhole: [Bool]

  /// - Parameters:
  ///   - specification: What a sample is.
  ///   - samples: The raw inputs that are disturbed, `[N] + shape`.
  ///   - reference: The raw inputs that spreads and typical values are taken from.
  package init(_ specification: InputSpecification, samples: Tensor, reference: Tensor) {
    input = specification.audited
    let columns = Self.groups(of: reference, specification)
    let statistics = columns.map(Self.moments)
    deviations = statistics.map(\.deviation)
    means = statistics.map(\.mean)
    typicalValues =
      input.layout == .table
      ? zip(input.features, columns).map { Self.typical(of: $1, feature: $0) } : []
    let positions = Self.positions(of: input)
    isWhole = positions.map { $0?.isDiscrete ?? false }
    // An image without a stated range has that of all images seen, as a camera has one.
    let observed: [ValueRange?] =
      input.layout == .image
      ? Self.observedRanges(columns, Self.groups(of: samples, specification), input) : []
    let ranges = positions.enumerated().map { position, feature in
      feature?.validRange ?? specification.range
        ?? (observed.isEmpty ? nil : observed[position])
    }
    lower = zip(ranges, isWhole).map { Self.smallest($0?.lower, isWhole: $1) }
    upper = zip(ranges, isWhole).map { -Self.smallest($0?.upper.map { -$0 }, isWhole: $1) }
  }

  /// Makes disturbed values valid: whole where they have to be, and within their ranges.
  package func validate(_ sample: inout [Float]) {
    for position in sample.indices {
      let value = isWhole[position] ? sample[position].rounded() : sample[position]
      sample[position] = min(max(value, lower[position]), upper[position])
    }
  }

  /// The valid range of a position.
  func range(at position: Int) -> ClosedRange<Float> { lower[position]...upper[position] }

  /// An image's values as shares of their range.
  func unitValues(_ sample: [Float]) -> [Float] {
    sample.indices.map { (sample[$0] - lower[$0]) / width($0) }
  }

  /// Shares of the range as values.
  func rawValues(_ shares: [Float]) -> [Float] {
    shares.indices.map { lower[$0] + min(max(shares[$0], 0), 1) * width($0) }
  }

  private func width(_ position: Int) -> Float {
    upper[position] > lower[position] ? upper[position] - lower[position] : 1
  }

  /// The smallest float32 that is no less than the limit, and whole where it has to be.
  private static func smallest(_ limit: Double?, isWhole: Bool) -> Float {
    guard let limit else { return -.infinity }
    let value = Float(isWhole ? limit.rounded(.up) : limit)
    return Double(value) < limit ? value.nextUp : value
  }

  /// The feature of each position, nil where there is none.
  private static func positions(of input: InputSpecification) -> [Feature?] {
    guard !input.features.isEmpty else {
      return [Feature?](repeating: nil, count: input.shape.count)
    }
    let perFeature = input.shape.count / input.features.count
    return input.features.flatMap { [Feature?](repeating: $0, count: perFeature) }
  }
}

extension CorruptionSpace {
  /// The values of each column of a table, each channel, or all values of another array.
  private static func groups(of raw: Tensor, _ specification: InputSpecification) -> [[Float]] {
    let shape = specification.audited.shape
    let values = raw.converted(to: .float32).floats
    let count = specification.layout == .array ? 1 : max(shape.rank == 0 ? 1 : shape[0], 1)
    let (size, perGroup) = (specification.shape.count, shape.count / count)
    return (0..<count).map { group in
      (0..<raw.shape[0]).flatMap { sample in
        let start = sample * size + group * perGroup
        return values[start..<start + perGroup]
      }
    }
  }

  private static func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
    guard !values.isEmpty else { return (0, 0) }
    let count = Double(values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / count
    let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, (squares / count).squareRoot())
  }

  /// The median, or the most frequent value of a category; the smallest of several.
  private static func typical(of values: [Float], feature: Feature) -> Float {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    guard feature.kind == .binary || feature.kind == .categorical else {
      return sorted[(sorted.count - 1) / 2]
    }
    var (best, bestCount, start) = (last, 0, 0)
    for index in sorted.indices where index + 1 == sorted.count || sorted[index + 1] > sorted[index]
    {
      if index + 1 - start > bestCount { (best, bestCount) = (sorted[index], index + 1 - start) }
      start = index + 1
    }
    return best
  }

  private static func observedRanges(
    _ reference: [[Float]], _ samples: [[Float]], _ input: InputSpecification
  ) -> [ValueRange?] {
    let perChannel = input.shape.count / max(reference.count, 1)
    return zip(reference, samples).flatMap { channel in
      let values = channel.0 + channel.1
      let range = ValueRange(
        lower: values.min().map(Double.init), upper: values.max().map(Double.init))
      return [ValueRange?](repeating: range, count: perChannel)
    }
  }
}
