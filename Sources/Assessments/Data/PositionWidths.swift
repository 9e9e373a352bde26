import Tensors

/// The width of the range of each position of a sample.
struct PositionWidths: Hashable, Sendable {
  let widths: [Float]

  init(_ input: InputSpecification, _ training: Tensor) {
    let audited = input.audited
    let channels = max(audited.features.count, 1)
    let perChannel = audited.shape.count / channels
    let own = (0..<channels).flatMap { channel -> [Float] in
      let stated = audited.features.isEmpty ? nil : audited.features[channel].validRange
      let range = stated ?? input.range
      let positions = channel * perChannel..<(channel + 1) * perChannel
      let width =
        if let lower = range?.lower, let upper = range?.upper {
          Float(upper - lower)
        } else {
          Self.observed(training, positions)
        }
      return [Float](repeating: width, count: perChannel)
    }
    widths = own + [Float](repeating: 0, count: input.shape.count - own.count)
  }

  private static func observed(_ training: Tensor, _ positions: Range<Int>) -> Float {
    let size = training.shape.sample.count
    return training.withUnsafeScalars(of: Float.self) { values in
      var (least, most) = (Float.infinity, -Float.infinity)
      for start in stride(from: 0, to: values.count, by: size) {
        for position in positions {
          least = min(least, values[start + position])
          most = max(most, values[start + position])
        }
      }
      return max(most - least, 0)
    }
  }
}
