import Foundation
import Tensors

/// How far a number x may be from the expected e.
///
///     |x − e| ≤ absolute + relative |e|
///
/// The figures that are expected are rounded themselves: to the type of the output, and while they
/// were computed. Two units in the last place are allowed for the type's own digits, and four units
/// of the largest figure for what cancelled on the way to a small one.
struct ConformanceTolerance: Decodable {
  var relative: Double
  var absolute: Double

  enum CodingKeys: String, CodingKey {
    case relative = "rtol"
    case absolute = "atol"
  }

  /// The file of a case, or the tolerances of the standard's own runner.
  init(folder: URL) throws {
    let path = folder.appending(path: "tol.json")
    guard FileManager.default.fileExists(atPath: path.path) else {
      (relative, absolute) = (1e-3, 1e-7)
      return
    }
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
  }

  /// The tolerance for figures that are no more exact than their type.
  private func widened(for expected: ConformanceTensor) -> ConformanceTolerance {
    let unit = expected.type.unit
    let largest = expected.tensor.doubles.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    var result = self
    result.relative = max(relative, 2 * unit)
    result.absolute = max(absolute, 4 * unit * largest)
    return result
  }

  private func accepts(_ value: Double, _ expected: Double) -> Bool {
    if value == expected || (value.isNaN && expected.isNaN) { return true }
    return abs(value - expected) <= absolute + relative * abs(expected)
  }
}

extension ConformanceTolerance {
  func firstDifference(_ result: Tensor, _ output: ConformanceTensor) -> String? {
    let expected = output.tensor
    guard result.shape == expected.shape else {
      return "has shape \(result.shape), expected \(expected.shape)"
    }
    // Quantised tensors are real numbers that are whole.
    guard result.elementType == expected.elementType || result.elementType.isFloatingPoint else {
      return "has elements of \(result.elementType), expected \(expected.elementType)"
    }
    if result.elementType == .int64 {
      let pairs = zip(result.scalars(of: Int64.self), expected.scalars(of: Int64.self))
      return pairs.enumerated().first { $1.0 != $1.1 }.map {
        "element \($0.offset) is \($0.element.0), expected \($0.element.1)"
      }
    }
    let tolerance = widened(for: output)
    let pairs = zip(result.doubles, expected.doubles)
    return pairs.enumerated().first { !tolerance.accepts($1.0, $1.1) }.map {
      "element \($0.offset) is \($0.element.0), expected \($0.element.1)"
    }
  }
}

extension ONNXElementType {
  /// The distance of neighbouring numbers near 1; 0 for whole numbers.
  fileprivate var unit: Double {
    switch self {
    case .double: 0x1p-52
    case .float: 0x1p-23
    case .float16: 0x1p-10
    case .bfloat16: 0x1p-7
    default: 0
    }
  }
}
