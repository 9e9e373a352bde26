public import Tensors

/// What one feature of a table contributes, as a reader should see it.
public struct FeatureContribution: Codable, Hashable, Sendable {
  public var name: String
  public var unit: String?
  /// The raw value: a category's code where the feature is categorical.
  public var value: Double
  /// The value in words: a category's name, a number with its unit.
  public var valueText: String
  /// Signed; the sum over a one-hot block.
  public var contribution: Double
}

extension Attribution {
  /// The attributions in the shape of raw inputs: one-hot blocks summed.
  ///
  /// - Shapes: `[N] + input.shape`.
  public func aggregated(for input: InputSpecification) -> Tensor {
    guard !input.isEncodingIdentity else { return attributions }
    let cells = FeatureCells(input)
    let held = [Double](repeating: 0, count: input.heldPositions.count)
    let sums = (0..<count).flatMap { cells.sums(values($0)) + held }
    return Tensor(sums.map { Float($0) }, shape: [count] + input.shape)
  }

  /// The contributions of a table's features to one sample's output, in the order of the features;
  /// what is held contributes nothing.
  ///
  /// - Parameters:
  ///   - row: The position of the sample in this explanation.
  ///   - raw: Its raw input, of shape `input.shape`.
  ///   - input: What the columns are.
  /// - Returns: One contribution a feature.
  public func contributions(
    _ row: Int, raw: Tensor, input: InputSpecification
  ) -> [FeatureContribution] {
    precondition(input.layout == .table, "expected a table, got \(input.layout)")
    precondition(raw.shape == input.shape, "expected \(input.shape), got \(raw.shape)")
    let sums = FeatureCells(input).sums(values(row))
    return zip(zip(input.features, raw.doubles), sums).map { column, contribution in
      let (feature, value) = column
      return FeatureContribution(
        name: feature.name, unit: feature.unit, value: value,
        valueText: feature.text(for: value), contribution: contribution)
    }
  }
}
