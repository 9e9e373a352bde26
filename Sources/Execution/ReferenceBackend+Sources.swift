import Programs
import Tensors

extension ReferenceBackend {
  /// 0, 1, … along one axis.
  static func iota(axis: Int, type: ValueType) -> Tensor {
    let (outer, count, inner) = type.shape.split(at: axis)
    var result: [Int64] = []
    result.reserveCapacity(type.shape.count)
    for _ in 0..<outer {
      for index in 0..<count {
        for _ in 0..<inner { result.append(Int64(index)) }
      }
    }
    return Tensor(result, shape: type.shape).converted(to: type.elementType)
  }

  /// Numbers uniform in [0, 1), multiples of 2⁻²⁴, that depend on (key, counter) and position only.
  ///
  /// Element i is the upper 24 bits of word i mod 4 of the Philox block
  ///
  ///     counter (⌊i/4⌋ low, ⌊i/4⌋ high, counter low, counter high), key (key low, key high)
  ///
  /// times 2⁻²⁴, where low and high are the 32-bit halves of a 64-bit number.
  static func randomUniform(_ shape: Shape, key: Tensor) -> Tensor {
    func halves(_ number: Int64) -> (UInt32, UInt32) {
      (UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32))
    }
    let words = key.scalars(of: Int64.self)
    let (key, counter) = (halves(words[0]), halves(words[1]))
    var result: [Float] = []
    result.reserveCapacity(shape.count)
    for position in 0..<(shape.count + 3) / 4 {
      let (low, high) = halves(Int64(position))
      let block = Philox.block(
        counter: SIMD4(low, high, counter.0, counter.1), key: SIMD2(key.0, key.1))
      for lane in 0..<min(4, shape.count - 4 * position) {
        result.append(Float(block[lane] >> 8) * 0x1p-24)
      }
    }
    return Tensor(result, shape: shape)
  }
}
