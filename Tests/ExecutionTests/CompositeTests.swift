import Execution
import Foundation
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Functions composed of primitives")
struct CompositeTests {
  private func run(
    _ inputs: [Tensor], _ function: ([Value]) throws -> Value
  ) throws -> Tensor {
    let ports = inputs.enumerated().map {
      Program.Port(name: "x\($0.offset)", type: ValueType($0.element.elementType, $0.element.shape))
    }
    let program = try Program.trace(ports) { [("y", try function($0))] }
    let executable = try ReferenceBackend().compile(program)
    return try executable(inputs)[0]
  }

  @Test("activations follow their formulas")
  func activations() throws {
    let points = [-3.2, -1, -0.3, 0, 0.4, 1, 2.7]
    let formulas: [(String, (Value) -> Value, (Double) -> Double)] = [
      ("leakyRelu", { $0.leakyRelu(slope: 0.1) }, { $0 < 0 ? 0.1 * $0 : $0 }),
      ("elu", { $0.elu(alpha: 1.5) }, { $0 < 0 ? 1.5 * (exp($0) - 1) : $0 }),
      (
        "selu", { $0.selu() },
        { 1.0507009873554805 * ($0 < 0 ? 1.6732632423543772 * (exp($0) - 1) : $0) }
      ),
      ("softplus", { $0.softplus() }, { log(1 + exp($0)) }),
      ("gelu", { $0.gelu() }, { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }),
      (
        "geluApproximation", { $0.geluApproximation() },
        { $0 / (1 + exp(-2 * (2 / Double.pi).squareRoot() * ($0 + 0.044715 * pow($0, 3)))) }
      ),
      ("swish", { $0.swish() }, { $0 / (1 + exp(-$0)) }),
      ("mish", { $0.mish() }, { $0 * tanh(log(1 + exp($0))) }),
      ("hardSigmoid", { $0.hardSigmoid() }, { min(max($0 / 6 + 0.5, 0), 1) }),
      ("hardSwish", { $0.hardSwish() }, { $0 * min(max($0 + 3, 0), 6) / 6 }),
      ("softsign", { $0.softsign() }, { $0 / (1 + abs($0)) }),
    ]
    for (name, traced, formula) in formulas {
      let result = try run([Tensor(points)]) { traced($0[0]) }
      let difference = Difference(result, Tensor(points.map(formula)))
      #expect(difference.isWithin(absolute: 1e-15, relative: 1e-14), "\(name): \(difference)")
    }
  }

  @Test("softplus, softmax and logSoftmax do not overflow")
  func extremes() throws {
    let huge = Tensor([-1000, 0, 1000] as [Float])
    #expect(try run([huge]) { $0[0].softplus() }.floats == [0, Float(log(2.0)), 1000])
    #expect(try run([huge]) { $0[0].softmax(axis: 0) }.floats == [0, 0, 1])
    #expect(try run([huge]) { $0[0].logSoftmax(axis: 0) }.floats == [-2000, -1000, 0])
  }

  @Test("softmax and its logarithm normalise along an axis")
  func softmax() throws {
    let x = SampleValues.uniform([3, 4], .float64, from: -3, to: 3)
    let numbers = x.doubles
    let expected = (0..<12).map { index in
      let column = (0..<3).map { exp(numbers[$0 * 4 + index % 4]) }
      return exp(numbers[index]) / column.reduce(0, +)
    }
    let softmax = try run([x]) { $0[0].softmax(axis: 0) }
    let logarithm = try run([x]) { $0[0].logSoftmax(axis: 0) }
    #expect(
      Difference(softmax, Tensor(expected, shape: [3, 4])).isWithin(absolute: 0, relative: 1e-14))
    #expect(
      Difference(logarithm, Tensor(expected.map { log($0) }, shape: [3, 4]))
        .isWithin(absolute: 1e-14, relative: 1e-14))
  }

  @Test("mean, variance and normalisation over axes")
  func moments() throws {
    let x = SampleValues.uniform([2, 3, 4], .float64)
    let rows = (0..<2).map { Array(x.doubles[$0 * 12..<($0 + 1) * 12]) }
    let means = rows.map { $0.reduce(0, +) / 12 }
    let variances = zip(rows, means).map { row, mean in
      row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 12
    }
    let normalized = rows.indices.flatMap { row in
      rows[row].map { ($0 - means[row]) / (variances[row] + 1e-5).squareRoot() }
    }
    func expectEqual(_ result: Tensor, _ expected: [Double], _ shape: Shape) {
      let difference = Difference(result, Tensor(expected, shape: shape))
      #expect(difference.isWithin(absolute: 1e-14, relative: 1e-13), "\(difference)")
    }
    expectEqual(try run([x]) { $0[0].mean(over: [1, 2]) }, means, [2])
    expectEqual(
      try run([x]) { $0[0].variance(over: [2, 1], keepingDimensions: true) }, variances, [2, 1, 1])
    expectEqual(
      try run([x]) { $0[0].normalized(over: [1, 2], epsilon: 1e-5) }, normalized, x.shape)
  }

  @Test("average pooling counts padding as zeros, or not at all")
  func averagePooling() throws {
    let x = Tensor([1, 2, 3, 4, 5] as [Double], shape: [1, 1, 5])
    let windows = WindowGeometry(rank: 1, size: 3, stride: 2, padding: 1)
    let counted = try run([x]) { $0[0].averagePooled(windows, countsPadding: true) }
    let uncounted = try run([x]) { $0[0].averagePooled(windows, countsPadding: false) }
    let expected = Tensor([1.0, 3, 3], shape: [1, 1, 3])
    #expect(Difference(counted, expected).isWithin(absolute: 0, relative: 1e-15))
    #expect(
      Difference(uncounted, Tensor([1.5, 3, 4.5], shape: [1, 1, 3]))
        .isWithin(absolute: 0, relative: 1e-15))
  }

  /// Each input element adds its multiple of the kernel to the result, `stride` apart.
  @Test("transposed convolution scatters the kernel")
  func transposedConvolution() throws {
    let (stride, dilation, low, high, outputPadding) = (2, 2, 1, 0, 1)
    let (n, window, groups, members) = (4, 3, 2, 3)
    let x = SampleValues.uniform([2, 4, n], .float64)
    let kernel = SampleValues.uniform([4, members, window], .float64, purpose: "kernel")
    let bias = SampleValues.uniform([groups * members], .float64, purpose: "bias")
    let length = (n - 1) * stride + dilation * (window - 1) + 1 - low - high + outputPadding
    var expected = (0..<2 * groups * members * length).map {
      bias.doubles[$0 / length % (groups * members)]
    }
    for sample in 0..<2 {
      for channel in 0..<4 {
        for member in 0..<members {
          for position in 0..<n {
            for tap in 0..<window {
              let target = position * stride + tap * dilation - low
              guard (0..<length).contains(target) else { continue }
              let output = channel / 2 * members + member
              expected[(sample * groups * members + output) * length + target] +=
                x.doubles[(sample * 4 + channel) * n + position]
                * kernel.doubles[(channel * members + member) * window + tap]
            }
          }
        }
      }
    }
    let geometry = ConvolutionGeometry(
      strides: [stride], paddingLow: [low], paddingHigh: [high], dilations: [dilation],
      groups: groups)
    let result = try run([x, kernel, bias]) {
      $0[0].convolvedTransposed(
        with: $0[1], geometry, outputPadding: [outputPadding], bias: $0[2])
    }
    let difference = Difference(
      result, Tensor(expected, shape: [2, groups * members, length]))
    #expect(difference.isWithin(absolute: 1e-15, relative: 1e-13), "\(difference)")
  }

  @Test("oneHot, sorted, select, stacked and linear")
  func rearrangements() throws {
    let labels = SampleValues.integers([2, 0], [2])
    #expect(try run([labels]) { $0[0].oneHot(count: 3) }.floats == [0, 0, 1, 1, 0, 0])
    let x = Tensor([3, 1, 2, 6, 5, 4] as [Float], shape: [2, 3])
    #expect(try run([x]) { $0[0].sorted(axis: 1) }.floats == [1, 2, 3, 4, 5, 6])
    #expect(
      try run([x]) { $0[0].sorted(axis: 1, descending: true) }.floats == [3, 2, 1, 6, 5, 4])
    #expect(try run([x]) { $0[0].select(axis: 1, 2) }.floats == [2, 4])
    #expect(try run([x]) { .stacked([$0[0], $0[0]], axis: 0) }.shape == [2, 2, 3])
    let weight = Tensor([1, 0, 0, 1, 1, 1] as [Float], shape: [2, 3])
    let linear = try run([x.reshaped(to: [1, 2, 3]), weight, Tensor([10, 20] as [Float])]) {
      $0[0].linear(weight: $0[1], bias: $0[2])
    }
    #expect(linear == Tensor([13, 26, 16, 35] as [Float], shape: [1, 2, 2]))
  }

  @Test("matrix products broadcast their leading axes")
  func broadcastProducts() throws {
    let x = SampleValues.uniform([2, 1, 2, 3], .float64)
    let y = SampleValues.uniform([4, 3, 2], .float64)
    let result = try run([x, y]) { $0[0].matrixMultiplied(by: $0[1]) }
    #expect(result.shape == [2, 4, 2, 2])
    let expected = (0..<32).map { index in
      let (outer, matrix, row, column) = (index / 16, index / 4 % 4, index / 2 % 2, index % 2)
      return (0..<3).reduce(0.0) {
        $0 + x.doubles[outer * 6 + row * 3 + $1] * y.doubles[matrix * 6 + $1 * 2 + column]
      }
    }
    #expect(
      Difference(result, Tensor(expected, shape: result.shape))
        .isWithin(absolute: 1e-16, relative: 1e-14))
  }
}
