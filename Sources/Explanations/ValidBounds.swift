import Tensors

/// The smallest and the largest value of each element: the valid range, else that of the data.
///
/// What is held has no width: both are 0 there.
struct ValidBounds {
  let lower: [Float]
  let upper: [Float]

  /// - Throws: `ExplanationError.unknownRange` where neither is known.
  init(_ request: AttributionRequest, _ input: InputSpecification) throws {
    var lower = input.encodedLowerBounds.floats
    var upper = input.encodedUpperBounds.floats
    for position in input.heldPositions { (lower[position], upper[position]) = (0, 0) }
    let open = lower.indices.filter { !lower[$0].isFinite || !upper[$0].isFinite }
    if let first = open.first {
      guard let background = request.background, background.shape[0] > 1 else {
        throw ExplanationError.unknownRange(feature: ValidBounds.name(first, input))
      }
      let (least, most) = ValidBounds.extremes(of: background)
      for element in open {
        if !lower[element].isFinite { lower[element] = least[element] }
        if !upper[element].isFinite { upper[element] = most[element] }
      }
    }
    self.lower = lower
    self.upper = upper
  }

  var widths: [Double] { zip(lower, upper).map { Double($1) - Double($0) } }

  private static func extremes(of rows: Tensor) -> (least: [Float], most: [Float]) {
    let most = rows.maximum(over: [0], keepingDimensions: false).floats
    let least = (-rows).maximum(over: [0], keepingDimensions: false).floats.map { -$0 }
    return (least, most)
  }

  private static func name(_ element: Int, _ input: InputSpecification) -> String {
    if input.layout == .table { return "feature '\(input.encodedNames[element])'" }
    guard !input.features.isEmpty else { return "the input" }
    let channel = element / (input.shape.count / input.features.count)
    return "channel '\(input.features[channel].name)'"
  }
}
