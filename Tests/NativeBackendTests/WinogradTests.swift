import Execution
import NativeBackend
import Programs
import Tensors
import Testing

@Suite("Convolutions by tiles") struct WinogradTests {
  /// A convolution of stride 1 with a known kernel.
  struct Case: CustomTestStringConvertible {
    var input: Shape
    var outputs: Int
    var size: Int
    var low: [Int]
    var high: [Int]

    var testDescription: String { "\(size) x \(size) over \(input) to \(outputs)" }

    /// Its result with a bias, and the gradient of a function of it in the input.
    func program() throws -> Program {
      var random = RandomStream(seed: 3, purpose: "kernel")
      let kernel =
        random.normal([outputs, input[1], size, size])
        * Tensor(1 / Double(input[1] * size * size).squareRoot())
      let bias = random.normal([outputs])
      let port = Program.Port(name: "x", type: ValueType(.float32, input))
      return try Program.trace([port]) { values in
        let geometry = ConvolutionGeometry(
          strides: [1, 1], paddingLow: low, paddingHigh: high, dilations: [1, 1])
        let builder = values[0].builder
        let result = values[0].convolved(
          with: builder.constant(kernel), geometry, bias: builder.constant(bias))
        let gradient = builder.gradient(of: result * result, withRespectTo: values)
        return [("y", result), ("gradient", gradient[0])]
      }
    }
  }

  static let cases = [
    Case(input: [2, 16, 9, 11], outputs: 16, size: 3, low: [1, 1], high: [1, 1]),
    Case(input: [1, 19, 8, 4], outputs: 21, size: 3, low: [0, 2], high: [1, 0]),
    Case(input: [3, 32, 3, 3], outputs: 17, size: 3, low: [1, 1], high: [1, 1]),
    Case(input: [2, 17, 14, 13], outputs: 24, size: 5, low: [2, 2], high: [2, 2]),
    Case(input: [1, 32, 6, 7], outputs: 16, size: 5, low: [0, 4], high: [0, 3]),
    Case(input: [1, 512, 5, 4], outputs: 272, size: 3, low: [1, 1], high: [1, 1]),
  ]

  private func input(of item: Case) -> Tensor {
    var random = RandomStream(seed: 5, purpose: "image")
    return random.normal(item.input)
  }

  @Test("agree with the sums that define them", arguments: cases)
  func agree(item: Case) throws {
    try Agreement(tolerance: 5e-6).check(item.program(), [input(of: item)])
  }

  @Test("are not what findings are verified with", arguments: cases.prefix(1))
  func verification(item: Case) throws {
    let (program, input) = (try item.program(), input(of: item))
    let fast = try NativeBackend().compile(program)
    let plain = try NativeBackend().verifying.compile(program)
    let exact = try ReferenceBackend().compile(program)
    let (tiles, sums, wanted) = (try fast([input])[0], try plain([input])[0], try exact([input])[0])
    #expect(tiles != sums, "expected another algorithm")
    #expect(NativeBackend().verifying.description.contains("direct convolutions"))
    func error(_ got: Tensor) -> Double {
      zip(got.doubles, wanted.doubles).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    }
    #expect(error(sums) > 0 && error(tiles) < 5 * error(sums))
  }

  @Test("give a sample the same bits in any company", arguments: cases.prefix(4))
  func company(item: Case) throws {
    var alone = item
    alone.input = [1] + item.input.sample
    let input = input(of: item)
    let together = try NativeBackend().compile(item.program())
    let single = try NativeBackend().compile(alone.program())
    let results = try together([input])
    for sample in 0..<item.input[0] {
      let expected = try single([input.rows(sample..<sample + 1)])
      #expect(zip(results, expected).allSatisfy { $0.rows(sample..<sample + 1) == $1 })
    }
  }

  @Test("are the same for kernels that are inputs, as in training", arguments: [3, 5])
  func trained(size: Int) throws {
    let item = Case(
      input: [4, 16, 14, 14], outputs: 24, size: size, low: [1, 1], high: [1, 1])
    var random = RandomStream(seed: 6, purpose: "kernel")
    let inputs = [random.normal(item.input), random.normal([24, 16, size, size])]
    let types = inputs.map { ValueType(.float32, $0.shape) }
    func trace(_ values: [Value], _ kernel: Value) -> [(name: String, value: Value)] {
      let result = values[0].convolved(with: kernel, ConvolutionGeometry(rank: 2, padding: 1))
      let gradient = result.builder.gradient(of: result * result, withRespectTo: [values[0]])
      return [("y", result), ("gradient", gradient[0])]
    }
    let varying = try Program.trace([
      Program.Port(name: "x", type: types[0]), Program.Port(name: "kernel", type: types[1]),
    ]) { trace($0, $0[1]) }
    let fixed = try Program.trace([Program.Port(name: "x", type: types[0])]) {
      trace($0, $0[0].builder.constant(inputs[1]))
    }
    try Agreement(tolerance: 5e-6).check(varying, inputs)
    let (first, second) = (try NativeBackend().compile(varying), try NativeBackend().compile(fixed))
    #expect(try first(inputs) == second([inputs[0]]))
  }
}
