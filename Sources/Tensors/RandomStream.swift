import CKernels
import Foundation

/// A counter-based stream of random numbers that depends on nothing but its derivation.
///
/// Philox 4×32-10: block `c` is ten rounds of a keyed permutation of the counter `c`, so that a
/// stream has no state besides its position, and streams of different keys are independent.
///
/// - Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
public struct RandomStream: RandomNumberGenerator, Hashable, Sendable {
  private let key: SIMD2<UInt32>
  private let path: SIMD2<UInt32>
  private var block: UInt64 = 0
  private var buffer = SIMD4<UInt32>()
  private var used = 4

  /// A stream for one purpose, sample, restart and step.
  ///
  /// Seed, purpose, restart and step are hashed into the key; the sample is the counter's upper
  /// half, so that two samples never share a block.
  public init(
    seed: UInt64, purpose: String, sample: Int = 0, restart: Int = 0, step: Int = 0
  ) {
    // FNV-1a of purpose, then every number, then one Philox block to spread the bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func absorb(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    purpose.utf8.forEach(absorb)
    for number in [seed, UInt64(bitPattern: Int64(restart)), UInt64(bitPattern: Int64(step))] {
      for shift in stride(from: 0, to: 64, by: 8) {
        absorb(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    key = SIMD2(UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32))
    let sample = UInt64(bitPattern: Int64(sample))
    path = SIMD2(UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: sample >> 32))
  }

  private mutating func nextBlock() -> SIMD4<UInt32> {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), path.x, path.y)
    block += 1
    return Philox.block(counter: counter, key: key)
  }

  private mutating func nextWord() -> UInt32 {
    if used == 4 {
      buffer = nextBlock()
      used = 0
    }
    defer { used += 1 }
    return buffer[used]
  }

  public mutating func next() -> UInt64 {
    let low = UInt64(nextWord())
    return low | UInt64(nextWord()) << 32
  }

  /// A number uniform in [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Self.uniform(next()) }

  private static func uniform(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

  /// A number of the standard normal distribution (Box and Muller 1958; one of the pair).
  public mutating func normal() -> Double {
    guard used == 4 else { return Self.normal(next(), next()) }
    // A whole block at a time: the same numbers, without a look at each of its words.
    let words = nextBlock()
    return Self.normal(
      UInt64(words.x) | UInt64(words.y) << 32, UInt64(words.z) | UInt64(words.w) << 32)
  }

  private static func normal(_ first: UInt64, _ second: UInt64) -> Double {
    let radius = (-2 * log(1 - uniform(first))).squareRoot()
    return radius * cos(2 * .pi * uniform(second))
  }

  /// Fills memory with independent numbers of the standard normal distribution, in single precision.
  ///
  /// Four to a block, both of each pair of Box and Muller's: not the numbers that `normal()` draws,
  /// but twenty times as fast. They begin with a block of their own.
  public mutating func fillNormals(_ target: UnsafeMutableBufferPointer<Float>) {
    used = 4
    guard let first = target.baseAddress else { return }
    assay_normals(first, Int64(target.count), [key.x, key.y], [path.x, path.y], block)
    block += (UInt64(target.count) + 3) / 4
  }

  /// Independent numbers uniform in [lower, upper).
  public mutating func uniform(
    _ shape: Shape, from lower: Double = 0, to upper: Double = 1
  ) -> Tensor {
    Tensor((0..<shape.count).map { _ in Float(lower + (upper - lower) * uniform()) }, shape: shape)
  }

  /// Independent numbers of the standard normal distribution.
  public mutating func normal(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { _ in Float(normal()) }, shape: shape)
  }
}

/// The permutation behind the random streams.
package enum Philox {
  /// Ten rounds of Philox 4×32.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(counter.x) * 0xD251_1F53
      let second = UInt64(counter.z) * 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
      key = SIMD2(key.x &+ 0x9E37_79B9, key.y &+ 0xBB67_AE85)
    }
    return counter
  }
}
