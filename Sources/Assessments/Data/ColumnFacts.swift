import Tensors

/// What values the features of a table, or the channels of other inputs, have in a sample.
struct ColumnFacts: Sendable {
  private let input: InputSpecification
  /// The values of each position that occur: the smallest and the largest.
  private let ranges: [ClosedRange<Float>]
  /// The codes of each categorical feature that occur; empty for others.
  private let codes: [Set<Int>]

  init(_ input: InputSpecification, _ reference: Tensor) {
    self.input = input
    let inputs = reference.converted(to: .float32)
    let (size, count) = (inputs.shape.sample.count, input.shape.count)
    var least = [Float](repeating: .infinity, count: count)
    var most = [Float](repeating: -.infinity, count: count)
    inputs.withUnsafeScalars(of: Float.self) { values in
      for start in stride(from: 0, to: values.count, by: size) {
        for position in 0..<count {
          least[position] = min(least[position], values[start + position])
          most[position] = max(most[position], values[start + position])
        }
      }
    }
    ranges = zip(least, most).map { $0 <= $1 ? $0...$1 : 0...0 }
    let isTable = input.layout == .table
    codes = input.features.enumerated().map { column, feature in
      isTable && !feature.isNumber ? Self.codes(inputs, column) : []
    }
  }

  private static func codes(_ inputs: Tensor, _ column: Int) -> Set<Int> {
    let size = inputs.shape.sample.count
    return inputs.withUnsafeScalars(of: Float.self) { values in
      Set(stride(from: column, to: values.count, by: size).map { Int(values[$0]) })
    }
  }

  var constantFeatures: [String] {
    guard input.layout == .table else { return [] }
    return zip(input.features, ranges).filter { $1.lowerBound == $1.upperBound }.map(\.0.name)
  }

  /// 0 for a table, whose constant features have names.
  var constantPositions: Int {
    input.layout == .table ? 0 : ranges.count { $0.lowerBound == $0.upperBound }
  }

  /// The features, channels or (without names) the whole, whose values leave those seen here.
  func outside(_ samples: LabelledSamples) -> [DataSheet.Outside] {
    let groups = input.layout == .table ? input.features.count : channelCount
    let perGroup = input.shape.count / max(groups, 1)
    let values = samples.inputs.converted(to: .float32).floats
    let size = samples.inputs.shape.sample.count
    return (0..<groups).compactMap { group in
      let positions = group * perGroup..<(group + 1) * perGroup
      let range = seen(positions)
      let isCategory = !codes.isEmpty && !codes[group].isEmpty
      let beyond = (0..<samples.count).filter { sample in
        positions.contains { position in
          let value = values[sample * size + position]
          return isCategory ? !codes[group].contains(Int(value)) : !range.contains(value)
        }
      }
      guard !beyond.isEmpty else { return nil }
      let categories =
        isCategory ? Set(beyond.map { Int(values[$0 * size + group]) }).sorted() : []
      return DataSheet.Outside(
        name: name(group), count: beyond.count,
        samples: beyond.prefix(DataSheet.listed).map { samples.samples[$0] },
        range: isCategory
          ? nil : ValueRange(Double(range.lowerBound)...Double(range.upperBound)),
        categories: categories.map { input.features[group].text(for: Double($0)) })
    }
  }

  private var channelCount: Int {
    input.layout == .array ? 1 : max(input.shape.rank == 0 ? 1 : input.shape[0], 1)
  }

  private func name(_ group: Int) -> String {
    input.features.isEmpty ? "\(group + 1)" : input.features[group].name
  }

  private func seen(_ positions: Range<Int>) -> ClosedRange<Float> {
    let (least, most) = ranges[positions].reduce((Float.infinity, -Float.infinity)) {
      (min($0.0, $1.lowerBound), max($0.1, $1.upperBound))
    }
    return least...most
  }
}
