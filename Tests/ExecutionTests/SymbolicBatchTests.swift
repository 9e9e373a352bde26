import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Programs for any batch size")
struct SymbolicBatchTests {
  private static let features = 6

  /// Attention-like: heads merged into the batch axis, a mean over the batch, a concatenation.
  private static func function(_ x: Value, batch: Int) -> Value {
    let heads = x.reshaped(to: [batch, 2, 3]).reshaped(to: [batch * 2, 3])
    let scores = heads.expanded(axis: 2).matrixMultiplied(by: heads.expanded(axis: 1))
    let mixed = scores.softmax(axis: 2).sum(over: [2]).reshaped(to: [batch, 6])
    let centred = mixed - x.mean(over: [0])
    return Value.concatenated([centred, x * 2], axis: 0).reversed(axes: [1]).exponential()
  }

  private static func program(batch: Int, _ type: ElementType = .float64) throws -> Program {
    let port = Program.Port(name: "x", type: ValueType(type, [batch, features]))
    return try Program.trace([port]) { [("y", function($0[0], batch: batch))] }
  }

  @Test("bound to a size, equal the program traced for that size")
  func binding() throws {
    let symbolic = try Self.program(batch: Shape.batch)
    #expect(symbolic.isSymbolic)
    for batch in [1, 4] {
      let bound = try symbolic.bound(batch: batch)
      #expect(!bound.isSymbolic)
      let x = SampleValues.uniform([batch, Self.features], .float64)
      let concrete = try ReferenceBackend().compile(Self.program(batch: batch))
      let results = try ReferenceBackend().compile(bound)
      let difference = try Difference(results([x])[0], concrete([x])[0])
      #expect(difference.isWithin(absolute: 0, relative: 1e-15), "\(difference)")
    }
  }

  @Test("can be differentiated and simplified before the size is known")
  func derivatives() throws {
    let gradient = try Self.program(batch: Shape.batch).differentiated()
    let concrete = try Self.program(batch: 3)
    let x = SampleValues.uniform([3, Self.features], .float64)
    let seed = SampleValues.nonzero([6, Self.features], .float64)
    let expected = try CentralDifferences.gradient(
      of: ReferenceBackend().compile(concrete), at: [x], withRespectTo: 0, seed: seed)
    for program in try [gradient, gradient.simplified()] {
      let function = BatchedFunction(program, on: ReferenceBackend())
      let difference = try Difference(function([x, seed])[1], expected)
      #expect(difference.isWithin(absolute: 1e-10, relative: 1e-10), "\(difference)")
    }
  }

  @Test("must be bound before they run, even if only a count is symbolic")
  func unbound() throws {
    let builder = ProgramBuilder()
    let count = builder.append(.dimension(2 * Shape.batch), [])
    let program = try builder.program([("count", count)])
    #expect(throws: ExecutionError.symbolicProgram) { try ReferenceBackend().compile(program) }
    #expect(try program.simplified() == program)
    let run = try ReferenceBackend().compile(program.bound(batch: 5))
    #expect(try run([])[0] == Tensor([Int64(10)], shape: []))
  }

  @Test("refuse batch sizes for which an equation makes no sense")
  func impossibleBatch() throws {
    let program = try Self.program(batch: Shape.batch)
    #expect(throws: ProgramError.self) { try program.bound(batch: -1) }
    let port = Program.Port(name: "x", type: ValueType(.float64, [Shape.batch, 2]))
    let largest = try Program.trace([port]) { [("y", $0[0].argMax(axis: 0))] }
    #expect(throws: ProgramError.self) { try largest.bound(batch: 0) }
  }

  @Test("take their size from the inputs")
  func batchedFunction() throws {
    let function = try BatchedFunction(Self.program(batch: Shape.batch), on: ReferenceBackend())
    for batch in [2, 5, 2] {
      let x = SampleValues.uniform([batch, Self.features], .float64)
      #expect(try function([x])[0].shape == [2 * batch, Self.features])
    }
    #expect(throws: ExecutionError.inputCount(expected: 1, got: 0)) { try function([]) }
    #expect(throws: ExecutionError.self) { try function([SampleValues.uniform([2, 5], .float64)]) }
  }
}
