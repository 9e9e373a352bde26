import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

/// A batch size that is bound late must give what a fixed one does.
@Suite("ONNX operators on a number of samples that is not known")
struct LateBatchTests {
  struct Example: CustomTestStringConvertible {
    var name: String
    var opset: Int
    var weights: [OperatorSketch.Operand] = []
    var attributes: [String: OperatorSketch.Attribute] = [:]
    var testDescription: String { name }
  }

  private static let image = SampleValues.distinct([3, 4, 4, 6], .float64)

  private static func axes(_ numbers: Int...) -> OperatorSketch.Operand {
    .weight(Tensor(numbers.map(Int64.init)))
  }

  private static let examples: [Example] = [
    Example(
      name: "Resize", opset: 13, weights: [.none, .weight(Tensor([1, 1, 2, 1.5] as [Float]))],
      attributes: ["mode": .string("linear")]),
    Example(
      name: "Upsample", opset: 9, weights: [.weight(Tensor([1, 1, 2, 3] as [Float]))]),
    Example(
      name: "Pad", opset: 18, weights: [axes(0, 0, 1, 2, 0, 0, 3, 1)],
      attributes: ["mode": .string("reflect")]),
    Example(
      name: "Slice", opset: 13, weights: [axes(0, -1), axes(Int.max, -9), axes(0, 3), axes(1, -2)]),
    Example(name: "TopK", opset: 11, weights: [axes(2)]),
    Example(
      name: "ArgMin", opset: 13, attributes: ["axis": .int(-1), "select_last_index": .int(1)]),
    Example(name: "DepthToSpace", opset: 13, attributes: ["blocksize": .int(2)]),
    Example(name: "SpaceToDepth", opset: 13, attributes: ["blocksize": .int(2)]),
    Example(name: "ReduceMean", opset: 18, weights: [axes(0, 2)]),
    Example(name: "ReduceSum", opset: 13),
    Example(name: "CumSum", opset: 14, weights: [axes(0)], attributes: ["reverse": .int(1)]),
    Example(name: "Trilu", opset: 14, weights: [axes(1)]),
    Example(name: "GatherND", opset: 13, weights: [axes(-1, 2, 0)]),
    Example(name: "Gather", opset: 13, weights: [axes(-1, 1)], attributes: ["axis": .int(1)]),
    Example(name: "Compress", opset: 11, weights: [.weight(Tensor([true, false, true]))]),
    Example(
      name: "CenterCropPad", opset: 18, weights: [axes(9, 3)], attributes: ["axes": .ints([2, 3])]),
    Example(
      name: "ScatterND", opset: 18,
      weights: [
        .weight(SampleValues.integers([1, 2, 1, 1, 2, 1], [2, 3])),
        .weight(SampleValues.distinct([2, 6], .float64)),
      ], attributes: ["reduction": .string("max")]),
    Example(
      name: "RoiAlign", opset: 16,
      weights: [
        .weight(Tensor([0.5, 0, 5, 3, 1, 1, 4, 3.5] as [Double], shape: [2, 4])), axes(2, 0),
      ], attributes: ["output_height": .int(2), "output_width": .int(2)]),
  ]

  @Test("give what they give for a number that is known", arguments: examples)
  func lateBatch(_ example: Example) throws {
    func results(_ shape: Shape) throws -> [Tensor] {
      let sketch = OperatorSketch(
        example.name, opset: example.opset, [.input(.double, shape)] + example.weights,
        example.attributes)
      return try sketch.results([Self.image], batch: 3)
    }
    let late = try results([Shape.batch, 4, 4, 6])
    let fixed = try results([3, 4, 4, 6])
    #expect(late == fixed)
  }

  @Test("a grid and images that come in one number of samples")
  func gridSample() throws {
    let grid = SampleValues.uniform([3, 2, 2, 2], .float64, from: -1.2, to: 1.2)
    func result(_ count: Int) throws -> [Tensor] {
      try OperatorSketch(
        "GridSample", opset: 20,
        [.input(.double, [count, 4, 4, 6]), .input(.double, [count, 2, 2, 2])]
      ).results([Self.image, grid], batch: 3)
    }
    let (late, fixed) = try (result(Shape.batch), result(3))
    #expect(late == fixed)
  }
}
