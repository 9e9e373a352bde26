import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("The derivatives of the primitives")
struct GradientTests {
  /// The cases with a derivative: floating-point operands and results, away from kinks.
  private static let cases = PrimitiveCase.all(.float64).filter { example in
    let result = try? example.program().outputTypes[0]
    return example.isDifferentiable && result?.elementType == .float64
      && example.operands.contains { $0.elementType == .float64 }
  }

  @Test("agree with central differences")
  func gradients() throws {
    for example in Self.cases {
      let program = try example.program()
      let type = program.outputTypes[0]
      let seed = SampleValues.nonzero(type.shape, .float64)
      let free = example.operands.indices.filter { example.operands[$0].elementType == .float64 }
      let gradient = try ReferenceBackend().compile(
        program.differentiated(withRespectTo: free))
      let function = try ReferenceBackend().compile(program)
      let results = try gradient(example.operands + [seed])
      for (position, result) in zip(free, results.dropFirst()) {
        let expected = try CentralDifferences.gradient(
          of: function, at: example.operands, withRespectTo: position, seed: seed)
        #expect(
          Difference(result, expected).isWithin(absolute: 1e-9, relative: 1e-9),
          "\(example.name), operand \(position): \(Difference(result, expected))")
      }
    }
  }

  /// The derivative of Σ p · ∂(Σ s · f)/∂x, both in x and in the seed s, for every operand.
  @Test("can be differentiated again")
  func secondDerivatives() throws {
    for example in Self.cases {
      let program = try example.program()
      let free = example.operands.indices.filter { example.operands[$0].elementType == .float64 }
      let seed = SampleValues.nonzero(program.outputTypes[0].shape, .float64)
      for differentiated in free {
        let first = try program.differentiated(withRespectTo: [differentiated]).lastOutputOnly()
        let arguments = example.operands + [seed]
        let projection = SampleValues.nonzero(example.operands[differentiated].shape, .float64)
        let again = free + [arguments.count - 1]
        let second = try ReferenceBackend().compile(
          first.differentiated(withRespectTo: again))
        let function = try ReferenceBackend().compile(first)
        let results = try second(arguments + [projection])
        for (position, result) in zip(again, results.dropFirst()) {
          let expected = try CentralDifferences.gradient(
            of: function, at: arguments, withRespectTo: position, seed: projection)
          #expect(
            Difference(result, expected).isWithin(absolute: 1e-8, relative: 1e-8),
            "\(example.name), \(differentiated) then \(position): \(Difference(result, expected))")
        }
      }
    }
  }

  @Test("share ties, vanish at the kink of relu and behind a stopped gradient")
  func conventions() throws {
    let x = Tensor([0, 2, 2, 1] as [Double])
    func gradient(_ function: (Value) -> Value) throws -> [Double] {
      let port = Program.Port(name: "x", type: ValueType(.float64, [4]))
      let program = try Program.trace([port]) { [("y", function($0[0]))] }
      let executable = try ReferenceBackend().compile(program.differentiated())
      let seed = Tensor(repeating: 1, shape: program.outputTypes[0].shape, elementType: .float64)
      return try executable([x, seed])[1].doubles
    }
    #expect(try gradient { $0.relu() } == [0, 1, 1, 1])
    #expect(try gradient { $0.maximum($0.scalar(2)) } == [0, 0.5, 0.5, 0])
    #expect(try gradient { $0.maximum(over: [0]) } == [0, 0.5, 0.5, 0])
    #expect(try gradient { $0 * $0.stoppingGradient() } == [0, 2, 2, 1])
    #expect(try gradient { $0.power($0.scalar(0)) } == [0, 0, 0, 0])
    #expect(try gradient { $0.sign() } == [0, 0, 0, 0])
  }

  /// Slices with gaps, twice the same, overlapping, and beside another use of the whole.
  @Test(
    "of slices are joined where they tile an axis, added elsewhere",
    arguments: [[0, 1, 2, 3, 4, 5], [5, 1, 3], [4, 4, 0, 4, 2], [1, 2]], [1, 2])
  func slices(starts: [Int], length: Int) throws {
    let port = Program.Port(name: "x", type: ValueType(.float64, [2, 7, 3]))
    let program = try Program.trace([port]) { values in
      let x = values[0]
      let state = starts.reduce(x.sum(over: [1])) { state, start in
        let step = x.slice(axis: 1, start..<start + length)
        return (state * step.sum(over: [1])).sine() + step.maximum(over: [1])
      }
      return [("y", state)]
    }
    let x = SampleValues.distinct([2, 7, 3], .float64)
    let seed = SampleValues.nonzero([2, 3], .float64)
    let gradient = try ReferenceBackend().compile(program.differentiated())
    let expected = try CentralDifferences.gradient(
      of: ReferenceBackend().compile(program), at: [x], withRespectTo: 0, seed: seed)
    let difference = try Difference(gradient([x, seed])[1], expected)
    #expect(difference.isWithin(absolute: 1e-8, relative: 1e-8), "\(difference)")
  }

  @Test("of a thousand steps need no sum of the whole for each step")
  func unrolledSteps() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, 1000, 2]))
    let program = try Program.trace([port]) { values in
      let x = values[0]
      let state = (0..<1000).reduce(x.select(axis: 1, 0)) { state, step in
        (state + x.select(axis: 1, step)).hyperbolicTangent()
      }
      return [("y", state)]
    }
    let gradient = try program.differentiated().withoutDeadCode()
    let whole = ValueType(.float32, [Shape.batch, 1000, 2])
    #expect(gradient.equations.filter { $0.type == whole }.count == 1)
  }

  @Test("follow replaced rules")
  func replacedRules() throws {
    let port = Program.Port(name: "x", type: ValueType(.float64, [3]))
    let program = try Program.trace([port]) { [("y", ($0[0] * 2).relu())] }
    let guided = BackwardRules.gradient.replacing(.relu) { x, _, dy in
      [dy.relu() * x[0].step()]
    }
    let executable = try ReferenceBackend().compile(program.differentiated(rules: guided))
    let result = try executable([
      Tensor([1, 1, -1] as [Double]), Tensor([3, -3, 3] as [Double]),
    ])
    #expect(result[1].doubles == [6, 0, 0])
  }
}

extension Program {
  /// The program that returns its last output alone.
  fileprivate func lastOutputOnly() throws -> Program {
    try Program(
      inputs: inputs, equations: equations, outputs: outputs.suffix(1),
      outputNames: outputNames.suffix(1))
  }
}
