import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Simplified programs")
struct SimplificationTests {
  @Test("lose operations that change nothing")
  func identities() throws {
    let unchanged: [(Value) -> Value] = [
      { $0 + 0 }, { 0 + $0 }, { $0 - 0 }, { $0 * 1 }, { 1 * $0 }, { $0 / 1 }, { -(-$0) },
      { $0 * Value.concatenated([$0.scalar(1).expanded(axis: 0)], axis: 0) },
      { $0.transposed([1, 0]).transposed([1, 0]) }, { $0.reshaped(to: [6]).reshaped(to: [2, 3]) },
      { $0.apply(.convert(.float32)) }, { $0.slice(axis: 0, 0..<2) },
      { $0.apply(.broadcast([2, 3], axes: [0, 1])) }, { $0.apply(.reverse(axes: [])) },
      { $0.reversed(axes: [0]).reversed(axes: [0]) }, { $0.maximum($0) },
      { $0.apply(.pad(low: [0, 0], high: [0, 0], interior: [0, 0], value: 3)) },
      { $0.expanded(axis: 1).sum(over: [1]) }, { $0.apply(.reduce(.maximum, axes: [])) },
    ]
    for (index, function) in unchanged.enumerated() {
      let simplified = try Program.traced([[2, 3]]) { function($0[0]) }.simplified()
      #expect(simplified.equations.isEmpty, "\(index): \(simplified)")
      #expect(simplified.outputs == [0])
    }
  }

  @Test("compute constants once, before values are repeated, and share equal equations")
  func constants() throws {
    let scalar = try Program.traced([[2, 3]]) { $0[0] * (($0[0].scalar(2) + 1).squareRoot() * 2) }
      .simplified()
    #expect(primitiveNames(scalar) == ["constant", "broadcast", "multiply"])
    let shared = try Program.traced([[2, 3]]) { x in
      (x[0].exponential() + x[0]) * (x[0] + x[0].exponential())
    }.simplified()
    #expect(primitiveNames(shared) == ["exponential", "add", "multiply"])
    let repeated = try Program.traced([[3], [3]]) { x in
      x[0].broadcast(to: [5, 3]).exponential() * x[1].broadcast(to: [5, 3])
    }.simplified()
    #expect(primitiveNames(repeated) == ["exponential", "multiply", "broadcast"])
    let unused = try Program.traced([[3]]) { x in
      _ = x[0].exponential()
      return x[0].sine()
    }.simplified()
    #expect(primitiveNames(unused) == ["sine"])
    let large = try Program.traced([[300, 300]]) { $0[0].scalar(3).broadcast(to: [300, 300]) }
      .simplified()
    #expect(primitiveNames(large) == ["constant", "broadcast"])
  }

  @Test("read transposed matrices where they lie")
  func transposedProducts() throws {
    let program = try Program.traced([[4, 2], [4, 3]]) {
      $0[0].transposed([1, 0]).matrixMultiplied(by: $0[1])
    }.simplified()
    #expect(
      program.equations.map(\.primitive)
        == [.matrixMultiply(transposeLeft: true, transposeRight: false)])
  }

  @Test("keep stopped gradients, so that they can still be differentiated")
  func stoppedGradients() throws {
    let program = try Program.traced([[3]]) { $0[0] * $0[0].stoppingGradient() }.simplified()
    #expect(primitiveNames(program) == ["stopGradient", "multiply"])
  }

  @Test("agree with the original: random networks and their gradients")
  func randomNetworks() throws {
    for seed in 0..<20 {
      let network = RandomNetwork(seed: UInt64(seed))
      let program = try Program.traced([[Shape.batch, 3, 6, 6]], .float64) { network.apply($0[0]) }
      let gradient = try program.differentiated()
      #expect(try program.simplified().equations.count <= program.equations.count)
      try expectSameResults(program, program.simplified(), batch: 2, tolerance: 1e-13)
      try expectSameResults(gradient, gradient.simplified(), batch: 2, tolerance: 1e-12)
      let twice = try program.simplified().simplified()
      #expect(try twice.equations.count == program.simplified().equations.count)
    }
  }

  @Test("take time in proportion to their length")
  func longPrograms() throws {
    let program = try Program.traced([[4, 8]]) { x in
      let weight = x[0].builder.constant(SampleValues.uniform([8, 8], .float32))
      var state = x[0]
      for step in 0..<2500 {
        state = (state.linear(weight: weight) * 0.5 + Double(step % 3)).hyperbolicTangent()
      }
      return state
    }
    #expect(program.equations.count > 10_000)
    let clock = ContinuousClock()
    let time = try clock.measure { _ = try program.differentiated().simplified() }
    // A quadratic step would need minutes for fifty thousand equations.
    #expect(time < .seconds(60))
  }
}
