import Foundation
import Tensors

/// A separable Gaussian filter over the last two axes, mirrored at the borders.
struct GaussianFilter {
  /// The weights at distances 0, 1, …; with both sides they sum to 1.
  private let weights: [Double]

  /// - Parameter sigma: The standard deviation in pixels; weights beyond four of it are dropped.
  init(sigma: Double) {
    let radius = Int((4 * sigma).rounded(.up))
    let raw = (0...radius).map { exp(-0.5 * pow(Double($0) / sigma, 2)) }
    let sum = 2 * raw.reduce(0, +) - raw[0]
    weights = raw.map { $0 / sum }
  }

  func applied(to images: Tensor) -> Tensor {
    let (height, width) = (images.shape[images.shape.rank - 2], images.shape[images.shape.rank - 1])
    var values = images.doubles
    for plane in stride(from: 0, to: values.count, by: height * width) {
      for row in 0..<height { filter(&values, plane + row * width, step: 1, count: width) }
      for column in 0..<width { filter(&values, plane + column, step: width, count: height) }
    }
    return Tensor(values.map { Float($0) }, shape: images.shape)
  }

  private func filter(_ values: inout [Double], _ start: Int, step: Int, count: Int) {
    let line = (0..<count).map { values[start + $0 * step] }
    for index in 0..<count {
      var sum = weights[0] * line[index]
      for distance in 1..<weights.count {
        let left = line[mirrored(index - distance, count)]
        sum += weights[distance] * (left + line[mirrored(index + distance, count)])
      }
      values[start + index * step] = sum
    }
  }

  /// The index after reflection at the outer edges of the first and last pixel.
  private func mirrored(_ index: Int, _ count: Int) -> Int {
    let period = 2 * count
    let wrapped = ((index % period) + period) % period
    return wrapped < count ? wrapped : period - 1 - wrapped
  }
}
