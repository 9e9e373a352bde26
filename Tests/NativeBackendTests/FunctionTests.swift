import Execution
import Foundation
import NativeBackend
import Programs
import Tensors
import Testing

@Suite("Functions of one float32") struct FunctionTests {
  /// The largest error in units in the last place, with subnormal results measured as zero is.
  private func error(
    of function: UnaryFunction, on inputs: [Float], _ exact: (Double) -> Double
  ) throws -> Double {
    let port = Program.Port(name: "x", type: ValueType(.float32, [inputs.count]))
    let program = try Program.trace([port]) { [("y", $0[0].apply(.unary(function)))] }
    let executable = try NativeBackend().compile(program)
    let results = try executable([Tensor(inputs)])[0].floats
    return zip(inputs, results).map { input, result in
      let expected = exact(Double(input))
      let rounded = Float(expected)
      if rounded == result || (rounded.isNaN && result.isNaN) { return 0 }
      return abs(Double(result) - expected) / Double(max(abs(rounded).ulp, 0x1p-149))
    }.max() ?? .infinity
  }

  /// Every exponent and sign, with random digits, and the special values.
  private var everywhere: [Float] {
    var random = RandomStream(seed: 1, purpose: "floats")
    let numbers = (0..<200_000).map { _ in
      Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
    }
    return numbers + [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 1, -1]
  }

  private func uniform(_ range: ClosedRange<Double>) -> [Float] {
    var random = RandomStream(seed: 2, purpose: "uniform")
    return random.uniform([200_000], from: range.lowerBound, to: range.upperBound).floats
  }

  @Test("the exponential is within 2 ulp")
  func exponential() throws {
    #expect(try error(of: .exponential, on: everywhere + uniform(-110...100), exp) <= 2)
  }

  @Test("the logarithm is within 2 ulp")
  func logarithm() throws {
    #expect(try error(of: .logarithm, on: everywhere + uniform(0...3), log) <= 2)
  }

  @Test("log(1 + x) is within 4 ulp")
  func logarithmOnePlus() throws {
    let numbers = everywhere + uniform(-1...2) + uniform(-1e-4...1e-4)
    #expect(try error(of: .logarithmOnePlus, on: numbers, log1p) <= 4)
  }

  @Test("the hyperbolic tangent is within 4 ulp")
  func hyperbolicTangent() throws {
    #expect(try error(of: .hyperbolicTangent, on: everywhere + uniform(-10...10), tanh) <= 4)
  }

  @Test("the logistic function is within 4 ulp")
  func logistic() throws {
    #expect(
      try error(of: .logistic, on: everywhere + uniform(-105...30)) { 1 / (1 + exp(-$0)) } <= 4)
  }

  @Test("the error function is within 4 ulp")
  func errorFunction() throws {
    #expect(try error(of: .errorFunction, on: everywhere + uniform(-5...5), erf) <= 4)
  }
}
