import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("The derivatives of ONNX operators that move, select and combine elements")
struct IndexingGradientTests {
  /// A node, the values of its inputs, and which of them it is differentiated in.
  struct Example: CustomTestStringConvertible {
    var title: String
    var sketch: OperatorSketch
    var arguments: [Tensor]
    var free: [Int]
    var testDescription: String { title }

    init(
      _ title: String, _ name: String, opset: Int = 18, _ operands: [OperatorSketch.Operand],
      _ attributes: [String: OperatorSketch.Attribute] = [:], _ arguments: [Tensor],
      free: [Int] = [0]
    ) {
      self.title = title
      sketch = OperatorSketch(name, opset: opset, operands, attributes)
      (self.arguments, self.free) = (arguments, free)
    }
  }

  @Test("agree with central differences", arguments: all)
  func gradients(of example: Example) throws {
    let program = try example.sketch.program()
    let type = program.outputTypes[0]
    let seed = SampleValues.nonzero(type.shape, .float64)
    let function = try ReferenceBackend().compile(program)
    let gradient = try ReferenceBackend().compile(
      program.differentiated(withRespectTo: example.free))
    let results = try gradient(example.arguments + [seed]).dropFirst()
    for (position, result) in zip(example.free, results) {
      let expected = try CentralDifferences.gradient(
        of: function, at: example.arguments, withRespectTo: position, seed: seed)
      let difference = Difference(result, expected)
      #expect(difference.isWithin(absolute: 1e-8, relative: 1e-8), "\(position): \(difference)")
    }
  }

  private static let image = SampleValues.distinct([2, 2, 4, 5], .float64)
  private static func real(_ shape: Shape) -> OperatorSketch.Operand { .input(.double, shape) }

  static let all = resizing + sampling + padding + gathering + scattering + reducing + ordering

  private static let resizing: [Example] = [
    resize("linear up", ["mode": .string("linear")], [7, 11]),
    resize("cubic down", ["mode": .string("cubic")], [3, 4]),
    resize("linear, no aliases", ["mode": .string("linear"), "antialias": .int(1)], [2, 3]),
    resize("nearest", ["mode": .string("nearest")], [8, 7]),
    resize(
      "cubic without outside",
      [
        "mode": .string("cubic"), "exclude_outside": .int(1),
        "coordinate_transformation_mode": .string("align_corners"),
      ], [6, 9]),
  ]

  private static func resize(
    _ title: String, _ attributes: [String: OperatorSketch.Attribute], _ size: [Int]
  ) -> Example {
    let sizes = Tensor(([2, 2] + size).map(Int64.init))
    return Example(
      "Resize \(title)", "Resize", [real([2, 2, 4, 5]), .none, .none, .weight(sizes)], attributes,
      [image])
  }

  /// Places of which none lies near a pixel or an edge in either convention; some are outside.
  private static let grid: Tensor = {
    let candidates = SampleValues.uniform([200], .float64, from: -1.3, to: 1.3, purpose: "places")
    let places = candidates.doubles.filter { place in
      let pixels = [2 * (place + 1), 2.5 * (place + 1), 1.5 * (place + 1)]
      return pixels.allSatisfy { abs(2 * $0 - (2 * $0).rounded()) > 0.05 }
    }
    return Tensor(Array(places.prefix(36)), shape: [2, 3, 3, 2])
  }()

  private static let sampling: [Example] = ["linear", "cubic"].flatMap { mode in
    ["zeros", "border", "reflection"].flatMap { padding in
      [0, 1].map { aligned in
        Example(
          "GridSample \(mode) \(padding) \(aligned)", "GridSample", opset: 20,
          [real([2, 2, 4, 5]), real([2, 3, 3, 2])],
          [
            "mode": .string(mode), "padding_mode": .string(padding),
            "align_corners": .int(aligned),
          ], [image, grid], free: [0, 1])
      }
    }
  }

  private static let padding: [Example] = ["reflect", "edge", "wrap", "constant"].map { mode in
    Example(
      "Pad \(mode)", "Pad", opset: 19,
      [real([2, 2, 4, 5]), .weight(.indices(0, 0, 2, -1, 0, 0, 3, 2))],
      ["mode": .string(mode)], [image])
  }

  private static let gathering: [Example] = [
    Example(
      "GatherND", "GatherND",
      [real([2, 2, 4, 5]), .weight(SampleValues.integers([0, 1, 1, -1, 0, 1], [3, 2]))], [:],
      [image]),
    Example(
      "GatherND in batches", "GatherND",
      [real([2, 2, 4, 5]), .weight(SampleValues.integers([0, 1, 1, -1], [2, 1, 2]))],
      ["batch_dims": .int(1)], [image]),
    Example(
      "ReverseSequence", "ReverseSequence", [real([4, 3]), .weight(.indices(1, 3, 4))], [:],
      [SampleValues.distinct([4, 3], .float64)]),
  ]

  private static let scattering: [Example] = ["none", "add", "mul", "min", "max"].flatMap { name in
    [
      Example(
        "ScatterND \(name)", "ScatterND",
        [
          real([4, 3]), .weight(SampleValues.integers([2, 0, -2, 2], [4, 1])), real([4, 3]),
        ], ["reduction": .string(name)],
        [
          SampleValues.distinct([4, 3], .float64),
          SampleValues.uniform([4, 3], .float64, purpose: "updates"),
        ], free: [0, 1]),
      Example(
        "ScatterElements \(name)", "ScatterElements",
        [
          real([4, 3]), .weight(SampleValues.integers([2, 0, 2, 1, 2, 2], [2, 3])), real([2, 3]),
        ], ["reduction": .string(name), "axis": .int(1)],
        [
          SampleValues.nonzero([4, 3], .float64), SampleValues.distinct([2, 3], .float64),
        ], free: [0, 1]),
    ]
  }

  /// Rows with no zero, one, and two.
  private static let factors = Tensor(
    [2, -1, 0.5, 3, 0, 2, -3, 1, 0, 4, 0, 1] as [Double], shape: [3, 4])

  private static let reducing: [Example] = [
    Example(
      "ReduceProd", "ReduceProd", [real([3, 4]), .weight(.indices(1))], [:], [factors]),
    Example("CumProd", "CumProd", opset: 26, [real([3, 4]), .weight(axis(1))], [:], [factors]),
    Example(
      "CumProd reversed, without the element itself", "CumProd", opset: 26,
      [real([3, 4]), .weight(axis(-1))], ["reverse": .int(1), "exclusive": .int(1)], [factors]),
    Example(
      "ReduceLogSumExp", "ReduceLogSumExp", [real([3, 4]), .weight(.indices(0, 1))], [:],
      [factors]),
    Example(
      "ReduceL2", "ReduceL2", [real([3, 4]), .weight(.indices(-1))], ["keepdims": .int(0)],
      [factors]),
    Example(
      "ReduceMin", "ReduceMin", [real([2, 2, 4, 5]), .weight(.indices(1, 3))], [:], [image]),
  ]

  private static func axis(_ number: Int) -> Tensor { Tensor([Int64(number)], shape: []) }

  private static let ordering: [Example] = [0, 1].map { largest in
    Example(
      "TopK \(largest)", "TopK", [real([2, 2, 4, 5]), .weight(.indices(3))],
      ["largest": .int(largest), "axis": .int(2)], [image])
  }
}
