import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Quantised values")
struct QuantizationOperatorTests {
  private typealias Weight = (name: String, tensor: Tensor, type: ONNXElementType)

  private static func real(_ name: String, _ numbers: Double...) -> Weight {
    (
      name, Tensor(numbers.map { Float($0) }, shape: numbers.count == 1 ? [] : [numbers.count]),
      .float
    )
  }

  private static func whole(_ name: String, _ type: ONNXElementType, _ numbers: Int...) -> Weight {
    let shape: Shape = numbers.count == 1 ? [] : [numbers.count]
    return (name, Tensor(numbers.map { Int32($0) }, shape: shape), type)
  }

  /// A node with the input x and weights in the order of their names in `inputs`.
  private func sketch(
    _ operation: String, _ shape: Shape, _ weights: [Weight], domain: String = "",
    _ attributes: [String: NodeSketch.Attribute] = [:], type: ONNXElementType = .float
  ) -> GraphSketch {
    GraphSketch(
      inputs: [("x", type, shape)], weights: weights,
      nodes: [
        NodeSketch(operation, ["x"] + weights.map(\.name), ["y"], attributes, domain: domain)
      ], outputs: ["y"])
  }

  /// Quarters from −200 to 200: with a scale of 1/2 every second ratio is a half.
  private let grid = (-800...800).map { Float($0) / 4 }

  @Test(
    "round halves to even numbers and saturate at the ends of their type",
    arguments: [
      ONNXElementType.uint8, .int8, .uint16, .int16, .uint4, .int4, .uint2, .int2,
    ], [0, 1])
  func rounding(type: ONNXElementType, zeroPoint: Int) throws {
    let ranges: [ONNXElementType: (Double, Double)] = [
      .uint8: (0, 255), .int8: (-128, 127), .uint16: (0, 65535), .int16: (-32768, 32767),
      .uint4: (0, 15), .int4: (-8, 7), .uint2: (0, 3), .int2: (-2, 1),
    ]
    let (lowest, highest) = try #require(ranges[type])
    // Packed types are given by the attribute, as their tensors hold several elements a byte.
    let isPacked = [.uint4, .int4, .uint2, .int2].contains(type)
    let point = isPacked ? 0 : zeroPoint
    let model = sketch(
      "QuantizeLinear", [grid.count],
      [Self.real("scale", 0.5)] + (isPacked ? [] : [Self.whole("zero", type, point)]),
      isPacked ? ["output_dtype": .int(Int(type.rawValue))] : [:])
    let expected = grid.map { x in
      let ratio = Double(x) * 2
      let below = ratio.rounded(.down)
      let fraction = ratio - below
      let isUp =
        fraction > 0.5 || (fraction == 0.5 && below.truncatingRemainder(dividingBy: 2) != 0)
      return min(max(below + (isUp ? 1 : 0) + Double(point), lowest), highest)
    }
    #expect(try model.results([Tensor(grid)], opset: 25)[0].doubles == expected)
  }

  @Test("saturate at infinity")
  func infinity() throws {
    let model = sketch(
      "QuantizeLinear", [2], [Self.real("scale", 0.5), Self.whole("zero", .int8, 3)])
    let result = try model.results([Tensor([-Float.infinity, .infinity])])
    #expect(result[0].doubles == [-128, 127])
  }

  @Test("have the derivative 1 / scale within the range and 0 outside, and say so")
  func derivative() throws {
    let model = sketch(
      "QuantizeLinear", [6], [Self.real("scale", 0.5), Self.whole("zero", .uint8, 10)])
    let network = try model.network()
    #expect(network.gradient == .straightThrough(operators: ["QuantizeLinear"]))
    let gradient = try ReferenceBackend().compile(network.program.differentiated())
    // The range is [−5, 122.5].
    let x = Tensor([-6, -4.9, 0, 0.3, 122.4, 123] as [Float])
    let seed = Tensor(repeating: 1, shape: [6], elementType: .float32)
    #expect(try gradient([x, seed])[1].doubles == [0, 2, 2, 2, 2, 0])
  }

  @Test("follow an axis, or blocks of it")
  func granularity() throws {
    let x = Tensor((0..<12).map { Float($0) - 6 }, shape: [2, 6])
    let byAxis = sketch(
      "QuantizeLinear", [2, 6],
      [Self.real("scale", 1, 2), Self.whole("zero", .int8, 0, 1)], ["axis": .int(-2)])
    #expect(
      try byAxis.results([x])[0].doubles == [-6, -5, -4, -3, -2, -1, 1, 1, 2, 3, 3, 3])
    let scales = Tensor([1, 2, 4, 8] as [Float], shape: [2, 2])
    let byBlock = sketch(
      "QuantizeLinear", [2, 6], [("scale", scales, .float)],
      ["axis": .int(1), "block_size": .int(4), "output_dtype": .int(3)])
    #expect(
      try byBlock.results([x], opset: 21)[0].doubles
        == [-6, -5, -4, -3, -1, 0, 0, 0, 0, 1, 0, 1])
  }

  @Test("become real numbers again, with int32 and packed types among them")
  func dequantizing() throws {
    let axis = sketch(
      "DequantizeLinear", [2, 3],
      [Self.real("scale", 0.5, 1, 2), Self.whole("zero", .uint8, 1, 2, 3)], type: .uint8)
    let bytes = Tensor([0, 1, 2, 3, 4, 255] as [UInt8], shape: [2, 3])
    #expect(try axis.results([bytes])[0].doubles == [-0.5, -1, -2, 1, 2, 504])
    let wide = sketch("DequantizeLinear", [2], [Self.real("scale", 0.25)], type: .int32)
    #expect(try wide.results([Tensor([-100_000, 7] as [Int32])])[0].doubles == [-25000, 1.75])
  }

  @Test("take their range from the values where it is dynamic")
  func dynamic() throws {
    let model = GraphSketch(
      inputs: [("x", .float, [4])],
      nodes: [NodeSketch("DynamicQuantizeLinear", ["x"], ["y", "scale", "zero"])],
      outputs: ["y", "scale", "zero"])
    let results = try model.results([Tensor([-1, 0, 0.5, 2] as [Float])])
    // The scale is 3 / 255, the zero point 85.
    #expect(results[0].doubles == [0, 85, 127, 255])
    #expect(results[1].doubles == [Double(Float(3) / 255)])
    #expect(results[2].doubles == [85])
    let zeros = try model.results([Tensor([0, 0, 0, 0] as [Float])])
    #expect(zeros[0].doubles == [0, 0, 0, 0])
    let positive = try model.results([Tensor([1, 2, 3, 5.1] as [Float])])
    #expect(positive[2].doubles == [0])
  }

  @Test("multiply as integers do, with a scale for each row and column")
  func products() throws {
    var random = RandomStream(seed: 7, purpose: "quantised product")
    let left = random.uniform([3, 5], from: 0, to: 255).floats.map { Int($0) }
    let right = random.uniform([5, 2], from: -128, to: 127).floats.map { Int($0) }
    let scales = (rows: [0.5, 0.25, 1], columns: [0.125, 0.5], result: 64.0)
    let model = GraphSketch(
      inputs: [("a", .uint8, [3, 5])],
      weights: [
        Self.real("as", 0.5, 0.25, 1), Self.whole("az", .uint8, 100, 50, 7),
        ("b", Tensor(right.map { Int32($0) }, shape: [5, 2]), .int8), Self.real("bs", 0.125, 0.5),
        Self.whole("bz", .int8, 3, -5), Self.real("ys", 64), Self.whole("yz", .uint8, 128),
      ],
      nodes: [
        NodeSketch("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"])
      ], outputs: ["y"])
    let (rowPoints, columnPoints) = ([100, 50, 7], [3, -5])
    let expected = (0..<6).map { place in
      let (row, column) = (place / 2, place % 2)
      let sum = (0..<5).reduce(0) { sum, index in
        sum + (left[row * 5 + index] - rowPoints[row])
          * (right[index * 2 + column] - columnPoints[column])
      }
      let ratio = Double(sum) * scales.rows[row] * scales.columns[column] / scales.result
      return min(max(ratio.rounded(.toNearestOrEven) + 128, 0), 255)
    }
    let a = Tensor(left.map { UInt8($0) }, shape: [3, 5])
    #expect(try model.results([a])[0].doubles == expected)
  }

  @Test("add, multiply and pass through functions as real numbers between two roundings")
  func microsoftOperators() throws {
    let x = Tensor([0, 10, 100, 255] as [UInt8])
    let own = [Self.real("xs", 0.5), Self.whole("xz", .uint8, 20)]
    let other = [
      Self.whole("b", .uint8, 3), Self.real("bs", 0.25), Self.whole("bz", .uint8, 1),
    ]
    let result = [Self.real("ys", 0.75), Self.whole("yz", .uint8, 30)]
    let reals = [0, 10, 100, 255].map { (Double($0) - 20) * 0.5 }
    func expected(_ function: (Double) -> Double) -> [Double] {
      reals.map { min(max((function($0) / 0.75).rounded(.toNearestOrEven) + 30, 0), 255) }
    }
    func results(_ name: String, _ weights: [Weight]) throws -> [Double] {
      try sketch(name, [4], weights, domain: "com.microsoft", type: .uint8).results([x])[0].doubles
    }
    #expect(try results("QLinearAdd", own + other + result) == expected { $0 + 0.5 })
    #expect(try results("QLinearMul", own + other + result) == expected { $0 * 0.5 })
    #expect(try results("QLinearSigmoid", own + result) == expected { 1 / (1 + exp(-$0)) })
    #expect(
      try results("QLinearLeakyRelu", own + result) == expected { $0 < 0 ? 0.01 * $0 : $0 })
  }

  @Test("refuse scales that do not fit, and types that hold no whole numbers")
  func refusals() {
    #expect(
      sketch("QuantizeLinear", [2, 6], [Self.real("scale", 1, 2, 3)]).refusal()
        == "node 'n' (QuantizeLinear, opset 17): float32[3] does not fit axis 1 of float32[2, 6]")
    #expect(
      sketch("QuantizeLinear", [2], [Self.real("scale", 1)], ["output_dtype": .int(1)])
        .refusal(opset: 21)
        == "node 'n' (QuantizeLinear, opset 21): quantises to float, which is no type of whole "
        + "numbers")
  }
}
