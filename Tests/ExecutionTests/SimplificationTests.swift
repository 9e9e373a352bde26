import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Simplified programs")
struct SimplificationTests {
  private func trace(
    _ shapes: [Shape], _ type: ElementType = .float32, _ function: ([Value]) -> Value
  ) throws -> Program {
    let ports = shapes.enumerated().map {
      Program.Port(name: "x\($0.offset)", type: ValueType(type, $0.element))
    }
    return try Program.trace(ports) { [("y", function($0))] }
  }

  private func names(_ program: Program) -> [String] {
    program.equations.map(\.primitive.name.description)
  }

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
      let simplified = try trace([[2, 3]]) { function($0[0]) }.simplified()
      #expect(simplified.equations.isEmpty, "\(index): \(simplified)")
      #expect(simplified.outputs == [0])
    }
  }

  @Test("compute constants once, before values are repeated, and share equal equations")
  func constants() throws {
    let scalar = try trace([[2, 3]]) { $0[0] * (($0[0].scalar(2) + 1).squareRoot() * 2) }
      .simplified()
    #expect(names(scalar) == ["constant", "broadcast", "multiply"])
    let shared = try trace([[2, 3]]) { x in
      (x[0].exponential() + x[0]) * (x[0] + x[0].exponential())
    }.simplified()
    #expect(names(shared) == ["exponential", "add", "multiply"])
    let repeated = try trace([[3], [3]]) { x in
      x[0].broadcast(to: [5, 3]).exponential() * x[1].broadcast(to: [5, 3])
    }.simplified()
    #expect(names(repeated) == ["exponential", "multiply", "broadcast"])
    let unused = try trace([[3]]) { x in
      _ = x[0].exponential()
      return x[0].sine()
    }.simplified()
    #expect(names(unused) == ["sine"])
    let large = try trace([[300, 300]]) { $0[0].scalar(3).broadcast(to: [300, 300]) }.simplified()
    #expect(names(large) == ["constant", "broadcast"])
  }

  @Test("read transposed matrices where they lie")
  func transposedProducts() throws {
    let program = try trace([[4, 2], [4, 3]]) {
      $0[0].transposed([1, 0]).matrixMultiplied(by: $0[1])
    }.simplified()
    #expect(
      program.equations.map(\.primitive)
        == [.matrixMultiply(transposeLeft: true, transposeRight: false)])
  }

  @Test("keep stopped gradients, so that they can still be differentiated")
  func stoppedGradients() throws {
    let program = try trace([[3]]) { $0[0] * $0[0].stoppingGradient() }.simplified()
    #expect(names(program) == ["stopGradient", "multiply"])
  }

  // MARK: Batch normalisation

  /// The statistics and parameters of one normalisation.
  private struct Normalization {
    let mean: Tensor
    let variance: Tensor
    let gamma: Tensor
    let beta: Tensor

    init(channels: Int, purpose: String) {
      let sample = { (lower: Double, upper: Double, name: String) in
        SampleValues.uniform(
          [channels], .float32, from: lower, to: upper, purpose: "\(purpose) \(name)")
      }
      mean = sample(-1, 1, "mean")
      variance = sample(0.5, 2, "variance")
      gamma = sample(-2, 2, "gamma")
      beta = sample(-1, 1, "beta")
    }

    /// Three ways in which files write the same function.
    func apply(_ x: Value, style: Int) -> Value {
      let rank = x.shape.rank
      let vector = { (tensor: Tensor) in
        x.builder.constant(tensor.converted(to: x.elementType)).alongChannels(rank: rank)
      }
      let deviation = (vector(variance) + 1e-5).squareRoot()
      switch style {
      case 0: return (x - vector(mean)) / deviation * vector(gamma) + vector(beta)
      case 1:
        let scale = vector(gamma) / deviation
        return x * scale + (vector(beta) - vector(mean) * scale)
      default: return vector(beta) - (vector(mean) - x) * (1 / deviation) * vector(gamma)
      }
    }
  }

  /// Each product with a constant kernel, on an input of `[3, 4, …]`.
  private static var products: [(name: String, input: Shape, apply: (Value) -> Value)] {
    [
      (
        "convolution", [3, 4, 5, 5],
        {
          $0.convolved(
            with: kernel($0, [6, 4, 3, 3]), ConvolutionGeometry(rank: 2, stride: 2, padding: 1))
        }
      ),
      (
        "convolution in groups", [3, 4, 7],
        { $0.convolved(with: kernel($0, [6, 2, 3]), ConvolutionGeometry(rank: 1, groups: 2)) }
      ),
      (
        "transposed convolution in groups", [3, 4, 3, 3],
        {
          $0.convolvedTransposed(
            with: kernel($0, [4, 3, 2, 2]), ConvolutionGeometry(rank: 2, stride: 2, groups: 2),
            outputPadding: [0, 0])
        }
      ),
      ("linear", [3, 4], { $0.linear(weight: kernel($0, [6, 4])) }),
      ("matrix product", [3, 4], { $0.matrixMultiplied(by: kernel($0, [4, 6])) }),
    ]
  }

  private static func kernel(_ x: Value, _ shape: Shape) -> Value {
    x.builder.constant(SampleValues.uniform(shape, x.elementType, purpose: "kernel"))
  }

  @Test("have normalisation folded into kernel and bias, however it is written")
  func normalizationDisappears() throws {
    let bias = SampleValues.uniform([6], .float32, purpose: "bias")
    for (name, input, product) in Self.products {
      for style in 0..<3 {
        for type in [ElementType.float32, .float64] {
          for batch in [3, Shape.batch] {
            let program = try trace([input.batched(batch)], type) { x in
              let y = product(x[0])
              let biased =
                y + y.builder.constant(bias.converted(to: type)).alongChannels(rank: y.shape.rank)
              return Normalization(channels: 6, purpose: name).apply(biased, style: style).relu()
            }
            let simplified = try program.simplified()
            #expect(simplified.equations.count == 6, "\(name), style \(style): \(simplified)")
            let tolerance = type == .float32 ? 2e-6 : 1e-14
            try expectEqual(program, simplified, batch: 3, tolerance: tolerance)
          }
        }
      }
    }
  }

  @Test("keep a product that is read twice")
  func sharedProduct() throws {
    let program = try trace([[3, 4]]) { x in
      let y = x[0].linear(weight: Self.kernel(x[0], [6, 4]))
      return y * 2 + y.sine()
    }
    let simplified = try program.simplified()
    #expect(names(simplified).filter { $0 == "matrixMultiply" }.count == 1)
    try expectEqual(program, simplified, batch: 3, tolerance: 0)
  }

  @Test("do not fold scales that are not finite")
  func infiniteScales() throws {
    let program = try trace([[3, 4]]) { x in
      x[0].linear(weight: Self.kernel(x[0], [6, 4])) / 0
    }
    #expect(try names(program.simplified()).contains("divide"))
  }

  @Test("agree with the original: random networks and their gradients")
  func randomNetworks() throws {
    for seed in 0..<20 {
      let network = RandomNetwork(seed: UInt64(seed))
      let program = try trace([[Shape.batch, 3, 6, 6]], .float64) { network.apply($0[0]) }
      let gradient = try program.differentiated()
      #expect(try program.simplified().equations.count <= program.equations.count)
      try expectEqual(program, program.simplified(), batch: 2, tolerance: 1e-13)
      try expectEqual(gradient, gradient.simplified(), batch: 2, tolerance: 1e-12)
      let twice = try program.simplified().simplified()
      #expect(try twice.equations.count == program.simplified().equations.count)
    }
  }

  /// Runs both programs on the same inputs; the tolerance is relative to the largest result.
  private func expectEqual(
    _ program: Program, _ simplified: Program, batch: Int, tolerance: Double
  ) throws {
    #expect(simplified.inputs == program.inputs)
    #expect(simplified.outputTypes == program.outputTypes)
    #expect(simplified.outputNames == program.outputNames)
    let bound = try program.bound(batch: batch)
    let inputs = bound.inputs.map {
      SampleValues.uniform($0.type.shape, $0.type.elementType, purpose: $0.name)
    }
    let expected = try ReferenceBackend().compile(bound)
    let executable = try ReferenceBackend().compile(simplified.bound(batch: batch))
    for (result, wanted) in try zip(executable(inputs), expected(inputs)) {
      let scale = wanted.doubles.map { abs($0) }.max() ?? 1
      let difference = Difference(result, wanted)
      #expect(
        difference.isWithin(absolute: tolerance * max(scale, 1), relative: 0),
        "\(difference)\n\(program)\n\(simplified)")
    }
  }

  @Test("take time in proportion to their length")
  func longPrograms() throws {
    let program = try trace([[4, 8]]) { x in
      let weight = Self.kernel(x[0], [8, 8])
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

/// A network of layers drawn at random, with fixed parameters: what simplification may meet.
private struct RandomNetwork {
  let seed: UInt64

  func apply(_ input: Value) -> Value {
    var random = RandomStream(seed: seed, purpose: "network")
    var x = input
    for layer in 0..<4 {
      let parameter = { (shape: Shape, name: String) in
        x.builder.constant(
          SampleValues.uniform(
            shape, x.elementType, from: 0.2, to: 1, purpose: "\(self.seed) \(layer) \(name)"))
      }
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1, 2:
        let (channels, outputs) = (x.shape[1], 2 + layer)
        x = x.convolved(
          with: parameter([outputs, channels, 3, 3], "kernel") * 0.1 - 0.05,
          ConvolutionGeometry(rank: 2, padding: 1))
        let vector = { parameter([outputs], $0).alongChannels(rank: 4) }
        x = (x - vector("mean")) / (vector("variance") + 1e-3).squareRoot() * vector("gamma")
        x = (x + vector("beta")).hyperbolicTangent()
      case 3: x = x.averagePooled(WindowGeometry(rank: 2, size: 2, stride: 1), countsPadding: true)
      case 4: x = x + (-x * 1).sine() + 0
      case 5: x = -(-x.transposed([0, 1, 3, 2]).transposed([0, 1, 3, 2])) / 2
      default: x = (x * 2 * 3).logistic()
      }
    }
    return x.flattened().softmax(axis: 1)
  }
}
