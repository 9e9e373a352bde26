import Foundation

/// Numbers of sixteen bits, which not every host has a type for.
enum HalfPrecision {
  /// Little-endian words of two bytes.
  static func words(_ bytes: Data) -> [UInt16] {
    bytes.withUnsafeBytes { source in
      (0..<source.count / 2).map {
        UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      }
    }
  }

  /// The value of a number of IEEE 754 binary16.
  static func float(binary16 bits: UInt16) -> Float {
    let sign: Float = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return Float(
        sign: bits >> 15 == 0 ? .plus : .minus, exponent: exponent - 15,
        significand: 1 + fraction / 1024)
    }
  }

  /// The value of a number of bfloat16: the upper half of a float32.
  static func float(bfloat16 bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
