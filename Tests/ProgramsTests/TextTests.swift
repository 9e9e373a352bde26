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
}
