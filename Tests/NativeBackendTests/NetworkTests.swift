import Programs
import Tensors
import Testing

@Suite("Native networks agree with the reference") struct NetworkTests {
  private let agreement = Agreement(scale: 0.3)

  @Test("a multilayer perceptron, its input and parameter gradients")
  func perceptron() throws {
    try agreement.check([[5, 12], [16, 12], [16], [3, 16], [3]]) { x in
      let hidden = x[0].linear(weight: x[1], bias: x[2]).relu()
      return hidden.linear(weight: x[3], bias: x[4]).logSoftmax(axis: 1)
    }
  }

  @Test("a convolution network with pooling", arguments: [1, 3], [16, 13])
  func convolutionNetwork(batch: Int, channels: Int) throws {
    let shapes: [Shape] = [
      [batch, 1, 12, 12], [channels, 1, 5, 5], [channels], [24, channels, 3, 3], [24],
      [10, 24 * 9], [10],
    ]
    try agreement.check(shapes) { x in
      let pool = WindowGeometry(rank: 2, size: 2)
      let first = x[0].convolved(
        with: x[1], ConvolutionGeometry(rank: 2, padding: 2), bias: x[2]
      ).relu().maxPooled(pool)
      let second = first.convolved(
        with: x[3], ConvolutionGeometry(rank: 2, padding: 1), bias: x[4]
      ).relu().maxPooled(pool)
      return second.flattened().linear(weight: x[5], bias: x[6])
    }
  }

  @Test("a residual block with batch normalisation and global pooling")
  func residual() throws {
    try agreement.check([[4, 3, 8, 8], [12, 3, 3, 3], [12, 12, 3, 3], [12]]) { x in
      let same = ConvolutionGeometry(rank: 2, padding: 1)
      let scale = x[3].alongChannels(rank: 4)
      let stem = x[0].convolved(with: x[1], same).normalized(over: [0, 2, 3], epsilon: 1e-3)
      let branch = (stem * scale).relu().convolved(with: x[2], same)
      return (stem + branch.normalized(over: [0, 2, 3], epsilon: 1e-3)).relu().mean(over: [2, 3])
    }
  }

  @Test("a one-dimensional convolution network")
  func series() throws {
    try agreement.check([[3, 2, 32], [8, 2, 5], [8, 8, 3], [4, 8]]) { x in
      let first = x[0].convolved(with: x[1], ConvolutionGeometry(rank: 1, padding: 2)).relu()
      let second = first.convolved(with: x[2], ConvolutionGeometry(rank: 1, stride: 2)).gelu()
      return second.maximum(over: [2]).linear(weight: x[3])
    }
  }

  @Test("an unrolled LSTM")
  func recurrent() throws {
    try agreement.check([[2, 6, 3], [16, 3], [16, 4], [16]]) { x in
      var hidden = x[0].builder.constant(Tensor(zeros: [2, 4]))
      var cell = hidden
      for step in 0..<6 {
        let gates =
          x[0].select(axis: 1, step).linear(weight: x[1], bias: x[3])
          + hidden.linear(weight: x[2])
        let part = { (index: Int) in gates.slice(axis: 1, 4 * index..<4 * index + 4) }
        cell = part(1).logistic() * cell + part(0).logistic() * part(2).hyperbolicTangent()
        hidden = part(3).logistic() * cell.hyperbolicTangent()
      }
      return hidden
    }
  }

  @Test("attention with two heads and layer normalisation")
  func attention() throws {
    try agreement.check([[2, 5, 8], [24, 8], [8, 8]]) { x in
      let normal = x[0].normalized(over: [2], epsilon: 1e-5)
      let projected = normal.linear(weight: x[1]).reshaped(to: [2, 5, 3, 2, 4])
      let heads = (0..<3).map {
        projected.select(axis: 2, $0).transposed([0, 2, 1, 3])
      }
      let scores = heads[0].matrixMultiplied(by: heads[1], transposeRight: true) * 0.5
      let mixed = scores.softmax(axis: 3).matrixMultiplied(by: heads[2])
      return x[0] + mixed.transposed([0, 2, 1, 3]).reshaped(to: [2, 5, 8]).linear(weight: x[2])
    }
  }
}
