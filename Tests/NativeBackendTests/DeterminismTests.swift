import Execution
import NativeBackend
import Programs
import Tensors
import Testing

@Suite("A sample's result does not depend on its company") struct DeterminismTests {
  private static let programs: [(name: String, program: Program)] = {
    let networks: [(String, Shape, @Sendable (Value) -> Value)] = [
      ("perceptron", [37], { $0.perceptron([64, 19, 10]) }),
      ("convolutions of 13 channels", [1, 12, 12], { $0.convolutions(channels: 13) }),
      ("convolutions of 32 channels", [3, 12, 12], { $0.convolutions(channels: 32) }),
      ("attention", [6, 8], { $0.attention() }),
    ]
    return networks.compactMap { name, input, function in
      try? (name, gradientProgram(input, function))
    }
  }()

  /// Logits, and the gradient of the first one's logarithmic probability in the input.
  private static func gradientProgram(
    _ input: Shape, _ function: (Value) -> Value
  ) throws -> Program {
    try Program.trace([.init(name: "x", type: ValueType(.float32, [Shape.batch] + input))]) { x in
      let logits = function(x[0])
      let objective = logits.logSoftmax(axis: 1).slice(axis: 1, 0..<1)
      return [
        ("logits", logits),
        ("gradient", x[0].builder.gradient(of: objective, withRespectTo: [x[0]])[0]),
      ]
    }
  }

  @Test("every network is traced") func networks() { #expect(Self.programs.count == 4) }

  @Test("any place, any neighbours, any number of threads", arguments: 0..<4)
  func company(_ index: Int) throws {
    let program = Self.programs[index].program
    let shape = program.inputs[0].type.shape.sample
    let function = MicroBatchedFunction(program, on: NativeBackend(), microBatch: 8)
    var random = RandomStream(seed: 3, purpose: "company")
    let samples = random.normal([21] + shape)
    let expected = try function([samples], threads: 1)
    #expect(try function([samples], threads: 2) == expected)
    for order in [Array((0..<21).reversed()), [5], [20, 5, 7, 5, 5], Array(3..<17)] {
      let results = try function([samples.rows(order)], threads: 2)
      for (result, whole) in zip(results, expected) { #expect(result == whole.rows(order)) }
    }
  }

  @Test("one compiled program, called by several threads at once, gives the same bits")
  func concurrency() throws {
    let executable = try NativeBackend().compile(Self.programs[1].program.bound(batch: 4))
    var random = RandomStream(seed: 4, purpose: "concurrency")
    let inputs = (0..<24).map { _ in random.normal([4, 1, 12, 12]) }
    let expected = try inputs.map { try executable([$0]) }
    let got = try concurrentMap(count: 96, threads: 4) { try executable([inputs[$0 % 24]]) }
    for (index, result) in got.enumerated() { #expect(result == expected[index % 24]) }
  }

  @Test("outputs without a batch axis are summed over exactly the given samples")
  func sums() throws {
    let program = try Program.trace([
      .init(name: "x", type: ValueType(.float32, [Shape.batch, 3])),
      .init(name: "w", type: ValueType(.float32, [3])),
    ]) { x in
      let product = x[0] * x[1]
      return [("rows", product), ("sum", product.sum(over: [0]))]
    }
    let function = MicroBatchedFunction(program, on: NativeBackend(), microBatch: 4)
    let x = Tensor((0..<33).map { Float($0) }, shape: [11, 3])
    let results = try function([x, Tensor([1, 2, -1] as [Float])], threads: 2)
    #expect(results[0].shape == [11, 3])
    #expect(results[1].floats == [165, 352, -187])
  }
}

extension Value {
  /// Fixed random parameters.
  private func parameter(_ shape: Shape) -> Value {
    var random = RandomStream(seed: 5, purpose: "parameter \(shape)")
    return builder.constant(random.normal(shape) * Tensor(0.3))
  }

  func perceptron(_ widths: [Int]) -> Value {
    widths.reduce(self) { x, width in
      let sum = x.linear(weight: parameter([width, x.shape[1]]), bias: parameter([width]))
      return width == widths.last ? sum : sum.relu()
    }
  }

  func convolutions(channels: Int) -> Value {
    let same = ConvolutionGeometry(rank: 2, padding: 1)
    let first = convolved(
      with: parameter([channels, shape[1], 3, 3]), same, bias: parameter([channels])
    ).relu().maxPooled(WindowGeometry(rank: 2, size: 2))
    let second = first.convolved(with: parameter([24, channels, 3, 3]), same).gelu()
    return second.flattened().linear(weight: parameter([10, 24 * 36]))
  }

  func attention() -> Value {
    let normal = normalized(over: [2], epsilon: 1e-5)
    let queries = normal.linear(weight: parameter([8, 8]))
    let scores = queries.matrixMultiplied(by: normal, transposeRight: true).softmax(axis: 2)
    return scores.matrixMultiplied(by: self).flattened().linear(weight: parameter([5, 48]))
  }
}

@Suite("Memory of results") struct ResultMemoryTests {
  @Test("results that are kept are not written by later calls")
  func kept() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [4]))
    let program = try Program.trace([port]) { [("y", $0[0] * 2), ("z", $0[0])] }
    let executable = try NativeBackend().compile(program)
    let inputs = (0..<6).map { Tensor(Double($0), elementType: .float32).broadcast(to: [4]) }
    let results = try inputs.map { try executable([$0]) }
    for (index, result) in results.enumerated() {
      #expect(result[0].floats == Array(repeating: Float(2 * index), count: 4))
      #expect(result[1].floats == Array(repeating: Float(index), count: 4))
    }
  }

  @Test("results may be the next call's inputs, as in a training loop")
  func loop() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [3]))
    let program = try Program.trace([port]) { [("y", $0[0] * 2 - $0[0].reversed(axes: [0]))] }
    let fast = try NativeBackend().compile(program)
    let slow = try ReferenceBackend().compile(program)
    var (got, expected) = ([Tensor([1, 2, 4] as [Float])], [Tensor([1, 2, 4] as [Float])])
    for _ in 0..<8 {
      got = try fast(got)
      expected = try slow(expected)
      #expect(got == expected)
    }
  }
}
