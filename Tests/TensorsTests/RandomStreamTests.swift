import Foundation
import Tensors
import Testing

@Suite("RandomStream") struct RandomStreamTests {
  /// Known answers of Random123's `kat_vectors`, philox4x32 with 10 rounds.
  @Test(
    "Philox meets its published answers",
    arguments: [
      (
        [0, 0, 0, 0], [0, 0],
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
      ),
      (
        [.max, .max, .max, .max], [.max, .max],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let block = Philox.block(
      counter: SIMD4(counter[0], counter[1], counter[2], counter[3]), key: SIMD2(key[0], key[1]))
    #expect([block.x, block.y, block.z, block.w] == expected)
  }

  @Test("uniform numbers have the moments of U[0, 1)")
  func uniformMoments() {
    var stream = RandomStream(seed: 7, purpose: "test")
    let count = 100_000
    let values = (0..<count).map { _ in stream.uniform() }
    #expect(values.allSatisfy { (0..<1).contains($0) })
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // Five standard errors: 1/√(12 N) of the mean, 1/√(180 N) of the variance.
    #expect(abs(mean - 0.5) < 5 / (12 * Double(count)).squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 / (180 * Double(count)).squareRoot())
  }

  @Test("uniform numbers fill 64 cells evenly")
  func uniformCells() {
    var stream = RandomStream(seed: 1, purpose: "cells")
    var cells = [Double](repeating: 0, count: 64)
    for _ in 0..<64_000 { cells[Int(stream.uniform() * 64)] += 1 }
    let chiSquared = cells.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 }
    // χ² with 63 degrees of freedom: mean 63, standard deviation √126 ≈ 11.2.
    #expect(chiSquared > 20 && chiSquared < 120)
  }

  @Test("normal numbers have the moments of N(0, 1)")
  func normalMoments() {
    var stream = RandomStream(seed: 3, purpose: "normal")
    let count = 100_000
    let values = (0..<count).map { _ in stream.normal() }
    func moment(_ power: Double) -> Double {
      values.reduce(0) { $0 + pow($1, power) } / Double(count)
    }
    // Five standard errors: the k-th power has variance E[x²ᵏ] − E[xᵏ]²: 1, 2, 15, 96.
    let scale = 5 / Double(count).squareRoot()
    #expect(abs(moment(1)) < scale)
    #expect(abs(moment(2) - 1) < scale * 2.0.squareRoot())
    #expect(abs(moment(3)) < scale * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < scale * 96.0.squareRoot())
  }

  /// Box and Muller in double precision, of the words that the stream would draw next.
  private func pairs(_ stream: inout RandomStream) -> [Double] {
    let (first, second) = (stream.next(), stream.next())
    return [first, second].flatMap { words -> [Double] in
      let uniform = Double(Float((Double(words & 0xffff_ffff) + 0.5) * 0x1p-32))
      let (radius, turn) = ((-2 * log(uniform)).squareRoot(), Double(words >> 32) * 0x1p-32)
      return [radius * cos(2 * .pi * turn), radius * sin(2 * .pi * turn)]
    }
  }

  @Test("filled normal numbers are the words' own, however many are asked for")
  func filled() {
    for count in [1, 3, 4, 255, 256, 257, 1000] {
      var stream = RandomStream(seed: 11, purpose: "fill", sample: 3)
      var (reference, found) = (stream, [Float](repeating: .nan, count: count))
      found.withUnsafeMutableBufferPointer { stream.fillNormals($0) }
      let expected = (0..<(count + 3) / 4).flatMap { _ in pairs(&reference) }
      #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 })
      // Both go on with the same block.
      #expect(stream.next() == reference.next())
    }
  }

  @Test("filled normal numbers have the moments and tails of N(0, 1)")
  func filledMoments() {
    var stream = RandomStream(seed: 13, purpose: "fill")
    var values = [Float](repeating: 0, count: 1_000_000)
    values.withUnsafeMutableBufferPointer { stream.fillNormals($0) }
    let count = Double(values.count)
    // Five standard errors: the k-th power has variance E[x²ᵏ] − E[xᵏ]²: 1, 2, 15, 96.
    for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96)] {
      let moment = values.reduce(0) { $0 + pow(Double($1), Double(power)) } / count
      #expect(abs(moment - mean) < 5 * (variance / count).squareRoot())
    }
    for limit in [1.0, 2, 3] {
      let share = erfc(limit / 2.0.squareRoot())
      let beyond = Double(values.count { abs(Double($0)) > limit }) / count
      #expect(abs(beyond - share) < 5 * (share / count).squareRoot())
    }
  }

  @Test("streams that differ in any part of their derivation are independent")
  func independence() {
    func sequence(_ stream: RandomStream) -> [Double] {
      var stream = stream
      return (0..<4000).map { _ in stream.uniform() - 0.5 }
    }
    let base = sequence(RandomStream(seed: 1, purpose: "a"))
    let others = [
      RandomStream(seed: 2, purpose: "a"), RandomStream(seed: 1, purpose: "b"),
      RandomStream(seed: 1, purpose: "a", sample: 1),
      RandomStream(seed: 1, purpose: "a", restart: 1),
      RandomStream(seed: 1, purpose: "a", step: 1),
    ].map(sequence)
    for other in others {
      let correlation = 12 * zip(base, other).reduce(0) { $0 + $1.0 * $1.1 } / 4000
      #expect(abs(correlation) < 5 / 4000.0.squareRoot())
      #expect(Set(base).isDisjoint(with: other))
    }
  }

  @Test("the same derivation gives the same numbers")
  func reproducible() {
    var first = RandomStream(seed: 9, purpose: "x", sample: 2, restart: 3, step: 4)
    var second = RandomStream(seed: 9, purpose: "x", sample: 2, restart: 3, step: 4)
    #expect(first.uniform([100]) == second.uniform([100]))
    #expect(first.normal([7, 3]) == second.normal([7, 3]))
  }

  @Test("uniform tensors stay within their limits")
  func limits() {
    var stream = RandomStream(seed: 5, purpose: "limits")
    let values = stream.uniform([1000], from: -0.3, to: 0.3).floats
    #expect(values.allSatisfy { abs($0) <= 0.3 })
    #expect((values.max() ?? 0) > 0.28 && (values.min() ?? 0) < -0.28)
  }
}
