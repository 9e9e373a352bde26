import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("ONNX operators on signals and regions")
struct SignalOperatorTests {
  private static let signal = SampleValues.uniform([2, 7, 2], .float64)

  /// Σ xₙ e^(−2πi k n / length), term by term.
  private static func transform(
    _ numbers: [Double], from start: Int, step: Int, count: Int, length: Int, frequency: Int
  ) -> (Double, Double) {
    var (real, imaginary) = (0.0, 0.0)
    for n in 0..<min(count, length) {
      let angle = -2 * Double.pi * Double(frequency * n) / Double(length)
      let (a, b) = (numbers[start + n * step], numbers[start + n * step + 1])
      real += a * cos(angle) - b * sin(angle)
      imaginary += a * sin(angle) + b * cos(angle)
    }
    return (real, imaginary)
  }

  @Test(
    "a transform is its sum, for lengths that cut or continue the signal", arguments: [5, 7, 9])
  func forward(length: Int) throws {
    let sketch = OperatorSketch(
      "DFT", opset: 17,
      [.input(.double, [2, 7, 2]), .weight(Tensor([Int64(length)], shape: []))])
    let result = try sketch.results([Self.signal])[0]
    let numbers = Self.signal.doubles
    let expected = (0..<2).flatMap { sample in
      (0..<length).flatMap { frequency -> [Double] in
        let sum = Self.transform(
          numbers, from: sample * 14, step: 2, count: 7, length: length, frequency: frequency)
        return [sum.0, sum.1]
      }
    }
    let difference = Difference(result, Tensor(expected, shape: [2, length, 2]))
    #expect(difference.isWithin(absolute: 1e-13, relative: 0), "\(difference)")
  }

  @Test("the inverse of half a transform is the signal", arguments: [8, 9])
  func halfInverse(length: Int) throws {
    let signal = SampleValues.uniform([1, length, 1], .float64)
    let half = try OperatorSketch(
      "DFT", opset: 20, [.input(.double, signal.shape)], ["onesided": .int(1)]
    ).results([signal])[0]
    #expect(half.shape == [1, length / 2 + 1, 2])
    let back = try OperatorSketch(
      "DFT", opset: 20,
      [.input(.double, half.shape), .weight(Tensor([Int64(length)], shape: []))],
      ["onesided": .int(1), "inverse": .int(1)]
    ).results([half])[0]
    let difference = Difference(back, signal)
    #expect(difference.isWithin(absolute: 1e-14, relative: 0), "\(difference)")
  }

  @Test("the largest pixels of the bins of a box, whose edges are rounded")
  func maxRoiPool() throws {
    let image = SampleValues.distinct([2, 2, 6, 7], .float64)
    let sketch = OperatorSketch(
      "MaxRoiPool", opset: 12,
      [
        .input(.double, image.shape),
        .weight(Tensor([1, 2.4, 2, 10, 9.2] as [Double], shape: [1, 5])),
      ], ["pooled_shape": .ints([2, 3]), "spatial_scale": .float(0.5)])
    let result = try sketch.results([image])[0]
    // Columns 1 to 5 and rows 1 to 5 of image 1: five pixels in three and in two bins.
    let numbers = image.doubles
    let (rows, columns) = ([1...3, 3...5], [1...2, 2...4, 4...5])
    var expected: [Double] = []
    for channel in 0..<2 {
      for rows in rows {
        for columns in columns {
          var largest = -Double.infinity
          for row in rows {
            for column in columns {
              largest = max(largest, numbers[((2 + channel) * 6 + row) * 7 + column])
            }
          }
          expected.append(largest)
        }
      }
    }
    #expect(result == Tensor(expected, shape: [1, 2, 2, 3]))
  }

  @Test("regions have derivatives in the image", arguments: ["avg", "max"])
  func roiAlignGradient(mode: String) throws {
    let image = SampleValues.distinct([2, 1, 4, 5], .float64)
    let sketch = OperatorSketch(
      "RoiAlign", opset: 16,
      [
        .input(.double, image.shape),
        .weight(Tensor([0.5, 0.2, 3.6, 3, -2, 1, 4, 3.5] as [Double], shape: [2, 4])),
        .weight(.indices(1, 0)),
      ],
      [
        "output_height": .int(2), "output_width": .int(3), "sampling_ratio": .int(2),
        "mode": .string(mode),
      ])
    let program = try sketch.program()
    let seed = SampleValues.nonzero([2, 1, 2, 3], .float64)
    let gradient = try ReferenceBackend().compile(program.differentiated())
    let expected = try CentralDifferences.gradient(
      of: ReferenceBackend().compile(program), at: [image], withRespectTo: 0, seed: seed)
    let difference = try Difference(gradient([image, seed])[1], expected)
    #expect(difference.isWithin(absolute: 1e-9, relative: 1e-9), "\(difference)")
  }

  @Test("sequences are counted that come when the model runs")
  func nGrams() throws {
    let sketch = OperatorSketch(
      "TfIdfVectorizer", opset: 9, [.input(.int64, [2, 6])],
      [
        "mode": .string("TFIDF"), "min_gram_length": .int(1), "max_gram_length": .int(2),
        "max_skip_count": .int(1), "ngram_counts": .ints([0, 2]),
        "ngram_indexes": .ints([3, 0, 1, 2]), "pool_int64s": .ints([4, 5, 4, 5, 5, 5]),
        "weights": .floats([1, 2, 0.5, 3]),
      ])
    let rows = Tensor([4, 5, 4, 5, 5, 9, 1, 4, 7, 5, 5, 5] as [Int64], shape: [2, 6])
    // 4: 2 and 1; 5: 3 and 3; (4, 5): 2 + 1 with a gap, and 0 + 1; (5, 5): 1 + 1, and 2 + 1.
    #expect(
      try sketch.results([rows])[0].floats
        == [3, 6, 1, 6, 3, 2, 1.5, 3])
  }
}
