import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("Operators that ONNX Runtime fuses")
struct FusedOperatorTests {
  private let x = SampleValues.uniform([2, 3], .float64, from: -2, to: 2)
  private let other = SampleValues.uniform([2, 3], .float64, from: -2, to: 2, purpose: "skip")
  private let scale = Tensor([1, 2, -1] as [Double])
  private let shift = Tensor([0.5, 0, 1] as [Double])

  private func results(
    _ name: String, _ operands: [Tensor], _ attributes: [String: NodeSketch.Attribute] = [:],
    outputs: [String] = ["y"]
  ) throws -> [Tensor] {
    let names = operands.indices.map { "x\($0)" }
    let sketch = GraphSketch(
      inputs: zip(names, operands).map { ($0, .double, $1.shape) },
      nodes: [NodeSketch(name, names, outputs, attributes, domain: "com.microsoft")],
      outputs: outputs.filter { !$0.isEmpty })
    return try sketch.results(operands)
  }

  private func expect(_ result: Tensor, _ expected: [Double]) {
    let difference = Difference(result, Tensor(expected, shape: result.shape))
    #expect(difference.isWithin(absolute: 1e-9, relative: 1e-9), "\(difference)")
  }

  @Test("are Gaussian units in four forms")
  func units() throws {
    func gelu(_ x: Double) -> Double { x * 0.5 * (1 + erf(x / 2.0.squareRoot())) }
    let biased = zip(x.doubles, shift.doubles + shift.doubles).map { $0 + $1 }
    expect(try results("Gelu", [x])[0], x.doubles.map(gelu))
    expect(try results("BiasGelu", [x, shift])[0], biased.map(gelu))
    let approximate = biased.map { x -> Double in
      let inner = x + 0.044715 * x * x * x
      return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * inner))
    }
    expect(try results("FastGelu", [x, shift])[0], approximate)
    let quick = x.doubles.map { x -> Double in x / (1 + exp(-1.5 * x)) }
    expect(try results("QuickGelu", [x], ["alpha": .float(1.5)])[0], quick)
  }

  @Test("normalise the sum of a layer and what skipped it", arguments: [true, false])
  func skipped(isCentred: Bool) throws {
    let sum = zip(x.doubles, other.doubles).map { $0 + $1 }
    let expected = (0..<2).flatMap { row -> [Double] in
      let values = Array(sum[row * 3..<row * 3 + 3])
      let mean = isCentred ? values.reduce(0, +) / 3 : 0
      let power = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
      return values.indices.map { index in
        (values[index] - mean) / (power + 0.25).squareRoot() * scale.doubles[index]
          + (isCentred ? shift.doubles[index] : 0)
      }
    }
    let results = try results(
      isCentred ? "SkipLayerNormalization" : "SkipSimplifiedLayerNormalization",
      [x, other, scale] + (isCentred ? [shift] : []), ["epsilon": .float(0.25)],
      outputs: ["y", "", "", "sum"])
    expect(results[0], expected)
    expect(results[1], sum)
  }

  @Test("multiply transposed matrices by a factor")
  func product() throws {
    let result = try results(
      "FusedMatMul", [x, other], ["transB": .int(1), "alpha": .float(0.5)])[0]
    let (left, right) = (x.doubles, other.doubles)
    let expected = (0..<4).map { place -> Double in
      let (row, column) = (place / 2 * 3, place % 2 * 3)
      let sum = (0..<3).reduce(0.0) { $0 + left[row + $1] * right[column + $1] }
      return 0.5 * sum
    }
    expect(result, expected)
  }
}
