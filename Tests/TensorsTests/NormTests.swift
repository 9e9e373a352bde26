import Tensors
import Testing

@Suite("Norm") struct NormTests {
  let vectors = Tensor([3, -4, 0, 0, 0, 0, -2, 2, 1] as [Float], shape: [3, 3])

  @Test(
    "lengths are those of the closed forms",
    arguments: [
      (Norm.linf, [4, 0, 2]), (.l2, [5, 0, 3]), (.l1, [7, 0, 5]),
    ] as [(Norm, [Float])])
  func lengths(norm: Norm, expected: [Float]) {
    let length = norm.length(of: vectors)
    #expect(length.shape == [3, 1])
    #expect(zip(length.floats, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
  }

  @Test(
    "steepest directions are those of the closed forms; L1 shares among ties",
    arguments: [
      (Norm.linf, [1, -1, 0, 0, 0, 0, -1, 1, 1]),
      (.l2, [0.6, -0.8, 0, 0, 0, 0, -2.0 / 3, 2.0 / 3, 1.0 / 3]),
      (.l1, [0, -1, 0, 0, 0, 0, -0.5, 0.5, 0]),
    ] as [(Norm, [Float])])
  func steepest(norm: Norm, expected: [Float]) {
    let direction = norm.steepestDirection(of: vectors).floats
    #expect(zip(direction, expected).allSatisfy { abs($0 - $1) <= 1e-6 })
  }

  @Test("no direction of length 1 gains more: the gain is the dual norm", arguments: Norm.allCases)
  func optimal(norm: Norm) {
    var random = RandomStream(seed: 11, purpose: "norm")
    let gradient = random.normal([20, 6])
    let direction = norm.steepestDirection(of: gradient)
    let gain = (gradient * direction).sum(over: [1], keepingDimensions: true)
    let dual = norm.dual.length(of: gradient)
    #expect(zip(gain.floats, dual.floats).allSatisfy { abs($0 - $1) <= 1e-5 * $1 })
    #expect(norm.length(of: direction).floats.allSatisfy { abs($0 - 1) <= 1e-6 })
    #expect(norm.dual.dual == norm)
  }

  @Test("the L2 direction of a tiny gradient does not underflow")
  func tiny() {
    let gradient = Tensor([3e-30, -4e-30] as [Float], shape: [1, 2])
    let direction = Norm.l2.steepestDirection(of: gradient).floats
    #expect(abs(direction[0] - 0.6) < 1e-6 && abs(direction[1] + 0.8) < 1e-6)
    #expect(abs(Norm.l2.length(of: gradient).floats[0] / 5e-30 - 1) < 1e-6)
  }
}
