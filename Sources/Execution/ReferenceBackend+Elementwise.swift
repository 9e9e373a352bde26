import Foundation
import Programs
import Tensors

extension ReferenceBackend {
  static func unary(_ function: UnaryFunction, _ operand: Tensor) -> Tensor {
    if operand.elementType.isFloatingPoint {
      let apply = function.ofReals
      return Tensor(reals: operand.reals.map(apply), operand.type)
    }
    let apply = function.ofIntegers
    return Tensor(integers: operand.integers.map(apply), operand.type)
  }

  static func binary(_ function: BinaryFunction, _ left: Tensor, _ right: Tensor) -> Tensor {
    if left.elementType.isFloatingPoint {
      let apply = function.ofReals
      return Tensor(reals: zip(left.reals, right.reals).map(apply), left.type)
    }
    let apply = function.ofIntegers
    return Tensor(integers: zip(left.integers, right.integers).map(apply), left.type)
  }

  /// Whether the relation holds, element by element; none holds for NaN.
  static func compare(_ comparison: Comparison, _ left: Tensor, _ right: Tensor) -> Tensor {
    func compare<Number: Comparable>(_ left: [Number], _ right: [Number]) -> [Bool] {
      switch comparison {
      case .equal: zip(left, right).map { $0 == $1 }
      case .less: zip(left, right).map { $0 < $1 }
      case .lessOrEqual: zip(left, right).map { $0 <= $1 }
      }
    }
    let result =
      left.elementType.isFloatingPoint
      ? compare(left.reals, right.reals) : compare(left.integers, right.integers)
    return Tensor(result, shape: left.shape)
  }

  static func select(_ condition: Tensor, _ first: Tensor, _ second: Tensor) -> Tensor {
    func choose<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      let (first, second) = (first.scalars(of: type), second.scalars(of: type))
      let chosen = condition.scalars(of: Bool.self).enumerated().map { index, isFirst in
        isFirst ? first[index] : second[index]
      }
      return Tensor(chosen, shape: condition.shape)
    }
    return first.elementType.dispatch { choose($0) }
  }
}

extension UnaryFunction {
  /// The function of a real number; NaN goes through every one.
  var ofReals: (Double) -> Double {
    switch self {
    case .negate: { -$0 }
    case .absoluteValue: { abs($0) }
    case .sign: { $0 > 0 ? 1 : ($0 < 0 ? -1 : ($0.isNaN ? $0 : 0)) }
    case .exponential: { exp($0) }
    case .logarithm: { log($0) }
    case .logarithmOnePlus: { log1p($0) }
    case .squareRoot: { $0.squareRoot() }
    case .sine: { sin($0) }
    case .cosine: { cos($0) }
    case .arctangent: { atan($0) }
    case .hyperbolicTangent: { tanh($0) }
    case .logistic: { 1 / (1 + exp(-$0)) }
    case .errorFunction: { erf($0) }
    case .floor: { $0.rounded(.down) }
    case .ceiling: { $0.rounded(.up) }
    case .round: { $0.rounded(.toNearestOrEven) }
    case .relu: { $0 > 0 || $0.isNaN ? $0 : 0 }
    case .not: preconditionFailure("not is defined for bools")
    }
  }

  /// The function of an integer, wrapping around; bools are 0 and 1.
  var ofIntegers: (Int64) -> Int64 {
    switch self {
    case .negate: { 0 &- $0 }
    case .absoluteValue: { $0 < 0 ? 0 &- $0 : $0 }
    case .sign: { $0.signum() }
    case .relu: { max($0, 0) }
    case .not: { 1 - $0 }
    case .exponential, .logarithm, .logarithmOnePlus, .squareRoot, .sine, .cosine, .arctangent,
      .hyperbolicTangent, .logistic, .errorFunction, .floor, .ceiling, .round:
      preconditionFailure("\(self) is defined for floating-point numbers")
    }
  }
}

extension BinaryFunction {
  /// The function of two real numbers.
  var ofReals: (Double, Double) -> Double {
    switch self {
    case .add: { $0 + $1 }
    case .subtract: { $0 - $1 }
    case .multiply: { $0 * $1 }
    case .divide: { $0 / $1 }
    case .power: { pow($0, $1) }
    case .maximum: { $0.isNaN || $0 > $1 ? $0 : $1 }
    case .minimum: { $0.isNaN || $0 < $1 ? $0 : $1 }
    case .remainder: Self.remainder
    case .and, .or: preconditionFailure("\(self) is defined for bools")
    }
  }

  /// The function of two integers: sums, products and powers wrap around, quotients truncate
  /// toward zero, and a quotient by zero is 0.
  var ofIntegers: (Int64, Int64) -> Int64 {
    switch self {
    case .add: { $0 &+ $1 }
    case .subtract: { $0 &- $1 }
    case .multiply: { $0 &* $1 }
    case .divide: { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }
    case .power: Self.power
    case .maximum: { max($0, $1) }
    case .minimum: { min($0, $1) }
    case .remainder: Self.remainder
    case .and: { $0 & $1 }
    case .or: { $0 | $1 }
    }
  }

  /// a − b ⌊a / b⌋ without the rounding of the quotient.
  private static func remainder(_ a: Double, _ b: Double) -> Double {
    let remainder = fmod(a, b)
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  /// a − b ⌊a / b⌋; a itself for b = 0.
  private static func remainder(_ a: Int64, _ b: Int64) -> Int64 {
    guard b != 0 else { return a }
    let remainder = a.remainderReportingOverflow(dividingBy: b).partialValue
    return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
  }

  /// aᵇ, truncated toward zero for negative b; 0 for a = 0 and negative b.
  private static func power(_ a: Int64, _ b: Int64) -> Int64 {
    if b < 0 { return a == 1 ? 1 : (a == -1 ? (b % 2 == 0 ? 1 : -1) : 0) }
    var (result, base, exponent) = (Int64(1), a, b)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result &* base }
      base = base &* base
      exponent >>= 1
    }
    return result
  }
}
