import Programs
import Tensors

extension ReferenceBackend {
  /// yₘₙ = Σₖ aₘₖ bₖₙ for each matrix of the leading axes.
  static func matrixMultiply(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool, transposeRight: Bool, type: ValueType
  ) -> Tensor {
    let rank = type.shape.rank
    let (rows, columns) = (type.shape[rank - 2], type.shape[rank - 1])
    let inner = left.shape[transposeLeft ? rank - 2 : rank - 1]
    let matrices = type.shape.dimensions.dropLast(2).reduce(1, *)
    let (rowStep, leftStep) = transposeLeft ? (1, rows) : (inner, 1)
    let (columnStep, rightStep) = transposeRight ? (inner, 1) : (1, columns)
    let (left, right) = (left.reals, right.reals)
    var result: [Double] = []
    result.reserveCapacity(type.shape.count)
    for matrix in 0..<matrices {
      for row in 0..<rows {
        for column in 0..<columns {
          var leftPosition = matrix * rows * inner + row * rowStep
          var rightPosition = matrix * inner * columns + column * columnStep
          var sum = 0.0
          for _ in 0..<inner {
            sum += left[leftPosition] * right[rightPosition]
            leftPosition += leftStep
            rightPosition += rightStep
          }
          result.append(sum)
        }
      }
    }
    return Tensor(reals: result, type)
  }

  /// A convolution or one of its gradients: the three are one sum of products, seen from each side.
  ///
  ///     y[n, o, p] = Σ x[n, c, tap(p, t)] · k[o, c, t]   over channels c of o's group and taps t
  static func convolved(
    _ primitive: Primitive, _ first: Tensor, _ second: Tensor, type: ValueType
  ) -> Tensor {
    switch primitive {
    case .convolution(let geometry):
      let terms = ConvolutionTerms(
        geometry, input: first.shape, kernel: second.shape, output: type.shape)
      let (input, kernel) = (first.reals, second.reals)
      var output = [Double](repeating: 0, count: type.shape.count)
      terms.forEach { x, k, y in output[y] += input[x] * kernel[k] }
      return Tensor(reals: output, type)
    case .convolutionInputGradient(let geometry, _):
      let terms = ConvolutionTerms(
        geometry, input: type.shape, kernel: second.shape, output: first.shape)
      let (output, kernel) = (first.reals, second.reals)
      var input = [Double](repeating: 0, count: type.shape.count)
      terms.forEach { x, k, y in input[x] += output[y] * kernel[k] }
      return Tensor(reals: input, type)
    case .convolutionKernelGradient(let geometry, _):
      let terms = ConvolutionTerms(
        geometry, input: first.shape, kernel: type.shape, output: second.shape)
      let (input, output) = (first.reals, second.reals)
      var kernel = [Double](repeating: 0, count: type.shape.count)
      terms.forEach { x, k, y in kernel[k] += input[x] * output[y] }
      return Tensor(reals: kernel, type)
    default: preconditionFailure("\(primitive.name) is no convolution")
    }
  }
}

/// All products that a convolution sums: which input element meets which kernel element where.
private struct ConvolutionTerms {
  private let samples: Int
  private let inputChannels: Int
  private let outputChannels: Int
  private let groups: Int
  private let windows: WindowTaps

  init(_ geometry: ConvolutionGeometry, input: Shape, kernel: Shape, output: Shape) {
    samples = input[0]
    inputChannels = input[1]
    outputChannels = output[1]
    groups = geometry.groups
    windows = WindowTaps(
      geometry.windows(size: Array(kernel.dimensions.dropFirst(2))),
      spatial: Array(input.dimensions.dropFirst(2)))
  }

  /// Calls `body` with the positions in input, kernel and output of each product.
  func forEach(_ body: (_ input: Int, _ kernel: Int, _ output: Int) -> Void) {
    let groupInputs = inputChannels / groups
    let groupOutputs = outputChannels / groups
    for sample in 0..<samples {
      for channel in 0..<outputChannels {
        let output = (sample * outputChannels + channel) * windows.count
        for member in 0..<groupInputs {
          let source = channel / groupOutputs * groupInputs + member
          let input = (sample * inputChannels + source) * windows.spatialCount
          let kernel = (channel * groupInputs + member) * windows.size
          windows.forEach { window, tap, position in
            body(input + position, kernel + tap, output + window)
          }
        }
      }
    }
  }
}
