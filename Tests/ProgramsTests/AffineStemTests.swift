import Execution
import Programs
import Tensors
import Testing

@Suite("Affine stems") struct AffineStemTests {
  private static func trace(
    _ shape: Shape, _ model: (Value) -> Value
  ) throws -> Program {
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch] + shape))
    return try Program.trace([port]) { [("y", model($0[0]))] }
  }

  private static func weights(_ shape: Shape, _ purpose: String) -> Tensor {
    var random = RandomStream(seed: 4, purpose: purpose)
    return random.normal(shape)
  }

  /// Scaling, one layer and a rectifier, then another layer.
  private static func perceptron() throws -> Program {
    try trace([20]) { x in
      let builder = x.builder
      let scaled = (x - 0.5) / builder.constant(Tensor(repeating: 2, shape: [20]))
      return scaled.linear(
        weight: builder.constant(weights([8, 20], "first")),
        bias: builder.constant(weights([8], "bias"))
      ).relu().linear(weight: builder.constant(weights([3, 8], "second")))
    }
  }

  private static func convolutions() throws -> Program {
    try trace([2, 7, 6]) { x in
      let maps = x.convolved(
        with: x.builder.constant(weights([4, 2, 3, 3], "kernel")),
        ConvolutionGeometry(rank: 2, padding: 1))
      return (-maps).hyperbolicTangent().flattened()
    }
  }

  @Test("are followed by the rest of the model", arguments: [true, false])
  func composition(isPerceptron: Bool) throws {
    let program = try isPerceptron ? Self.perceptron() : Self.convolutions()
    let cut = try #require(try AffineStem(program))
    let input = Self.weights([5] + program.inputs[0].type.shape.sample, "input")
    func run(_ program: Program, _ input: Tensor) throws -> Tensor {
      let executable = try ReferenceBackend().compile(program.bound(batch: 5))
      return try executable([input])[0]
    }
    let point = try run(cut.stem, input)
    #expect(point.shape == Shape(isPerceptron ? [5, 8] : [5, 4, 7, 6]))
    #expect(try run(cut.rest, point) == run(program, input))
  }

  @Test("may be the whole model")
  func linear() throws {
    let program = try Self.trace([40]) {
      $0.linear(weight: $0.builder.constant(Self.weights([2, 40], "weights")))
    }
    let cut = try #require(try AffineStem(program))
    #expect(cut.rest.equations.isEmpty && cut.rest.outputs == [0])
  }

  @Test("are not where the first step bends, branches, stops the derivative, or does little")
  func absent() throws {
    let weights = Self.weights([8, 20], "first")
    let bent = try Self.trace([20]) { $0.relu().linear(weight: $0.builder.constant(weights)) }
    let branched = try Self.trace([20]) { x in
      x.linear(weight: x.builder.constant(weights)) + x.slice(axis: 1, 0..<8)
    }
    let stopped = try Self.trace([20]) {
      $0.stoppingGradient().linear(weight: $0.builder.constant(weights))
    }
    let small = try Self.trace([3]) {
      $0.linear(weight: $0.builder.constant(Self.weights([8, 3], "few"))).relu()
    }
    for program in [bent, branched, stopped, small] { #expect(try AffineStem(program) == nil) }
  }
}
