package import Tensors

/// A plausible disturbance of an input, in five severities.
///
/// All severities of a corruption draw the same random numbers for a sample: what differs between
/// them is the strength alone.
package protocol Corruption: Sendable {
  var kind: CorruptionKind { get }
  /// What the strength is a number of.
  var unit: CorruptionUnit { get }

  /// Whether inputs of this kind can be disturbed so.
  func suits(_ input: InputSpecification) -> Bool

  /// The strengths of the severities 1 to 5.
  func strengths(in space: CorruptionSpace) -> [Double]

  /// Disturbs one raw sample; whoever calls makes it valid again (`CorruptionSpace.validate`).
  ///
  /// - Parameters:
  ///   - sample: The raw values in row-major order, without what is held.
  ///   - strength: One of `strengths`.
  ///   - space: What is known of the inputs.
  ///   - random: The sample's own stream.
  func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream)
}

/// A corruption of images whose values were brought to [0, 1].
protocol ImageCorruption: Corruption {
  /// The strengths of the severities 1 to 5; lengths are shares of the image's shorter side.
  var severities: [Double] { get }

  func corrupt(_ image: inout PixelGrid, strength: Double, using random: inout RandomStream)
}

extension ImageCorruption {
  package func suits(_ input: InputSpecification) -> Bool {
    input.layout == .image && input.audited.shape.rank == 3
  }

  package func strengths(in space: CorruptionSpace) -> [Double] {
    switch unit {
    case .pixels, .deviationInPixels:
      let shape = space.input.shape
      return severities.map { $0 * Double(min(shape[1], shape[2])) }
    default: return severities
    }
  }

  package func corrupt(
    _ sample: inout [Float], strength: Double, in space: CorruptionSpace,
    using random: inout RandomStream
  ) {
    var image = PixelGrid(space.unitValues(sample), shape: space.input.shape)
    corrupt(&image, strength: strength, using: &random)
    sample = space.rawValues(image.values)
  }
}
