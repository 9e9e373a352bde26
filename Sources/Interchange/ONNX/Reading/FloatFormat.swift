/// A floating-point format narrower than float32.
///
/// A code with sign s, exponent field e and mantissa field m of b bits stands for
///
///     (−1)ˢ (1 + m / 2ᵇ) 2^(e − bias)        e > 0
///     (−1)ˢ (m / 2ᵇ) 2^(1 − bias)            e = 0
///
/// - Source: Micikevicius et al. 2022, arXiv:2209.05433 (E4M3, E5M2); Noune et al. 2022,
///   arXiv:2206.02915 (the variants without negative zero); Rouhani et al. 2023, arXiv:2310.10537
///   (E2M1, E8M0).
struct FloatFormat: Hashable, Sendable {
  /// Which codes are no finite numbers.
  enum Specials: Hashable, Sendable {
    /// Infinities and NaN at the largest exponent, as in IEEE 754.
    case infinityAndNaN
    /// All bits set: NaN.
    case onesAreNaN
    /// The code of negative zero is NaN.
    case negativeZeroIsNaN
    /// Every code is a number.
    case none
  }

  let exponentBits: Int
  let mantissaBits: Int
  let bias: Int
  let specials: Specials

  static let binary16 = FloatFormat(
    exponentBits: 5, mantissaBits: 10, bias: 15, specials: .infinityAndNaN)
  static let bfloat16 = FloatFormat(
    exponentBits: 8, mantissaBits: 7, bias: 127, specials: .infinityAndNaN)
  static let e4m3fn = FloatFormat(
    exponentBits: 4, mantissaBits: 3, bias: 7, specials: .onesAreNaN)
  static let e4m3fnuz = FloatFormat(
    exponentBits: 4, mantissaBits: 3, bias: 8, specials: .negativeZeroIsNaN)
  static let e5m2 = FloatFormat(
    exponentBits: 5, mantissaBits: 2, bias: 15, specials: .infinityAndNaN)
  static let e5m2fnuz = FloatFormat(
    exponentBits: 5, mantissaBits: 2, bias: 16, specials: .negativeZeroIsNaN)
  static let e2m1 = FloatFormat(exponentBits: 2, mantissaBits: 1, bias: 1, specials: .none)

  /// The significant bits, the one that is not stored included.
  var precision: Int { mantissaBits + 1 }

  /// The exponent of the smallest number with full precision.
  var smallestExponent: Int { 1 - bias }

  /// The largest finite number.
  var largest: Double {
    let top = 1 << exponentBits - 1 - bias
    let step = FloatFormat.power(-mantissaBits)
    switch specials {
    case .infinityAndNaN: return (2 - step) * FloatFormat.power(top - 1)
    case .onesAreNaN: return (2 - 2 * step) * FloatFormat.power(top)
    case .negativeZeroIsNaN, .none: return (2 - step) * FloatFormat.power(top)
    }
  }

  /// The number that a code of at most eight bits stands for.
  func number(_ code: UInt8) -> Float {
    let width = 1 + exponentBits + mantissaBits
    let magnitude = Int(code) & (1 << (width - 1) - 1)
    let isNegative = Int(code) >> (width - 1) & 1 == 1
    let exponent = magnitude >> mantissaBits
    let mantissa = magnitude & (1 << mantissaBits - 1)
    let top = 1 << exponentBits - 1
    switch specials {
    case .infinityAndNaN where exponent == top:
      return mantissa != 0 ? .nan : (isNegative ? -.infinity : .infinity)
    case .onesAreNaN where magnitude == 1 << (width - 1) - 1: return .nan
    case .negativeZeroIsNaN where isNegative && magnitude == 0: return .nan
    default: break
    }
    let significand = exponent == 0 ? mantissa : mantissa + 1 << mantissaBits
    let scale = FloatFormat.power(max(exponent, 1) - bias - mantissaBits)
    return Float(isNegative ? -Double(significand) * scale : Double(significand) * scale)
  }

  /// The power of two 2ⁿ.
  static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// The number of an E8M0 code: 2^(code − 127), and NaN for 255.
  static func scale(_ code: UInt8) -> Float {
    code == 255 ? .nan : Float(power(Int(code) - 127))
  }
}

extension ONNXElementType {
  /// The format of a floating-point type that is narrower than float32.
  var floatFormat: FloatFormat? {
    switch self {
    case .float16: .binary16
    case .bfloat16: .bfloat16
    case .float8e4m3fn: .e4m3fn
    case .float8e4m3fnuz: .e4m3fnuz
    case .float8e5m2: .e5m2
    case .float8e5m2fnuz: .e5m2fnuz
    case .float4e2m1: .e2m1
    default: nil
    }
  }

  /// The number that a code of at most eight bits stands for; nil for other types.
  func number(_ code: UInt8) -> Float? {
    switch self {
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1:
      floatFormat?.number(code)
    case .float8e8m0: FloatFormat.scale(code)
    default: nil
    }
  }
}
