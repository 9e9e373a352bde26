import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@Suite("The reference definition of the primitives")
struct RecordedPrimitivesTests {
  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  @Test("agrees with NumPy and PyTorch in double precision, case by case")
  func agreesWithRecordedResults() throws {
    let cases = PrimitiveCase.all(.float64)
    if let path = ProcessInfo.processInfo.environment["ASSAY_PRIMITIVE_CASES"] {
      try JSONEncoder().encode(cases).write(to: URL(filePath: path))
      return
    }
    let recorded = try JSONDecoder().decode(
      [String: Tensor].self,
      from: Data(contentsOf: Self.fixtures.appending(path: "primitives.json")))
    #expect(Set(cases.map(\.name)).count == cases.count, "two cases have one name")
    #expect(recorded.count == cases.count, "run scripts/record-primitives.py")
    for example in cases {
      let expected = try #require(recorded[example.name], "not recorded: \(example.name)")
      let result = try example.result(on: ReferenceBackend())
      // Sums of a few dozen products, in another order than PyTorch's: a few ulps of each term.
      #expect(
        Difference(result, expected).isWithin(absolute: 1e-13, relative: 1e-13),
        "\(example.name): \(Difference(result, expected))")
    }
  }

  @Test("covers every primitive and every function")
  func coversEveryPrimitive() {
    let primitives = PrimitiveCase.all(.float32).map(\.primitive)
    #expect(Set(primitives.map(PrimitiveFamily.init)) == Set(PrimitiveFamily.allCases))
    for function in UnaryFunction.allCases { #expect(primitives.contains(.unary(function))) }
    for function in BinaryFunction.allCases { #expect(primitives.contains(.binary(function))) }
    for comparison in Comparison.allCases { #expect(primitives.contains(.compare(comparison))) }
    for reduction in Reduction.allCases {
      #expect(primitives.contains(.reduce(reduction, axes: [0])))
    }
  }

  @Test("rounds float32 results once, at the end of an equation")
  func roundsOnce() throws {
    let doubles = PrimitiveCase.all(.float64)
    for (single, double) in zip(PrimitiveCase.all(.float32), doubles) {
      let first = try single.result(on: ReferenceBackend())
      let second = try double.result(on: ReferenceBackend())
      #expect(
        Difference(first, second.converted(to: first.elementType)).isWithin(
          absolute: 0, relative: 0), "\(single.name)")
    }
  }

  @Test("refuses indices out of range, and inputs of another type")
  func refusesWrongInputs() throws {
    let program = try PrimitiveCase(
      .gather(axis: 0), [SampleValues.uniform([3], .float32), SampleValues.integers([0], [1])]
    ).program()
    let run = try ReferenceBackend().compile(program)
    let table = SampleValues.uniform([3], .float32)
    for index in [3, -1] {
      #expect(
        throws: ExecutionError.indexOutOfRange(primitive: "gather", index: index, count: 3)
      ) { try run([table, SampleValues.integers([index], [1])]) }
    }
    #expect(throws: ExecutionError.inputCount(expected: 2, got: 1)) { try run([table]) }
    #expect(throws: ExecutionError.self) { try run([table, table]) }
  }
}
