import Execution
import NativeBackend
import Programs
import Tensors
import Testing

@Suite("Native primitives agree with the reference") struct PrimitiveTests {
  private let agreement = Agreement()

  @Test("products, with either operand stored transposed, in batches")
  func products() throws {
    for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
      for batch in [[], [3]] {
        let a = Shape(batch + (left ? [7, 5] : [5, 7]))
        let b = Shape(batch + (right ? [4, 7] : [7, 4]))
        try agreement.check([a, b]) {
          $0[0].apply(.matrixMultiply(transposeLeft: left, transposeRight: right), $0[1])
        }
      }
    }
  }

  @Test("convolutions of one to three axes, strided, padded, dilated and in groups")
  func convolutions() throws {
    try agreement.check([[2, 3, 11], [5, 3, 4]]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 1, stride: 2, padding: 1))
    }
    try agreement.check([[2, 1, 9, 8], [6, 1, 3, 3]]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 2, padding: 1))
    }
    try agreement.check([[2, 16, 9, 8], [32, 16, 3, 3]]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 2, stride: 2, padding: 1))
    }
    try agreement.check([[1, 6, 9, 7], [10, 3, 3, 2]]) {
      $0[0].convolved(
        with: $0[1],
        ConvolutionGeometry(
          strides: [2, 1], paddingLow: [1, 0], paddingHigh: [2, 1], dilations: [2, 3], groups: 2))
    }
    try agreement.check([[2, 2, 5, 4, 6], [3, 2, 2, 3, 2]]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 3, padding: 1))
    }
    try agreement.check([[2, 8, 6, 6], [8, 1, 3, 3]]) {
      $0[0].convolved(with: $0[1], ConvolutionGeometry(rank: 2, padding: 1, groups: 8))
    }
    try agreement.check([[2, 5, 4, 4], [5, 3, 3, 3]]) {
      $0[0].convolvedTransposed(
        with: $0[1], ConvolutionGeometry(rank: 2, stride: 2, padding: 1), outputPadding: [1, 1])
    }
  }

  @Test("pooling, overlapping or not, padded or not")
  func pooling() throws {
    let windows = [
      WindowGeometry(rank: 2, size: 2), WindowGeometry(rank: 2, size: 3, stride: 2, padding: 1),
      WindowGeometry(
        size: [2, 3], strides: [2, 1], paddingLow: [0, 1], paddingHigh: [1, 1],
        dilations: [1, 2]),
    ]
    for window in windows {
      for channels in [1, 5, 16] {
        try agreement.check([[2, channels, 8, 9]]) { $0[0].maxPooled(window) }
        try agreement.check([[2, channels, 8, 9]]) {
          $0[0].averagePooled(window, countsPadding: false)
        }
      }
    }
    try agreement.check([[2, 4, 9]]) { $0[0].maxPooled(WindowGeometry(rank: 1, size: 2)) }
    try agreement.check([[2, 4, 9]]) {
      $0[0].apply(.maxPoolIndices(WindowGeometry(rank: 1, size: 3))).converted(to: .float32)
        + $0[0].slice(axis: 2, 0..<3)
    }
  }

  @Test("elementwise functions with every kind of broadcast")
  func elementwise() throws {
    for function in UnaryFunction.allCases where function != .not {
      try agreement.check([[3, 7, 5]], gradients: false) {
        $0[0].absoluteValue().apply(.unary(function))
      }
      try agreement.check([[1500]]) { ($0[0] * 0.5 + 2).apply(.unary(function)) }
    }
    for function in BinaryFunction.allCases where function != .and && function != .or {
      try agreement.check([[4, 3, 5], [3, 1]]) {
        ($0[0].absoluteValue() + 0.5).combine(function, $0[1])
      }
    }
    try agreement.check([[4, 6], [6]]) { $0[0] * $0[1] + $0[1] }
    try agreement.check([[2, 3, 4, 5], [3, 1, 1]]) { ($0[0] - $0[1]).gelu() * $0[1] }
    try agreement.check([[9, 10]]) { $0[0].softmax(axis: 1) + $0[0].logSoftmax(axis: 0) }
    try agreement.check([[8, 8]]) {
      let positive = $0[0].compare(.less, $0[0].scalar(0)).not()
      return positive.select($0[0].elu(), $0[0].mish().transposed([1, 0]))
    }
  }

  @Test("movement of elements")
  func movement() throws {
    try agreement.check([[2, 3, 4]]) { $0[0].transposed([2, 0, 1]) }
    try agreement.check([[20, 33]]) { $0[0].transposed([1, 0]) * 2 }
    try agreement.check([[4, 9]]) { $0[0].slice(axis: 1, 1..<8, by: 3) }
    try agreement.check([[3, 5]]) { $0[0].padded(low: [1, 0], high: [0, 2], value: 3) }
    try agreement.check([[3, 5]]) {
      $0[0].apply(.pad(low: [0, 1], high: [1, 0], interior: [1, 2], value: -1))
    }
    try agreement.check([[3, 5], [3, 2]]) { Value.concatenated([$0[0], $0[1]], axis: 1) }
    try agreement.check([[3, 5, 2]]) { $0[0].reversed(axes: [0, 2]) }
  }

  @Test("reductions over any axes")
  func reductions() throws {
    for axes in [[0], [1], [2], [3], [0, 1], [1, 3], [0, 2, 3], [0, 1, 2, 3], [2, 3]] {
      try agreement.check([[3, 4, 5, 67]]) { $0[0].sum(over: axes) }
      try agreement.check([[3, 4, 5, 67]]) {
        $0[0].maximum(over: axes, keepingDimensions: true)
      }
    }
  }

  @Test("what has no loop of its own runs through the reference kernels")
  func rare() throws {
    try agreement.check([[4, 6]]) { $0[0].sorted(axis: 1).cumulativeSum(axis: 0) }
    let program = try Program.trace([.init(name: "x", type: ValueType(.float64, [5]))]) {
      [("y", ($0[0] * $0[0]).exponential()), ("i", $0[0].argMax(axis: 0))]
    }
    try Agreement(tolerance: 0).check(program, [Tensor([0.1, 0.7, -2, 1.5, 0.25])])
  }

  @Test("an index that does not exist is an error")
  func indices() throws {
    let program = try Program.trace([
      .init(name: "x", type: ValueType(.float32, [4, 2])),
      .init(name: "i", type: ValueType(.int64, [3])),
    ]) { [("y", $0[0].gather($0[1], axis: 0))] }
    let executable = try NativeBackend().compile(program)
    let x = Tensor((0..<8).map { Float($0) }, shape: [4, 2])
    #expect(try executable([x, Tensor([3, 0, 3] as [Int64])])[0].floats == [6, 7, 0, 1, 6, 7])
    #expect(throws: ExecutionError.indexOutOfRange(primitive: "gather", index: 4, count: 4)) {
      try executable([x, Tensor([0, 4, 1] as [Int64])])
    }
  }
}
