import Programs
import Tensors

/// Functions of one element, or of the elements of several tensors in one place.
enum ElementwiseOperators {
  static let all: [ONNXOperator] = arithmetic + functions + trigonometry + logic

  private static let arithmetic: [ONNXOperator] = [
    .value("Add") { try $0.folded { $0 + $1 } },
    .value("Sub") { try $0.folded { $0 - $1 } },
    .value("Mul") { try $0.folded { $0 * $1 } },
    .value("Div") { try $0.folded { $0 / $1 } },
    .value("Sum") { try $0.folded { $0 + $1 } },
    .value("Max") { try $0.folded { $0.maximum($1) } },
    .value("Min") { try $0.folded { $0.minimum($1) } },
    .value("Mean") { call in try call.folded { $0 + $1 } / Double(call.values.count) },
    .value("Mod", lower: modulo),
    .value("Pow", lower: power),
    .value("PRelu") { call in
      let (value, slope) = try (call.real(0), call.real(1))
      return value.compare(.less, value.scalar(0)).select(value * slope, value)
    },
    .value("Where") { call in
      let (first, second) = try call.unified(1, 2)
      return try call.input(0).select(first, second)
    },
  ]

  private static let functions: [ONNXOperator] = [
    .value("Identity") { try $0.input(0) },
    .value("Abs") { try $0.input(0).absoluteValue() },
    .value("Neg") { try -$0.input(0) },
    .value("Sign") { try $0.input(0).sign() },
    .value("Reciprocal") { try $0.real(0).scalar(1) / $0.real(0) },
    .value("Sqrt") { try $0.real(0).squareRoot() },
    .value("Exp") { try $0.real(0).exponential() },
    .value("Log") { try $0.real(0).logarithm() },
    .value("Erf") { try $0.real(0).errorFunction() },
    .value("Floor") { try $0.real(0).floor() },
    .value("Ceil") { try $0.real(0).ceiling() },
    .value("Round") { try $0.real(0).rounded() },
    .value("Clip", since: 1) { call in
      try call.real(0).clamped(
        call.optionalFloat("min").map { try call.real(0).scalar($0) },
        call.optionalFloat("max").map { try call.real(0).scalar($0) })
    },
    .value("Clip", since: 11) { call in
      try call.input(0).clamped(call.optionalInput(1), call.optionalInput(2))
    },
  ]

  private static let trigonometry: [ONNXOperator] = [
    .value("Sin") { try $0.real(0).sine() },
    .value("Cos") { try $0.real(0).cosine() },
    .value("Tan") { try $0.real(0).sine() / $0.real(0).cosine() },
    .value("Asin") { try $0.real(0).arcsine() },
    .value("Acos") { try Double.pi / 2 - $0.real(0).arcsine() },
    .value("Atan") { try $0.real(0).arctangent() },
    .value("Sinh") { try $0.real(0).hyperbolicTangent() * $0.real(0).hyperbolicCosine() },
    .value("Cosh") { try $0.real(0).hyperbolicCosine() },
    .value("Tanh") { try $0.real(0).hyperbolicTangent() },
    .value("Asinh") { try $0.real(0).inverseHyperbolicSine() },
    .value("Acosh") { call in
      let above = try call.real(0) - 1
      return (above + (above * (above + 2)).squareRoot()).logarithmOnePlus()
    },
    .value("Atanh") { try $0.real(0).inverseHyperbolicTangent() },
  ]

  private static let logic: [ONNXOperator] = [
    .value("Not") { try $0.input(0).not() },
    .value("And") { try $0.folded { $0.and($1) } },
    .value("Or") { try $0.folded { $0.or($1) } },
    .value("Xor") { try $0.folded { $0.compare(.equal, $1).not() } },
    .value("Equal") { try $0.compared(.equal) },
    .value("Less") { try $0.compared(.less) },
    .value("LessOrEqual") { try $0.compared(.lessOrEqual) },
    .value("Greater") { try $0.compared(.less, swapped: true) },
    .value("GreaterOrEqual") { try $0.compared(.lessOrEqual, swapped: true) },
    .value("IsNaN") { call in try call.real(0).compare(.equal, call.real(0)).not() },
    .value("IsInf", lower: isInfinite),
  ]

  /// By default the sign of the divisor; with `fmod` that of the dividend.
  private static func modulo(_ call: ONNXCall) throws -> Value {
    let (dividend, divisor) = try call.unified(0, 1)
    guard try call.flag("fmod") else { return dividend.remainder(divisor) }
    return dividend.sign() * dividend.absoluteValue().remainder(divisor.absoluteValue())
  }

  /// The result is of the type of the base.
  private static func power(_ call: ONNXCall) throws -> Value {
    let (base, exponent) = try (call.input(0), call.input(1))
    let type = base.elementType
    if type.isFloatingPoint { return base.power(exponent.converted(to: type)) }
    let wide = base.converted(to: .float64).power(exponent.converted(to: .float64))
    return wide.converted(to: type)
  }

  private static func isInfinite(_ call: ONNXCall) throws -> Value {
    let value = try call.real(0)
    let detectsPositive = try call.flag("detect_positive", default: true)
    let detectsNegative = try call.flag("detect_negative", default: true)
    let infinity = value.scalar(.infinity)
    let isPositive = value.compare(.equal, infinity)
    let isNegative = value.compare(.equal, -infinity)
    switch (detectsPositive, detectsNegative) {
    case (true, true): return isPositive.or(isNegative)
    case (true, false): return isPositive
    case (false, true): return isNegative
    case (false, false): return isPositive.and(isNegative)
    }
  }
}

extension ONNXCall {
  /// Two inputs in one representation: one of them may be a quantised tensor.
  func unified(_ first: Int, _ second: Int) throws -> (Value, Value) {
    Value.unified(try input(first), try input(second))
  }

  /// All inputs combined from left to right.
  func folded(_ combine: (Value, Value) -> Value) throws -> Value {
    try values.dropFirst().reduce(input(0)) { left, right in
      let (left, right) = Value.unified(left, right)
      return combine(left, right)
    }
  }

  func compared(_ comparison: Comparison, swapped: Bool = false) throws -> Value {
    let (left, right) = try unified(0, 1)
    return swapped ? right.compare(comparison, left) : left.compare(comparison, right)
  }
}

extension Value {
  /// Two values in one representation: a real one, if one of them is real.
  static func unified(_ left: Value, _ right: Value) -> (Value, Value) {
    guard left.elementType != right.elementType else { return (left, right) }
    if left.elementType.isFloatingPoint, !right.elementType.isFloatingPoint {
      return (left, right.converted(to: left.elementType))
    }
    if right.elementType.isFloatingPoint, !left.elementType.isFloatingPoint {
      return (left.converted(to: right.elementType), right)
    }
    return (left, right)
  }

  func clamped(_ lower: Value?, _ upper: Value?) -> Value {
    var result = self
    if let lower { result = result.maximum(lower.converted(to: elementType)) }
    if let upper { result = result.minimum(upper.converted(to: elementType)) }
    return result
  }

  /// The function arctan(x / √(1 − x²)).
  func arcsine() -> Value {
    (self / (scalar(1) - squared()).squareRoot()).arctangent()
  }

  func hyperbolicCosine() -> Value { (exponential() + (-self).exponential()) * 0.5 }

  /// ½ log((1 + x) / (1 − x)), exact near 0.
  func inverseHyperbolicTangent() -> Value {
    (logarithmOnePlus() - (-self).logarithmOnePlus()) * 0.5
  }

  /// log(x + √(x² + 1)), by whichever form loses no digits.
  func inverseHyperbolicSine() -> Value {
    let root = (squared() + 1).squareRoot()
    let nearZero = (self / (root + 1)).inverseHyperbolicTangent() * 2
    let magnitude = absoluteValue()
    let far = sign() * (magnitude + squared() / (root + 1)).logarithmOnePlus()
    return magnitude.compare(.less, scalar(1)).select(nearZero, far)
  }
}
