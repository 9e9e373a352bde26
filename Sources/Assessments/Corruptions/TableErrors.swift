import Foundation
import Tensors

// Errors of recording, so that features which nobody can change are not spared: an age that cannot
// be changed can be written down wrongly all the same. Strengths are ours.

/// A corruption of the features of a table that are numbers.
protocol NumberCorruption: Corruption {}

extension NumberCorruption {
  package func suits(_ input: InputSpecification) -> Bool {
    input.layout == .table && input.audited.features.contains(where: \.isNumber)
  }
}

extension Feature {
  /// Whether the values are numbers rather than categories.
  var isNumber: Bool { kind == .continuous || kind == .integer }
}

/// Numbers measured with an error: v + N(0, (s σ)²), σ the feature's standard deviation.
struct MeasurementError: NumberCorruption {
  let kind = CorruptionKind.measurementError
  let unit = CorruptionUnit.deviationOfFeature

  func strengths(in space: CorruptionSpace) -> [Double] { [0.02, 0.05, 0.1, 0.2, 0.3] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let noise = random.normals(sample.count)
    for (index, feature) in space.input.features.enumerated() where feature.isNumber {
      sample[index] += Float(strength * space.deviations[index]) * noise[index]
    }
  }
}

/// Numbers reported in coarser units: the nearest multiple of a unit of 1, 2 or 5 times a power of
/// ten, the smallest of at least s σ.
struct CoarseValues: NumberCorruption {
  let kind = CorruptionKind.coarseValues
  let unit = CorruptionUnit.unitOfFeature

  func strengths(in space: CorruptionSpace) -> [Double] { [0.1, 0.2, 0.5, 1, 2] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    for (index, feature) in space.input.features.enumerated() where feature.isNumber {
      let unit = Self.unit(atLeast: strength * space.deviations[index])
      guard unit > 0 else { continue }
      sample[index] = Float((Double(sample[index]) / unit).rounded() * unit)
    }
  }

  /// The smallest of 1, 2, 5, 10, … times a power of ten that is no less; 0 for 0.
  static func unit(atLeast size: Double) -> Double {
    guard size > 0, size.isFinite else { return 0 }
    let power = pow(10, log10(size).rounded(.down))
    return ([1, 2, 5, 10].first { $0 * power >= size * (1 - 1e-9) } ?? 10) * power
  }
}

/// Values that are missing and filled in: a share of the cells becomes the feature's median, or its
/// most frequent category.
struct MissingValues: Corruption {
  let kind = CorruptionKind.missingValues
  let unit = CorruptionUnit.shareOfCells

  func suits(_ input: InputSpecification) -> Bool { input.layout == .table }

  func strengths(in space: CorruptionSpace) -> [Double] { [0.02, 0.05, 0.1, 0.2, 0.4] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    for index in sample.indices where random.uniform() < strength {
      sample[index] = space.typicalValues[index]
    }
  }
}

/// Categories entered wrongly: a share of the cells becomes another of its categories, each alike.
struct CategoryErrors: Corruption {
  let kind = CorruptionKind.categoryErrors
  let unit = CorruptionUnit.shareOfCells

  func suits(_ input: InputSpecification) -> Bool {
    input.layout == .table && input.audited.features.contains { Self.categoryCount($0) > 1 }
  }

  func strengths(in space: CorruptionSpace) -> [Double] { [0.01, 0.02, 0.05, 0.1, 0.2] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    for (index, feature) in space.input.features.enumerated() {
      let (chance, choice) = (random.uniform(), random.uniform())
      let count = Self.categoryCount(feature)
      guard chance < strength, count > 1 else { continue }
      // One of the others: the codes from the present one on, around the end.
      let step = 1 + Int(choice * Double(count - 1))
      sample[index] = Float((Int(sample[index]) + step) % count)
    }
  }

  private static func categoryCount(_ feature: Feature) -> Int {
    switch feature.kind {
    case .categorical: feature.categories.count
    case .binary: 2
    case .continuous, .integer: 0
    }
  }
}

/// A slipped decimal point or a wrong unit: in a share of the rows, one number is ten times too
/// large or too small, within its valid range.
struct DigitSlips: NumberCorruption {
  let kind = CorruptionKind.digitSlips
  let unit = CorruptionUnit.shareOfRows

  func strengths(in space: CorruptionSpace) -> [Double] { [0.01, 0.02, 0.05, 0.1, 0.2] }

  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    let numbers = space.input.features.indices.filter { space.input.features[$0].isNumber }
    let (chance, choice, side) = (random.uniform(), random.uniform(), random.uniform())
    guard chance < strength else { return }
    let index = numbers[Int(choice * Double(numbers.count))]
    sample[index] = side < 0.5 ? sample[index] * 10 : sample[index] / 10
  }
}
