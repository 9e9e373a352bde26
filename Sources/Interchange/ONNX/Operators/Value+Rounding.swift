import Programs
import Tensors

/// What a number beyond the largest of a format becomes.
enum FloatOverflow {
  case infinity, largest, notANumber
}

extension Value {
  /// The nearest number of a narrower format, ties to the even one; the derivative is 1 where the
  /// number is in the format's range, else 0.
  ///
  /// With p bits of precision in the format and 53 in float64, the product below is so large that
  /// its last bit has the weight of the last bit that is kept of x:
  ///
  ///     γ = (2⁵³⁻ᵖ + 1) x,   rounded x = γ − (γ − x)
  ///
  /// Numbers below the smallest exponent e are rounded to multiples of 2^(e − p + 1).
  ///
  /// - Source: Boldo 2006, "Pitfalls of a full floating-point proof: example on the formal proof
  ///   of the Veltkamp/Dekker algorithms", for γ.
  func rounded(to format: FloatFormat, overflow: FloatOverflow) -> Value {
    let limit = format.largest
    let wide = converted(to: .float64).stoppingGradient()
    let near = wide.maximum(wide.scalar(-2 * limit)).minimum(wide.scalar(2 * limit))
    let product = near * (FloatFormat.power(53 - format.precision) + 1)
    let normal = product - (product - near)
    let quantum = FloatFormat.power(format.smallestExponent - format.mantissaBits)
    let small = (near / quantum).rounded() * quantum
    let smallest = wide.scalar(FloatFormat.power(format.smallestExponent))
    let nearest = near.absoluteValue().compare(.less, smallest).select(small, normal)
    var result = nearest.limited(to: limit, overflow)
    if format.specials == .none {
      // A format without NaN has 0 in its place.
      result = result.compare(.equal, result).select(result, result.scalar(0))
    }
    guard elementType.isFloatingPoint else { return result.converted(to: .float32) }
    let inRange = nearest.absoluteValue().compare(.lessOrEqual, wide.scalar(limit))
    return result.converted(to: .float32).straightThrough(self, where: inRange)
  }

  private func limited(to limit: Double, _ overflow: FloatOverflow) -> Value {
    switch overflow {
    case .largest: return maximum(scalar(-limit)).minimum(scalar(limit))
    case .infinity:
      return scalar(limit).compare(.less, absoluteValue()).select(sign() * .infinity, self)
    case .notANumber:
      return scalar(limit).compare(.less, absoluteValue()).select(scalar(.nan), self)
    }
  }

  /// This value with the derivative of another where a condition holds, and none elsewhere.
  private func straightThrough(_ source: Value, where condition: Value) -> Value {
    let source = source.converted(to: elementType)
    let kept = condition.select(source, source.scalar(0))
    return self + (kept - kept.stoppingGradient())
  }

  /// The power of two by which a block of numbers is scaled: |x| without its mantissa.
  ///
  /// The mode is "up", "down" or "nearest" (ties up). The result lies between 2⁻¹²⁷ and 2¹²⁷; for
  /// numbers beyond it is NaN unless `saturates`.
  func roundedToScale(mode: String, saturates: Bool) -> Value {
    let magnitude = converted(to: .float64).absoluteValue().stoppingGradient()
    let bounded = magnitude.maximum(magnitude.scalar(0x1p-127))
    let product = bounded * (FloatFormat.power(52) + 1)
    let near = product - (product - bounded)
    let below = bounded.compare(.less, near).select(near * 0.5, near)
    let isAbove =
      switch mode {
      case "down": bounded.compare(.less, below)
      case "nearest": (below * 1.5).compare(.lessOrEqual, bounded)
      default: below.compare(.less, bounded)
      }
    let result = isAbove.select(below * 2, below)
    let (smallest, largest) = (result.scalar(0x1p-127), result.scalar(0x1p127))
    guard !saturates else {
      // For an infinite number the difference of two products is NaN.
      let isInfinite = magnitude.compare(.equal, magnitude.scalar(.infinity))
      return isInfinite.select(largest, result.minimum(largest)).converted(to: .float32)
    }
    let isInRange = smallest.compare(.lessOrEqual, magnitude)
      .and(result.compare(.lessOrEqual, largest))
    return isInRange.select(result, result.scalar(.nan)).converted(to: .float32)
  }
}
