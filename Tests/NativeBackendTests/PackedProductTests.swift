import Execution
import NativeBackend
import Programs
import Tensors
import Testing

/// Products with weights that are known when a program is compiled.
@Suite("Products with packed weights") struct PackedProductTests {
  /// Around the widths of vectors, the heights of blocks and the depth that is worked at a time.
  private static let shapes: [(rows: Int, depth: Int, columns: Int)] = [
    (1, 1, 1), (1, 37, 150), (2, 5, 16), (5, 31, 17), (6, 64, 32), (7, 600, 33), (12, 512, 8),
    (13, 513, 70), (32, 1100, 40), (3, 2, 129), (9, 16, 4), (5, 77, 1), (32, 256, 3),
  ]

  private func product(
    _ shape: (rows: Int, depth: Int, columns: Int), isTransposed: Bool, hasBias: Bool
  ) throws -> (program: Program, inputs: Tensor) {
    var random = RandomStream(seed: 8, purpose: "product")
    let weights = random.normal(
      isTransposed ? [shape.columns, shape.depth] : [shape.depth, shape.columns])
    let bias = random.normal([shape.columns])
    let port = Program.Port(name: "x", type: ValueType(.float32, [shape.rows, shape.depth]))
    let program = try Program.trace([port]) { x in
      let builder = x[0].builder
      var result =
        isTransposed
        ? x[0].linear(weight: builder.constant(weights)) : x[0].multiplied(by: weights)
      if hasBias { result = result + builder.constant(bias) }
      return [("y", result)]
    }
    return (program, random.normal([shape.rows, shape.depth]))
  }

  @Test("are those of plain loops in double precision", arguments: 0..<13, [false, true])
  func values(index: Int, isTransposed: Bool) throws {
    for hasBias in [false, true] {
      let (program, inputs) = try product(
        Self.shapes[index], isTransposed: isTransposed, hasBias: hasBias)
      let native = try NativeBackend().compile(program)
      let reference = try ReferenceBackend().compile(program)
      let (found, expected) = try (native([inputs])[0], reference([inputs])[0])
      // A sum of n products of numbers near 1 has a rounding error of about √n ulps.
      let tolerance = 4e-6 * Double(Self.shapes[index].depth).squareRoot()
      #expect(
        zip(found.doubles, expected.doubles).allSatisfy {
          abs($0 - $1) <= tolerance * max(1, abs($1))
        })
    }
  }

  @Test("a row's result does not depend on the rows beside it", arguments: 0..<13)
  func independence(index: Int) throws {
    let shape = Self.shapes[index]
    let (program, inputs) = try product(shape, isTransposed: true, hasBias: true)
    let together = try NativeBackend().compile(program)
    let whole = try together([inputs])[0]
    let (single, _) = try product(
      (1, shape.depth, shape.columns), isTransposed: true, hasBias: true)
    let alone = try NativeBackend().compile(single)
    for row in 0..<shape.rows {
      #expect(try alone([inputs.rows(row..<row + 1)])[0] == whole.rows(row..<row + 1))
    }
  }
}
