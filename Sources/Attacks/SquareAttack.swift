import Models
import Tensors

/// The Square attack: random search over windows of shrinking size, with the margin as its score.
///
/// A window is changed at random; the change is kept where it raises the margin. It needs no
/// gradient, and so it is the control against masked ones.
///
/// - Shapes: inputs and result `[N] + encodedShape`. Windows are squares of images, and segments
///   of sequences and of everything else.
/// - Source: Andriushchenko et al. 2020, arXiv:1912.00049, algorithms 1 and 2 (L∞). Here the last
///   row and column take part, the schedule is rescaled to the number of queries, and each sample
///   draws its own window. Deviation: under L2 and L1 a window of length ε is added and the sum
///   projected, where the paper moves mass between two windows.
struct SquareAttack: BlackBoxAttack {
  static let name = "square"
  static let summary = "random search over windows, without gradients"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable { case queries, share, restarts }

  /// The number of points that are asked about; each costs one forward pass.
  var queries = 500
  /// The share of the positions that the first windows cover.
  var share = 0.8
  var restarts = 1

  func validate() throws {
    try require(queries > 0, "queries", "a positive number", got: queries)
    try require(share > 0 && share <= 1, "share", "a number above 0, at most 1", got: share)
    try require(restarts > 0, "restarts", "a positive number", got: restarts)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier
  ) throws -> AttackProposal {
    let random = batch.random(for: Self.name)
    let windows = WindowSampler(threat)
    var search = QuerySearch(batch, under: threat, querying: model)
    let stripes = random.rows(batch.inputs.shape.sample) { windows.stripes(using: &$0) }
    var points = threat.project(batch.inputs + stripes, around: batch.inputs)
    var margins = try search.query(points)
    for query in 1..<max(queries, 2) where query < queries && !search.isFinished {
      let side = windows.side(share: share(at: query))
      let proposed = random.rows(batch.inputs.shape.sample, step: query) {
        windows.window(side: side, using: &$0)
      }
      let moved =
        threat.norm == .linf ? replaced(points, batch.inputs, proposed) : points + proposed
      let candidates = threat.project(moved, around: batch.inputs)
      let answers = try search.query(candidates)
      let better = answers.keys.filter { answers[$0, default: 0] > margins[$0, default: 0] }
        .sorted()
      guard !better.isEmpty else { continue }
      points.setRows(better, to: candidates.rows(better))
      for row in better { margins[row] = answers[row] }
    }
    return search.proposal()
  }

  /// The points with the windows set to the clean values plus the proposal.
  private func replaced(_ points: Tensor, _ inputs: Tensor, _ proposed: Tensor) -> Tensor {
    let isInside = proposed.absoluteValue().sign()
    return points * (1 - isInside) + (inputs + proposed) * isInside
  }

  /// The share of positions under a window: halved at fixed parts of the budget.
  private func share(at query: Int) -> Double {
    let progress = query * 10_000 / queries
    let halvings = [10, 50, 200, 500, 1_000, 2_000, 4_000, 6_000, 8_000].count { progress > $0 }
    return share / Double(1 << halvings)
  }
}

/// Random windows over the positions of one sample, as displacements.
private struct WindowSampler {
  private let norm: Norm
  private let epsilon: Double
  private let scale: [Float]
  private let channels: Int
  private let height: Int
  private let width: Int

  init(_ threat: ThreatModel) {
    norm = threat.norm
    epsilon = threat.epsilon
    scale = threat.constraints.scale.floats
    let shape = threat.input.encodedShape
    switch threat.input.layout {
    case .image where shape.rank == 3:
      (channels, height, width) = (shape[0], shape[1], shape[2])
    case .sequence where shape.rank == 2: (channels, height, width) = (shape[0], 1, shape[1])
    default: (channels, height, width) = (1, 1, shape.count)
    }
  }

  /// The side of a square, or the length of a segment, that covers a share of the positions.
  func side(share: Double) -> Int {
    let positions = Double(height * width) * share
    let side = height > 1 ? positions.squareRoot() : positions
    return min(max(Int(side.rounded()), 1), height > 1 ? min(height, width) : width)
  }

  /// A sign for each column of each channel.
  func stripes(using random: inout RandomStream) -> [Float] {
    var result = [Float](repeating: 0, count: scale.count)
    for channel in 0..<channels {
      for column in 0..<width {
        let value = epsilon * random.sign()
        for line in 0..<height { set(&result, channel, line, column, to: value) }
      }
    }
    return result
  }

  /// A window of one sign per channel: ±ε everywhere under L∞, of length ε under L2 and L1.
  func window(side: Int, using random: inout RandomStream) -> [Float] {
    var result = [Float](repeating: 0, count: scale.count)
    let lines = min(side, height)
    let top = random.index(below: height - lines + 1)
    let left = random.index(below: width - side + 1)
    let count = Double(lines * side * channels)
    let magnitude =
      switch norm {
      case .linf: epsilon
      case .l2: epsilon / count.squareRoot()
      case .l1: epsilon / count
      }
    for channel in 0..<channels {
      let value = magnitude * random.sign()
      for line in top..<top + lines {
        for column in left..<left + side { set(&result, channel, line, column, to: value) }
      }
    }
    return result
  }

  private func set(
    _ values: inout [Float], _ channel: Int, _ line: Int, _ column: Int, to value: Double
  ) {
    let position = (channel * height + line) * width + column
    values[position] = Float(value) * scale[position]
  }
}
