import Tensors

extension UnaryFunction {
  /// The gradient in x of y = f(x).
  func gradient(_ x: Value, _ y: Value, _ dy: Value) -> Value? {
    switch self {
    case .negate: -dy
    case .absoluteValue: dy * x.sign()
    case .sign, .floor, .ceiling, .round, .not: nil
    case .exponential: dy * y
    case .logarithm: dy / x
    case .logarithmOnePlus: dy / (x + 1)
    case .squareRoot: dy * 0.5 / y
    case .sine: dy * x.cosine()
    case .cosine: -(dy * x.sine())
    case .arctangent: dy / (x * x + 1)
    case .hyperbolicTangent: dy * (1 - y * y)
    case .logistic: dy * y * (1 - y)
    case .errorFunction: dy * (-(x * x)).exponential() * (2 / Double.pi.squareRoot())
    case .relu: dy * x.step()
    }
  }
}

extension BinaryFunction {
  /// The gradients in a and b of y = f(a, b).
  func gradient(_ a: Value, _ b: Value, _ y: Value, _ dy: Value) -> [Value?] {
    switch self {
    case .add: return [dy, dy]
    case .subtract: return [dy, -dy]
    case .multiply: return [dy * b, dy * a]
    case .divide: return [dy / b, -(dy * y) / b]
    case .power:
      // b a^(b − 1) is 0 for b = 0, also where a^(b − 1) is infinite; log a exists for a > 0.
      let zero = dy.scalar(0)
      let slope = b.compare(.equal, zero).select(zero, b * a.power(b - 1))
      let isPositive = zero.compare(.less, a)
      let logarithm = isPositive.select(isPositive.select(a, a.scalar(1)).logarithm(), zero)
      return [dy * slope, dy * y * logarithm]
    case .maximum, .minimum:
      // Ties share the gradient equally.
      let half = a.compare(.equal, b).converted(to: dy.elementType) * 0.5
      let first = self == .maximum ? a.isGreater(than: b) : b.isGreater(than: a)
      let share = first + half
      return [dy * share, dy * (1 - share)]
    case .remainder: return [dy, -(dy * (a / b).floor())]
    case .and, .or: return [nil, nil]
    }
  }
}
