import Tensors

/// One number or category of each sample.
struct SampleSummaries: Hashable, Sendable {
  let quantity: DriftAssessment.Quantity
  var name: String?
  /// Codes, where there are categories.
  let values: [Double]
  /// Empty for numbers.
  let categories: [String]

  init(
    _ quantity: DriftAssessment.Quantity, name: String? = nil, values: [Double],
    categories: [String] = []
  ) {
    self.quantity = quantity
    self.name = name
    self.values = values
    self.categories = categories
  }

  init(_ quantity: DriftAssessment.Quantity, codes: [Int], categories: [String]) {
    self.init(quantity, values: codes.map(Double.init), categories: categories)
  }

  /// How many samples are of each category.
  var categoryCounts: [Int] {
    var counts = [Int](repeating: 0, count: categories.count)
    for value in values { counts[Int(value)] += 1 }
    return counts
  }

  /// The features of a table, or what is summarised of each image, sequence or array.
  static func all(of raw: Tensor, _ input: InputSpecification) -> [SampleSummaries] {
    let values = raw.converted(to: .float32).floats
    let (size, audited) = (input.shape.count, input.audited)
    let samples = (0..<raw.shape[0]).map {
      values[$0 * size..<$0 * size + audited.shape.count]
    }
    switch audited.layout {
    case .table: return features(samples, audited)
    case .image where audited.shape.rank == 3: return image(samples, audited.shape)
    case .sequence where audited.shape.rank == 2 && audited.shape[0] <= largestChannelCount:
      return channels(samples, audited)
    case .image, .sequence, .array: return moments(samples, nil)
    }
  }

  /// Sequences of more channels are summarised as a whole.
  private static let largestChannelCount = 12

  private static func features(
    _ samples: [ArraySlice<Float>], _ input: InputSpecification
  ) -> [SampleSummaries] {
    input.features.enumerated().map { index, feature in
      SampleSummaries(
        .feature, name: feature.name,
        values: samples.map { Double($0[$0.startIndex + index]) },
        categories: categories(of: feature))
    }
  }

  private static func categories(of feature: Feature) -> [String] {
    switch feature.kind {
    case .continuous, .integer: []
    case .categorical: feature.categories
    case .binary: feature.categories.count == 2 ? feature.categories : ["0", "1"]
    }
  }

  private static func channels(
    _ samples: [ArraySlice<Float>], _ input: InputSpecification
  ) -> [SampleSummaries] {
    let length = input.shape[1]
    return (0..<input.shape[0]).flatMap { channel in
      let parts = samples.map { sample -> ArraySlice<Float> in
        let start = sample.startIndex + channel * length
        return sample[start..<start + length]
      }
      let name = input.features.isEmpty ? "\(channel + 1)" : input.features[channel].name
      return moments(parts, name)
    }
  }

  private static func moments(
    _ samples: [ArraySlice<Float>], _ name: String?
  ) -> [SampleSummaries] {
    let means = samples.map { $0.reduce(0.0) { $0 + Double($1) } / Double($0.count) }
    let deviations = zip(samples, means).map { sample, mean in
      let squares = sample.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (squares / Double(sample.count)).squareRoot()
    }
    return [
      SampleSummaries(.mean, name: name, values: means),
      SampleSummaries(.deviation, name: name, values: deviations),
    ]
  }

  private static func image(_ samples: [ArraySlice<Float>], _ shape: Shape) -> [SampleSummaries] {
    let pictures = samples.map { PictureSummary($0, shape) }
    return moments(samples, nil) + [
      SampleSummaries(.edgeEnergy, values: pictures.map(\.edgeEnergy)),
      SampleSummaries(.centreRow, values: pictures.map(\.centreRow)),
      SampleSummaries(.centreColumn, values: pictures.map(\.centreColumn)),
    ]
  }
}

/// What is summarised of one image `[channels, height, width]`.
struct PictureSummary: Hashable, Sendable {
  /// The mean absolute difference between neighbours, across and down.
  let edgeEnergy: Double
  /// From 0 to 1; the mass of a pixel is its value above the darkest.
  ///
  /// A flat image has its centre in the middle.
  let centreRow: Double
  let centreColumn: Double

  init(_ values: ArraySlice<Float>, _ shape: Shape) {
    let (height, width) = (shape[1], shape[2])
    let darkest = Double(values.min() ?? 0)
    var (mass, rows, columns, edges, pairs) = (0.0, 0.0, 0.0, 0.0, 0)
    for (index, value) in values.enumerated() {
      let (row, column) = (index / width % height, index % width)
      let weight = Double(value) - darkest
      mass += weight
      rows += weight * (Double(row) + 0.5) / Double(height)
      columns += weight * (Double(column) + 0.5) / Double(width)
      let place = values.startIndex + index
      if column + 1 < width {
        edges += Double(abs(values[place + 1] - value))
        pairs += 1
      }
      if row + 1 < height {
        edges += Double(abs(values[place + width] - value))
        pairs += 1
      }
    }
    edgeEnergy = pairs > 0 ? edges / Double(pairs) : 0
    centreRow = mass > 0 ? rows / mass : 0.5
    centreColumn = mass > 0 ? columns / mass : 0.5
  }
}

extension ClassAnswers {
  /// The probability of a class, or the largest one, in each row of logits that is all numbers.
  static func scores(_ logits: Tensor, of entry: Int?) -> [Double] {
    let values = logits.doubles
    let width = logits.shape[1]
    return stride(from: 0, to: values.count, by: width).compactMap { start in
      let row = Array(values[start..<start + width])
      guard row.allSatisfy(\.isFinite) else { return nil }
      let largest = row.indices.max { row[$0] < row[$1] } ?? 0
      return probability(ofEntry: entry ?? largest, in: row)
    }
  }
}
