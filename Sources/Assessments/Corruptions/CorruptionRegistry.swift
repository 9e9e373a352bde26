public import Tensors

/// Every corruption, in the order in which reports show them.
package enum CorruptionRegistry {
  package static let all: [any Corruption] = [
    GaussianNoise(), ShotNoise(), ImpulseNoise(), SpeckleNoise(),
    DefocusBlur(), GaussianBlur(), MotionBlur(), ZoomBlur(), Pixelation(),
    ContrastLoss(), BrightnessGain(), Haze(), BlockQuantisation(),
    Translation(), Rotation(), OcclusionPatch(),
    MeasurementError(), CoarseValues(), MissingValues(), CategoryErrors(), DigitSlips(),
    Jitter(), ChannelScaling(), BaselineDrift(), SignalLoss(), TimeShift(),
    UniformNoise(),
  ]

  /// The corruptions of the given names, all that suit the inputs where there are none.
  ///
  /// - Parameters:
  ///   - names: Raw values of `CorruptionKind`; nil: all that suit.
  ///   - input: What the samples are.
  /// - Returns: Them in the order of the registry.
  /// - Throws: `CorruptionError` for a name that is unknown or does not suit the inputs.
  package static func corruptions(
    named names: [String]?, for input: InputSpecification
  ) throws -> [any Corruption] {
    let suitable = all.filter { $0.suits(input) }
    guard let names else { return suitable }
    for name in names where !suitable.contains(where: { $0.kind.rawValue == name }) {
      throw CorruptionError(
        name: name, isKnown: CorruptionKind(rawValue: name) != nil, layout: input.layout,
        suitable: suitable.map(\.kind.rawValue))
    }
    return suitable.filter { names.contains($0.kind.rawValue) }
  }
}

/// A name in a list of corruptions that cannot be used.
public struct CorruptionError: Error, Hashable, Sendable {
  public var name: String
  /// Whether there is such a corruption at all.
  public var isKnown: Bool
  public var layout: InputSpecification.Layout
  /// The names that can be used.
  public var suitable: [String]
}

extension CorruptionError: CustomStringConvertible {
  public var description: String {
    let problem =
      isKnown ? "does not suit inputs of this kind (\(layout.rawValue))" : "is not known"
    let advice =
      suitable.isEmpty ? "nothing suits them" : "choose from \(suitable.joined(separator: ", "))"
    return "corruption '\(name)' \(problem); \(advice)"
  }
}
