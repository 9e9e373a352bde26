package import Tensors

/// How far a tensor is from what was expected.
package struct Difference: CustomStringConvertible {
  private let isTyped: Bool
  private let worst: (index: Int, got: Double, expected: Double)?
  private let pairs: [(got: Double, expected: Double)]
  private let header: String

  package init(_ got: Tensor, _ expected: Tensor) {
    isTyped = got.elementType == expected.elementType && got.shape == expected.shape
    header = "\(got.elementType)\(got.shape) against \(expected.elementType)\(expected.shape)"
    pairs = isTyped ? Array(zip(got.doubles, expected.doubles)) : []
    worst = pairs.enumerated().map { ($0, $1.got, $1.expected) }
      .max { Difference.error($0.1, $0.2) < Difference.error($1.1, $1.2) }
  }

  /// Whether type and shape agree, and |got − expected| ≤ absolute + relative |expected|.
  ///
  /// NaN agrees with NaN, an infinity with itself.
  package func isWithin(absolute: Double, relative: Double) -> Bool {
    isTyped
      && pairs.allSatisfy { got, expected in
        let error = Difference.error(got, expected)
        return error == 0 || error <= absolute + relative * abs(expected)
      }
  }

  private static func error(_ got: Double, _ expected: Double) -> Double {
    if got == expected || (got.isNaN && expected.isNaN) { return 0 }
    let error = abs(got - expected)
    return error.isNaN ? .infinity : error
  }

  package var description: String {
    guard isTyped, let worst else { return header }
    return "\(header): at \(worst.index) got \(worst.got), expected \(worst.expected)"
  }
}
