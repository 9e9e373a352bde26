import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@Suite("A program that a file states falsely")
struct HostileProgramTests {
  /// What a file may state, true or not: one equation.
  private struct Parts: Encodable {
    struct Step: Encodable {
      var primitive: Primitive
      var operands: [Int]
      var type: ValueType
    }
    var inputs: [Program.Port]
    var equations: [Step]
    var outputs = [1]
    var outputNames = ["y"]
  }

  private func decoded(
    _ primitive: Primitive, operands: [Int] = [0], input: Shape = [2, 3, 4],
    result: Shape = [2, 3, 4]
  ) throws -> Program {
    let parts = Parts(
      inputs: [Program.Port(name: "x", type: ValueType(.float32, input))],
      equations: [
        Parts.Step(primitive: primitive, operands: operands, type: ValueType(.float32, result))
      ])
    return try JSONDecoder().decode(Program.self, from: JSONEncoder().encode(parts))
  }

  private static let huge = Int.max

  /// Windows of size 2 with one setting spoilt.
  private static func windows(_ spoil: (inout WindowGeometry) -> Void) -> WindowGeometry {
    var windows = WindowGeometry(rank: 1, size: 2)
    spoil(&windows)
    return windows
  }

  private static let ofOneOperand: [Primitive] = [
    .reshape([-2, -12]), .reshape([huge, huge]), .reshape([1 << 32, 1 << 32, 0]),
    .iota(.float32, [], axis: 0), .dimension(-1), .randomUniform([-1]),
    .broadcast([huge, 2, 3, 4], axes: [1, 2, 3]), .broadcast([2, 3, 4], axes: []),
    .broadcast([2, 3, 4], axes: [0, 1, huge]),
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
    .maxPool(windows { $0.paddingLow = [huge] }), .windowSum(windows { $0.dilations = [huge] }),
    .maxPool(windows { $0.strides = [] }), .windowSum(windows { $0.strides = [0] }),
    .windowSumGradient(windows { $0.paddingHigh = [huge] }, spatial: [huge]),
    .windowSumGradient(windows { _ in }, spatial: []),
    .windowSumGradient(windows { _ in }, spatial: [-8]),
  ]

  private static let ofTwoOperands: [Primitive] = [
    .convolution(ConvolutionGeometry(rank: 1, dilation: huge)),
    .convolution(ConvolutionGeometry(rank: 1, groups: 0)),
    .convolution(ConvolutionGeometry(rank: 1, groups: huge)),
    .convolution(ConvolutionGeometry(rank: 2)),
    .convolutionInputGradient(ConvolutionGeometry(rank: 1, groups: huge), spatial: [4]),
    .convolutionInputGradient(ConvolutionGeometry(rank: 1), spatial: []),
    .convolutionKernelGradient(ConvolutionGeometry(rank: 1), window: [huge]),
    .convolutionKernelGradient(ConvolutionGeometry(rank: 1), window: []),
    .scatterAdd(axis: huge, count: 1), .scatterAdd(axis: 0, count: -1),
    .scatterAddElements(axis: 0, count: huge), .gather(axis: huge), .gatherElements(axis: -1),
  ]

  @Test("is refused: attributes", arguments: ofOneOperand)
  func attributes(_ primitive: Primitive) {
    #expect(throws: ProgramError.self) { try decoded(primitive) }
  }

  @Test("is refused: attributes of two operands", arguments: ofTwoOperands)
  func attributesOfTwo(_ primitive: Primitive) {
    #expect(throws: ProgramError.self) { try decoded(primitive, operands: [0, 0]) }
  }

  @Test("is refused: operands and types")
  func operandsAndTypes() throws {
    _ = try decoded(.stopGradient)
    for operands in [[1], [-1], [], [0, 0]] {
      #expect(throws: ProgramError.self) { try decoded(.stopGradient, operands: operands) }
    }
    #expect(throws: ProgramError.self) { try decoded(.stopGradient, result: [4, 3, 2]) }
    for shape in [[-2, 3], [Self.huge, 3], [Self.huge, Self.huge, 0]] as [Shape] {
      #expect(throws: ProgramError.self) {
        try decoded(.stopGradient, input: shape, result: shape)
      }
    }
  }

  @Test("is refused: missing parts and constants of another size")
  func incomplete() {
    let texts = [
      #"{"inputs":[],"equations":[{}],"outputs":[],"outputNames":[]}"#, #"{"inputs":[]}"#, "[]",
    ]
    for text in texts {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Program.self, from: Data(text.utf8))
      }
    }
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        Tensor.self, from: Data(#"{"elementType":"float32","shape":[9],"bytes":"AAAA"}"#.utf8))
    }
  }

  @Test("is refused or can be read: any one number of it replaced")
  func anyNumberReplaced() throws {
    var seen: Set<Primitive.Name> = []
    var read = 0
    for example in PrimitiveCase.all(.float32) where seen.insert(example.primitive.name).inserted {
      let text = String(decoding: try JSONEncoder().encode(example.program()), as: UTF8.self)
      for range in Self.integers(in: text) {
        for number in ["-1", "0", "5", "1152921504606846976", "\(Int.max)", "\(Int.min)"] {
          let altered = Data(text.replacingCharacters(in: range, with: number).utf8)
          guard let program = try? JSONDecoder().decode(Program.self, from: altered) else {
            continue
          }
          read += 1
          // Readings of what was accepted must not trap either.
          #expect(!program.description.isEmpty)
          _ = try? program.differentiated(withRespectTo: Array(program.inputs.indices))
          _ = try? program.bound(batch: 3)
          _ = try? program.simplified { primitive, _, _ in throw Unevaluated(name: primitive.name) }
        }
      }
    }
    #expect(read > 0)
  }

  private struct Unevaluated: Error {
    let name: Primitive.Name
  }

  /// The whole numbers outside of strings.
  private static func integers(in text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var isQuoted = false
    var start: String.Index?
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      let isDigit = !isQuoted && text[index].isNumber
      if isDigit, start == nil { start = index }
      if !isDigit, let first = start {
        ranges.append(first..<index)
        start = nil
      }
    }
    return ranges
  }
}
