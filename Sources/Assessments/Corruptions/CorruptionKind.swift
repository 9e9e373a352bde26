/// What can go wrong with an input without anybody meaning harm.
public enum CorruptionKind: String, Codable, Hashable, Sendable, CaseIterable {
  // Images.
  case gaussianNoise = "gaussian-noise"
  case shotNoise = "shot-noise"
  case impulseNoise = "impulse-noise"
  case speckleNoise = "speckle-noise"
  case defocusBlur = "defocus-blur"
  case gaussianBlur = "gaussian-blur"
  case motionBlur = "motion-blur"
  case zoomBlur = "zoom-blur"
  case pixelation
  case contrast
  case brightness
  case haze
  case blockQuantisation = "block-quantisation"
  case translation
  case rotation
  case occlusion
  // Tables.
  case measurementError = "measurement-error"
  case coarseValues = "coarse-values"
  case missingValues = "missing-values"
  case categoryErrors = "category-errors"
  case digitSlips = "digit-slips"
  // Sequences; jitter is for other arrays too.
  case jitter
  case scaling
  case baselineDrift = "baseline-drift"
  case signalLoss = "signal-loss"
  case timeShift = "time-shift"
  // Other arrays.
  case uniformNoise = "uniform-noise"
}

/// What the strength of a corruption is a number of.
public enum CorruptionUnit: String, Codable, Hashable, Sendable, CaseIterable {
  /// The standard deviation of the noise, as a share of the range of values.
  case deviationOfRange = "deviation-of-range"
  /// The standard deviation of the noise, as a share of the value that it is added to.
  case deviationOfValue = "deviation-of-value"
  /// The standard deviation of the error, as a share of the feature's or channel's own.
  case deviationOfFeature = "deviation-of-feature"
  /// The unit in which values are reported, as a share of the feature's standard deviation.
  case unitOfFeature = "unit-of-feature"
  /// The mean number of counted particles where the value is largest.
  case counts
  case shareOfValues = "share-of-values"
  case shareOfCells = "share-of-cells"
  case shareOfRows = "share-of-rows"
  case shareOfArea = "share-of-area"
  case shareOfLength = "share-of-length"
  case shareOfRange = "share-of-range"
  /// A length in pixels.
  case pixels
  /// The standard deviation of a blur in pixels.
  case deviationInPixels = "deviation-in-pixels"
  /// The largest magnification that is averaged over.
  case magnification
  /// The pixels that are left along each side, as a share.
  case resolution
  /// What differences from the mean are multiplied by.
  case factor
  /// The share of the light that comes from the haze.
  case opacity
  /// The quality from 1 to 100 of the JPEG standard's tables.
  case quality
  case degrees
  case steps

  /// Whether readers see the strength as a percentage.
  public var isShare: Bool {
    switch self {
    case .deviationOfRange, .deviationOfValue, .deviationOfFeature, .unitOfFeature, .shareOfValues,
      .shareOfCells, .shareOfRows, .shareOfArea, .shareOfLength, .shareOfRange, .resolution,
      .factor, .opacity:
      true
    case .counts, .pixels, .deviationInPixels, .magnification, .quality, .degrees, .steps: false
    }
  }
}
