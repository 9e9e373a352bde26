import Images
import Tensors

/// What an image model sees, as a picture.
enum InputPicture {
  /// The raw values `[channels, height, width]` as a picture: three channels as colours, else grey.
  ///
  /// The valid range becomes black to white; without one, the values' own range does. More than
  /// three channels, or two, are averaged.
  static func image(of input: Tensor, _ specification: InputSpecification) -> Image {
    let (height, width) = (input.shape[1], input.shape[2])
    let values = input.doubles
    let plane = height * width
    let channels = specification.audited.shape[0]
    let (low, high) = range(of: Array(values.prefix(channels * plane)), specification)
    func sample(_ value: Double) -> UInt8 {
      guard value.isFinite, high > low else { return 0 }
      return UInt8((max(0, min(1, (value - low) / (high - low))) * 255).rounded())
    }
    if channels == 3 {
      let samples = (0..<plane).flatMap { pixel in
        (0..<3).map { sample(values[$0 * plane + pixel]) }
      }
      return Image(width: width, height: height, channels: .rgb, samples: samples)
    }
    let samples = (0..<plane).map { pixel in
      sample((0..<channels).reduce(0.0) { $0 + values[$1 * plane + pixel] } / Double(channels))
    }
    return Image(width: width, height: height, channels: .grey, samples: samples)
  }

  /// Values per channel summed to one number a pixel.
  static func map(of values: Tensor) -> Heatmap {
    let plane = values.shape[1] * values.shape[2]
    let numbers = values.doubles
    let sums = (0..<plane).map { pixel in
      (0..<values.shape[0]).reduce(0.0) { $0 + numbers[$1 * plane + pixel] }
    }
    return Heatmap(width: values.shape[2], height: values.shape[1], values: sums)
  }

  /// How often a pixel is repeated, so that small pictures can be seen.
  static func enlargement(of shape: Shape) -> Int { max(1, 168 / max(shape[1], shape[2], 1)) }

  private static func range(
    of values: [Double], _ specification: InputSpecification
  ) -> (Double, Double) {
    let stated = specification.features.first?.range ?? specification.range
    let finite = values.filter(\.isFinite)
    return (stated?.lower ?? finite.min() ?? 0, stated?.upper ?? finite.max() ?? 1)
  }
}
