import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@Suite("A program as text and as data")
struct TextTests {
  /// A small classifier of every kind of line: constants, attributes, symbolic sizes.
  static func classifier() throws -> Program {
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, 1, 4]))
    return try Program.trace([port]) { values in
      let builder = values[0].builder
      let kernel = builder.constant(
        Tensor([1, -1, 0.5, 2, 0, 1] as [Float], shape: [2, 1, 3]))
      let geometry = ConvolutionGeometry(rank: 1, padding: 1)
      let hidden = values[0].convolved(with: kernel, geometry).relu().flattened()
      let weight = builder.constant(SampleValues.uniform([3, 8], .float32))
      let logits = hidden.linear(weight: weight, bias: values[0].scalar(0.5))
      return [
        ("logits", logits), ("label", logits.argMax(axis: 1)), ("mean", logits.mean(over: [0])),
      ]
    }
  }

  @Test("prints a line per equation")
  func printed() throws {
    #expect(
      try Self.classifier().description == """
        program(%0 x: float32[N, 1, 4]) {
          %1 = constant() {6 elements} : float32[2, 1, 3]
          %2 = convolution(%0, %1) {strides [1], padding [1] [1], dilations [1], groups 1} : \
        float32[N, 2, 4]
          %3 = relu(%2) : float32[N, 2, 4]
          %4 = reshape(%3) : float32[N, 8]
          %5 = constant() {24 elements} : float32[3, 8]
          %6 = constant() {0.5} : float32[]
          %7 = matrixMultiply(%4, %5) {transposeRight} : float32[N, 3]
          %8 = broadcast(%6) {axes []} : float32[N, 3]
          %9 = add(%7, %8) : float32[N, 3]
          %10 = argMax(%9) {axis 1} : int64[N]
          %11 = reduceSum(%9) {axes [0]} : float32[3]
          %12 = dimension() {[N]} : int64[]
          %13 = convert(%12) : float32[]
          %14 = broadcast(%13) {axes []} : float32[3]
          %15 = divide(%11, %14) : float32[3]
          return %9 as logits, %10 as label, %15 as mean
        }
        """)
  }

  @Test("survives JSON, every primitive of it")
  func roundTrip() throws {
    for program in try [Self.classifier()] + PrimitiveCase.all(.float32).map({ try $0.program() }) {
      let data = try JSONEncoder().encode(program)
      #expect(try JSONDecoder().decode(Program.self, from: data) == program)
    }
  }

  @Test("keeps padding by infinities in JSON")
  func infinitePadding() throws {
    let port = Program.Port(name: "x", type: ValueType(.float32, [2]))
    for value in [Double.infinity, -.infinity, 0.1] {
      let program = try Program.trace([port]) {
        [("y", $0[0].padded(low: [1], high: [0], value: value))]
      }
      let data = try JSONEncoder().encode(program)
      #expect(try JSONDecoder().decode(Program.self, from: data) == program)
    }
  }

  /// A program whose only equation can be made to say anything.
  private func decoded(
    _ primitive: Primitive, operands: [Int] = [0], input: [Int] = [2, 3, 4],
    result: [Int] = [2, 3, 4]
  ) throws -> Program {
    let parts = Parts(
      inputs: [Program.Port(name: "x", type: ValueType(.float32, Shape(input)))],
      equations: [
        Parts.Step(
          primitive: primitive, operands: operands, type: ValueType(.float32, Shape(result)))
      ],
      outputs: [1], outputNames: ["y"])
    return try JSONDecoder().decode(Program.self, from: JSONEncoder().encode(parts))
  }

  /// What a file may state, true or not.
  private struct Parts: Encodable {
    struct Step: Encodable {
      var primitive: Primitive
      var operands: [Int]
      var type: ValueType
    }
    var inputs: [Program.Port]
    var equations: [Step]
    var outputs: [Int]
    var outputNames: [String]
  }

  @Test("is refused, not trusted, when a file states the impossible")
  func hostile() throws {
    let huge = Int.max
    let windows = WindowGeometry(rank: 1, size: 2)
    var padded = windows
    padded.paddingLow = [huge]
    var empty = windows
    empty.strides = []
    var vast = ConvolutionGeometry(rank: 1)
    vast.dilations = [huge]
    var still = windows
    still.strides = [0]
    let primitives: [Primitive] = [
      .reshape([-2, -12]), .reshape([huge, huge]), .reshape([1 << 32, 1 << 32, 0]),
      .iota(.float32, [], axis: 0), .dimension(-1), .broadcast([huge, 2, 3, 4], axes: [1, 2, 3]),
      .broadcast([2, 3, 4], axes: []), .broadcast([2, 3, 4], axes: [0, 1, huge]),
      .transpose([]), .transpose([0, 1, 1]), .transpose([0, 1, huge]),
      .slice(starts: [], limits: [], strides: []),
      .slice(starts: [0, 0, 0], limits: [2, 3, 4], strides: [1, 1, huge]),
      .slice(starts: [0, 0, 0], limits: [2, 3, 4], strides: [1, 1, 0]),
      .slice(starts: [-1, 0, 0], limits: [2, 3, huge], strides: [1, 1, 1]),
      .pad(low: [huge, 0, 0], high: [huge, 0, 0], interior: [0, 0, 0], value: 0),
      .pad(low: [0, 0, 0], high: [0, 0, 0], interior: [0, 0, huge], value: 0),
      .pad(low: [-1, 0, 0], high: [0, 0, 0], interior: [0, 0, 0], value: 0),
      .concatenate(axis: huge), .concatenate(axis: -1), .reverse(axes: [3]), .reverse(axes: [-1]),
      .argMax(axis: huge), .argSort(axis: -1, descending: true), .reduce(.sum, axes: [0, 0]),
      .cumulativeSum(axis: 3, exclusive: false, reverse: false),
      .maxPool(padded), .windowSum(padded), .maxPool(empty), .maxPool(still),
      .windowSumGradient(padded, spatial: [huge]), .windowSumGradient(windows, spatial: []),
      .windowSumGradient(windows, spatial: [-8]), .randomUniform([-1]), .stopGradient,
    ]
    for primitive in primitives.dropLast() {
      #expect(throws: ProgramError.self, "\(primitive)") { try decoded(primitive) }
    }
    let binary: [Primitive] = [
      .convolution(vast), .convolution(ConvolutionGeometry(rank: 1, groups: 0)),
      .convolution(ConvolutionGeometry(rank: 1, groups: huge)),
      .convolution(ConvolutionGeometry(rank: 2)),
      .convolutionInputGradient(ConvolutionGeometry(rank: 1, groups: huge), spatial: [4]),
      .convolutionInputGradient(ConvolutionGeometry(rank: 1), spatial: []),
      .convolutionKernelGradient(ConvolutionGeometry(rank: 1), window: [huge]),
      .convolutionKernelGradient(ConvolutionGeometry(rank: 1), window: []),
      .scatterAdd(axis: huge, count: 1), .scatterAdd(axis: 0, count: -1),
      .scatterAddElements(axis: 0, count: huge), .gather(axis: huge), .gatherElements(axis: -1),
    ]
    for primitive in binary {
      #expect(throws: ProgramError.self, "\(primitive)") {
        try decoded(primitive, operands: [0, 0])
      }
    }
    #expect(throws: ProgramError.self) { try decoded(.stopGradient, operands: [1]) }
    #expect(throws: ProgramError.self) { try decoded(.stopGradient, operands: [-1]) }
    #expect(throws: ProgramError.self) { try decoded(.stopGradient, operands: []) }
    #expect(throws: ProgramError.self) { try decoded(.stopGradient, result: [4, 3, 2]) }
    #expect(throws: ProgramError.self) {
      try decoded(.stopGradient, input: [-2, 3], result: [-2, 3])
    }
    #expect(throws: ProgramError.self) {
      try decoded(.stopGradient, input: [huge, 3], result: [huge, 3])
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        Tensor.self, from: Data(#"{"elementType":"float32","shape":[9],"bytes":"AAAA"}"#.utf8))
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Program.self, from: Data(#"{"inputs":[],"equations":[{}]}"#.utf8))
    }
    _ = try decoded(.stopGradient)
  }
}
