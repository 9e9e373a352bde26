public import Tensors

/// How far a sample's explanation moves when the sample is attacked.
///
/// Measured on cells: features of a table, pixels, time steps.
public struct AttributionShift: Codable, Hashable, Sendable {
  /// Spearman's ρ of the signed attributions; nil where either is constant.
  public var rankCorrelation: Double?
  /// The share that the largest magnitudes have in common.
  public var topOverlap: Double
  /// How many of the largest were compared.
  public var topCount: Int
  /// The cosine of the angle between them; nil where either is zero.
  public var cosine: Double?
  /// The length of the difference over the length of the first: ‖a′ − a‖₂ / ‖a‖₂.
  public var relativeDistance: Double?

  /// - Parameters:
  ///   - clean: The attributions of the sample's cells.
  ///   - attacked: Those of the perturbed sample.
  ///   - topFraction: The fraction of the cells whose magnitudes count as large.
  public init(clean: [Double], attacked: [Double], topFraction: Double = 0.1) {
    precondition(
      clean.count == attacked.count && !clean.isEmpty,
      "expected as many numbers, got \(clean.count) and \(attacked.count)")
    rankCorrelation = VectorComparison.spearman(clean, attacked)
    topCount = max(1, Int((topFraction * Double(clean.count)).rounded()))
    topOverlap = VectorComparison.topOverlap(
      clean.map { abs($0) }, attacked.map { abs($0) }, count: topCount)
    cosine = VectorComparison.cosine(clean, attacked)
    relativeDistance = VectorComparison.relativeDistance(from: clean, to: attacked)
  }
}

extension Attribution {
  /// How far each sample's explanation is from that of the same target after an attack.
  ///
  /// - Precondition: both explain the same samples and classes.
  public func shifts(to attacked: Attribution, input: InputSpecification) -> [AttributionShift] {
    precondition(
      samples == attacked.samples && classes == attacked.classes,
      "expected explanations of the same samples and classes")
    let cells = FeatureCells(input)
    return (0..<count).map { row in
      AttributionShift(
        clean: cells.sums(values(row)), attacked: cells.sums(attacked.values(row)))
    }
  }
}
