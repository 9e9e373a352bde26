import Execution
import Programs
import TestSupport
import Tensors
import Testing

@Suite("Batch normalisation at inference")
struct NormalizationFoldingTests {
  /// The statistics and parameters of one normalisation.
  private struct Normalization {
    let mean: Tensor
    let variance: Tensor
    let gamma: Tensor
    let beta: Tensor

    init(channels: Int, purpose: String) {
      let sample = { (lower: Double, upper: Double, name: String) in
        SampleValues.uniform(
          [channels], .float32, from: lower, to: upper, purpose: "\(purpose) \(name)")
      }
      mean = sample(-1, 1, "mean")
      variance = sample(0.5, 2, "variance")
      gamma = sample(-2, 2, "gamma")
      beta = sample(-1, 1, "beta")
    }

    /// Three ways in which files write the same function.
    func apply(_ x: Value, style: Int) -> Value {
      let rank = x.shape.rank
      let vector = { (tensor: Tensor) in
        x.builder.constant(tensor.converted(to: x.elementType)).alongChannels(rank: rank)
      }
      let deviation = (vector(variance) + 1e-5).squareRoot()
      switch style {
      case 0: return (x - vector(mean)) / deviation * vector(gamma) + vector(beta)
      case 1:
        let scale = vector(gamma) / deviation
        return x * scale + (vector(beta) - vector(mean) * scale)
      default: return vector(beta) - (vector(mean) - x) * (1 / deviation) * vector(gamma)
      }
    }
  }

  /// Each product with a constant kernel, on an input of `[3, 4, …]`.
  private static var products: [(name: String, input: Shape, apply: (Value) -> Value)] {
    [
      (
        "convolution", [3, 4, 5, 5],
        {
          $0.convolved(
            with: kernel($0, [6, 4, 3, 3]), ConvolutionGeometry(rank: 2, stride: 2, padding: 1))
        }
      ),
      (
        "convolution in groups", [3, 4, 7],
        { $0.convolved(with: kernel($0, [6, 2, 3]), ConvolutionGeometry(rank: 1, groups: 2)) }
      ),
      (
        "transposed convolution in groups", [3, 4, 3, 3],
        {
          $0.convolvedTransposed(
            with: kernel($0, [4, 3, 2, 2]), ConvolutionGeometry(rank: 2, stride: 2, groups: 2),
            outputPadding: [0, 0])
        }
      ),
      ("linear", [3, 4], { $0.linear(weight: kernel($0, [6, 4])) }),
      ("matrix product", [3, 4], { $0.matrixMultiplied(by: kernel($0, [4, 6])) }),
    ]
  }

  private static func kernel(_ x: Value, _ shape: Shape) -> Value {
    x.builder.constant(SampleValues.uniform(shape, x.elementType, purpose: "kernel"))
  }

  @Test("have normalisation folded into kernel and bias, however it is written")
  func normalizationDisappears() throws {
    let bias = SampleValues.uniform([6], .float32, purpose: "bias")
    for (name, input, product) in Self.products {
      for style in 0..<3 {
        for type in [ElementType.float32, .float64] {
          for batch in [3, Shape.batch] {
            let program = try Program.traced([input.batched(batch)], type) { x in
              let y = product(x[0])
              let biased =
                y + y.builder.constant(bias.converted(to: type)).alongChannels(rank: y.shape.rank)
              return Normalization(channels: 6, purpose: name).apply(biased, style: style).relu()
            }
            let simplified = try program.simplified()
            #expect(simplified.equations.count == 6, "\(name), style \(style): \(simplified)")
            let tolerance = type == .float32 ? 2e-6 : 1e-14
            try expectSameResults(program, simplified, batch: 3, tolerance: tolerance)
          }
        }
      }
    }
  }

  @Test("keep a product that is read twice")
  func sharedProduct() throws {
    let program = try Program.traced([[3, 4]]) { x in
      let y = x[0].linear(weight: Self.kernel(x[0], [6, 4]))
      return y * 2 + y.sine()
    }
    let simplified = try program.simplified()
    #expect(primitiveNames(simplified).filter { $0 == "matrixMultiply" }.count == 1)
    try expectSameResults(program, simplified, batch: 3, tolerance: 0)
  }

  @Test("do not fold scales that are not finite")
  func infiniteScales() throws {
    let program = try Program.traced([[3, 4]]) { x in
      x[0].linear(weight: Self.kernel(x[0], [6, 4])) / 0
    }
    #expect(try primitiveNames(program.simplified()).contains("divide"))
  }
}
