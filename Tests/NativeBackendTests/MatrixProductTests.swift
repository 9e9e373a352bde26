import Execution
import NativeBackend
import Programs
import Tensors
import Testing

/// Products of two matrices that are only known when they are multiplied.
@Suite("Products of two matrices") struct MatrixProductTests {
  struct Case: CustomTestStringConvertible {
    var rows: Int
    var depth: Int
    var columns: Int
    var isLeftTransposed: Bool
    var isRightTransposed: Bool

    var testDescription: String {
      "\(rows) x \(depth) x \(columns)\(isLeftTransposed ? ", left" : "")"
        + "\(isRightTransposed ? ", right" : "") transposed"
    }

    func program(hasBias: Bool) throws -> Program {
      let shapes: [Shape] = [
        isLeftTransposed ? [depth, rows] : [rows, depth],
        isRightTransposed ? [columns, depth] : [depth, columns], [columns],
      ]
      let ports = zip(["a", "b", "bias"], shapes).map {
        Program.Port(name: $0, type: ValueType(.float32, $1))
      }
      return try Program.trace(ports) { x in
        let left = isLeftTransposed ? x[0].transposed([1, 0]) : x[0]
        let product = left.matrixMultiplied(by: x[1], transposeRight: isRightTransposed)
        return [
          ("y", hasBias ? product + x[2] : product)
        ]
      }
    }

    func inputs() -> [Tensor] {
      var random = RandomStream(seed: 8, purpose: "matrices")
      return [
        random.normal(isLeftTransposed ? [depth, rows] : [rows, depth]),
        random.normal(isRightTransposed ? [columns, depth] : [depth, columns]),
        random.normal([columns]),
      ]
    }
  }

  /// Around the widths of panels and their groups, the heights of blocks and pieces of the depth.
  static let cases: [Case] = {
    let sizes = [
      (1, 1, 1), (2, 5, 16), (7, 300, 33), (50, 129, 70), (13, 128, 8), (6, 17, 530), (101, 3, 5),
    ]
    return sizes.flatMap { size in
      [(false, false), (false, true), (true, false), (true, true)].map {
        Case(
          rows: size.0, depth: size.1, columns: size.2, isLeftTransposed: $0.0,
          isRightTransposed: $0.1)
      }
    }
  }()

  @Test("are those of plain loops in double precision", arguments: cases)
  func values(item: Case) throws {
    for hasBias in [false, true] {
      let tolerance = 4e-6 * Double(item.depth).squareRoot()
      try Agreement(tolerance: tolerance).check(item.program(hasBias: hasBias), item.inputs())
    }
  }

  @Test(
    "a row's result does not depend on the rows beside it",
    arguments: cases.filter { !$0.isLeftTransposed })
  func independence(item: Case) throws {
    let inputs = item.inputs()
    let together = try NativeBackend().compile(item.program(hasBias: true))
    let whole = try together(inputs)[0]
    var single = item
    single.rows = 1
    let alone = try NativeBackend().compile(single.program(hasBias: true))
    for row in 0..<item.rows {
      let result = try alone([inputs[0].rows(row..<row + 1), inputs[1], inputs[2]])[0]
      #expect(result == whole.rows(row..<row + 1))
    }
  }
}
