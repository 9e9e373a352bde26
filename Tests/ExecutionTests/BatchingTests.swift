import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Programs mapped over samples")
struct BatchingTests {
  private func run(_ program: Program, _ inputs: [Tensor]) throws -> [Tensor] {
    let executable = try ReferenceBackend().compile(program.bound(batch: MappedCase.samples))
    return try executable(inputs)
  }

  /// Not one sum is reordered, so that no bit may differ.
  @Test(
    "give what each sample alone gives, for every primitive and every choice of operands",
    arguments: [ElementType.float32, .float64])
  func primitives(_ type: ElementType) throws {
    for example in MappedCase.all(type) where !example.isRefused {
      let program = try example.example.program()
      let mapped = try program.mappedOverSamples(of: example.names)
      #expect(mapped.outputTypes[0].shape == [Shape.batch] + program.outputTypes[0].shape)
      let alone = try ReferenceBackend().compile(program)
      let expected = try Tensor.stacked(
        (0..<MappedCase.samples).map { try alone(example.operands(sample: $0))[0] })
      for variant in [mapped, try mapped.simplified()] {
        let result = try run(variant, example.operands)[0]
        #expect(result == expected, "\(example): \(Difference(result, expected))\n\(variant)")
      }
    }
  }

  @Test("cannot be made where each sample needs its own key, or both its input and its kernel")
  func refusals() throws {
    let refused = MappedCase.all(.float32).filter(\.isRefused)
    #expect(Set(refused.map { PrimitiveFamily($0.example.primitive) }).count == 4)
    for example in refused {
      let program = try example.example.program()
      #expect(throws: BatchingError.self, "\(example)") {
        try program.mappedOverSamples(of: example.names)
      }
    }
  }

  @Test("have the gradients of each sample alone")
  func gradients() throws {
    for example in MappedCase.all(.float64) where !example.isRefused {
      let program = try example.example.program()
      let inputs = example.mapped.sorted().filter {
        example.example.operands[$0].elementType == .float64
      }
      guard example.example.isDifferentiable, !inputs.isEmpty,
        program.outputTypes[0].elementType == .float64
      else { continue }
      let mapped = try program.mappedOverSamples(of: example.names)
        .differentiated(withRespectTo: inputs)
      let differentiated = try program.differentiated(withRespectTo: inputs)
        .mappedOverSamples(of: example.names.union(["seed"]))
      #expect(mapped.outputTypes == differentiated.outputTypes)
      let shape = mapped.inputs.last?.type.shape.sample ?? []
      let seed = SampleValues.nonzero([MappedCase.samples] + shape, .float64)
      let results = try run(mapped, example.operands + [seed])
      let expected = try run(differentiated, example.operands + [seed])
      for (result, wanted) in zip(results, expected) {
        #expect(result == wanted, "\(example): \(Difference(result, wanted))")
      }
    }
  }

  @Test("compute what all samples share once, and repeat it only where it is returned")
  func sharedValues() throws {
    let ports = ["x", "shared"].map { Program.Port(name: $0, type: ValueType(.float32, [2])) }
    let program = try Program.trace(ports) { values in
      let (x, shared) = (values[0], values[1].exponential())
      return [("product", shared * 2 * x), ("shared", shared), ("input", values[1])]
    }
    let mapped = try program.mappedOverSamples(of: ["x"])
    #expect(
      mapped.equations.filter { !$0.isSymbolic }.map(\.primitive.name.description)
        == ["exponential", "constant", "broadcast", "multiply"])
    #expect(
      mapped.outputTypes == Array(repeating: ValueType(.float32, [Shape.batch, 2]), count: 3))
    let shared = Tensor([0, 1] as [Float])
    let results = try run(mapped, [SampleValues.uniform([3, 2], .float32), shared])
    #expect(results[2] == Tensor.stacked([shared, shared, shared]))
    let constant = try program.mappedOverSamples(of: [])
    #expect(constant.outputTypes == mapped.outputTypes)
    #expect(constant.inputs == program.inputs)
  }

  /// Convolution, pooling, a fixed reshape and a linear layer, as a file with batch 1 has them.
  private func network(_ x: Value, batch: Int) -> Value {
    let parameter = { (shape: Shape, name: String) in
      x.builder.constant(SampleValues.uniform(shape, .float32, purpose: name))
    }
    let geometry = ConvolutionGeometry(rank: 2, padding: 1)
    let features = x.convolved(
      with: parameter([4, 2, 3, 3], "kernel"), geometry, bias: parameter([4], "bias"))
    let pooled = features.relu().maxPooled(WindowGeometry(rank: 2, size: 2))
    return pooled.reshaped(to: [batch, 36]).linear(
      weight: parameter([5, 36], "weight"), bias: parameter([5], "offset")
    ).logSoftmax(axis: 1)
  }

  @Test("make a network for one image that of a symbolic batch, and its gradient too")
  func fixedBatch() throws {
    let fixed = try Program.traced([[1, 2, 6, 6]]) { network($0[0], batch: 1) }
    let symbolic = try Program.traced([[Shape.batch, 2, 6, 6]]) {
      network($0[0], batch: Shape.batch)
    }
    let mapped = try fixed.mappedOverSamples(of: ["x0"])
    let x = SampleValues.uniform([3, 2, 6, 6], .float32)
    let seed = SampleValues.nonzero([3, 5], .float32)
    let results = try run(
      mapped.differentiated(), [x.reshaped(to: [3, 1, 2, 6, 6]), seed.reshaped(to: [3, 1, 5])])
    let expected = try run(symbolic.differentiated(), [x, seed])
    #expect(results[0].reshaped(to: [3, 5]) == expected[0])
    #expect(results[1].reshaped(to: x.shape) == expected[1])
    let moves = ["reshape", "broadcast", "transpose"]
    func work(_ program: Program) throws -> [String] {
      try primitiveNames(program.simplified()).filter { !moves.contains($0) }.sorted()
    }
    #expect(try work(mapped) == work(symbolic))
    #expect(try !primitiveNames(mapped.simplified()).contains("transpose"))
  }

  @Test("multiply all samples with a shared matrix at once")
  func sharedMatrix() throws {
    let program = try Program.traced([[2, 3], [3, 4]]) { $0[0].matrixMultiplied(by: $0[1]) }
    let mapped = try program.mappedOverSamples(of: ["x0"])
    #expect(primitiveNames(mapped) == ["reshape", "matrixMultiply", "reshape"])
    #expect(mapped.equations[1].type.shape == [2 * Shape.batch, 4])
  }

  @Test("refuse an index out of a sample's range instead of reading the next sample")
  func indicesOutOfRange() throws {
    let x = Program.Port(name: "x", type: ValueType(.float32, [4]))
    let index = Program.Port(name: "index", type: ValueType(.int32, []))
    let mapped = try Program.trace([x, index]) { [("y", $0[0].gather($0[1], axis: 0))] }
      .mappedOverSamples(of: ["x", "index"])
    let values = SampleValues.uniform([3, 4], .float32)
    #expect(throws: ExecutionError.self) {
      try run(mapped, [values, SampleValues.integers([0, 4, 1], [3], .int32)])
    }
  }

  @Test("leave out what no output needs, even where it could not be mapped")
  func unusedEquations() throws {
    let program = try Program.traced([[1, 2, 5], [3, 2, 3]]) {
      _ = $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 1))
      return $0[1].sine()
    }
    let mapped = try program.mappedOverSamples(of: ["x0", "x1"])
    #expect(primitiveNames(mapped) == ["sine"])
  }

  @Test("say in one sentence why there is none")
  func messages() throws {
    func expectMessage(_ message: String, _ shapes: [Shape], _ function: ([Value]) -> Value) throws
    {
      let program = try Program.traced(shapes, .float32, function)
      let error = #expect(throws: BatchingError.self) {
        try program.mappedOverSamples(of: Set(program.inputs.map(\.name)))
      }
      #expect(error?.description == message)
    }
    try expectMessage(
      "equation 1, convolution, cannot be applied to each of N samples: both operands differ from "
        + "sample to sample, which would take N groups of channels", [[1, 2, 5], [3, 2, 3]]
    ) { $0[0].relu().convolved(with: $0[1], ConvolutionGeometry(rank: 1)) }
    try expectMessage(
      "equation 1, randomUniform, cannot be applied to each of N samples: its key differs from "
        + "sample to sample, but all its numbers have one key", [[2]]
    ) { $0[0].converted(to: .int64).apply(.randomUniform([3])) }
    try expectMessage(
      "a program can be applied to each of N samples only if none of its shapes contains N already",
      [[Shape.batch, 2]]
    ) { $0[0] }
    try expectMessage(
      "a value of type float32[1099511627776, 2] is too large to have one for each of N samples",
      [[1 << 40, 2]]
    ) { $0[0] }
    let many = try Program.traced([[1 << 30, 1, 1]]) {
      $0[0].maxPooled(WindowGeometry(rank: 1, size: 1))
    }
    #expect(throws: ProgramError.self) { try many.mappedOverSamples(of: ["x0"]) }
  }
}
