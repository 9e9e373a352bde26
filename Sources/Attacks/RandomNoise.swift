import Models
import Tensors

/// Random noise: the control that every attack has to beat.
///
/// Draws alternate between points uniform in the ball and its extremes (corners for L∞ and L1,
/// the sphere for L2), each projected onto the valid range.
struct RandomNoise: BlackBoxAttack {
  static let name = "noise"
  static let summary = "random points of the ball and its corners, as a control"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable { case draws }

  /// The number of points that are tried; each costs one forward pass.
  var draws = 10

  func validate() throws {
    try require(draws > 0, "draws", "a positive number", got: draws)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier
  ) throws -> AttackProposal {
    let random = batch.random(for: Self.name)
    var search = QuerySearch(batch, under: threat, querying: model)
    for draw in 0..<draws where !search.isFinished {
      let point =
        draw.isMultiple(of: 2)
        ? threat.sample(around: batch.inputs, using: random, step: draw)
        : threat.extremeSample(around: batch.inputs, using: random, step: draw)
      try search.query(point)
    }
    return search.proposal()
  }
}
