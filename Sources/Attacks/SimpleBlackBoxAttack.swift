import Models
import Tensors

/// The simple black-box attack (SimBA): one coordinate at a time, kept where it raises the margin.
///
///     x ← Π(x ± α eᵢ) for coordinates i in random order, + before −, whenever that helps
///
/// A step that is too short to cross a threshold changes nothing in a model of trees. So α starts
/// large, and is halved after a round of all coordinates in which nothing helped. A binary value or
/// a category is switched whole.
///
/// - Shapes: inputs and result `[N] + encodedShape`.
/// - Source: Guo et al. 2019, arXiv:1905.07121, algorithm 1 with the Cartesian basis. Deviations:
///   the margin in place of the probability, which saturates; the ball of the threat model in place
///   of a count of steps; further rounds in new orders; and the halving.
struct SimpleBlackBoxAttack: BlackBoxAttack {
  static let name = "simba"
  static let summary = "single coordinates in random order, without gradients"
  static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  enum CodingKeys: String, CodingKey, CaseIterable {
    case queries
    case relativeStep = "relative-step"
    case restarts
  }

  /// The number of points that are asked about; each costs one forward pass.
  var queries = 500
  /// The first step length α as a fraction of ε.
  ///
  /// With thousands of coordinates under L2 or L1, which share the budget, shorter ones do better:
  /// k steps of ε / √k fill the ball of L2.
  var relativeStep = 1.0
  var restarts = 1

  func validate() throws {
    try require(queries > 0, "queries", "a positive number", got: queries)
    try require(
      relativeStep > 0 && relativeStep <= 1, "relative-step", "a number above 0, at most 1",
      got: relativeStep)
    try require(restarts > 0, "restarts", "a positive number", got: restarts)
  }

  func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier
  ) throws -> AttackProposal {
    var search = QuerySearch(batch, under: threat, querying: model)
    var points = batch.inputs
    var margins = try search.query(points)
    let steps = CoordinateSteps(threat)
    guard !steps.coordinates.isEmpty else { return search.proposal() }
    var walks = batch.random(for: Self.name).streams().map {
      CoordinateWalk(over: steps.coordinates, step: relativeStep, using: $0)
    }
    for query in 1..<max(queries, 2) where query < queries && !search.isFinished {
      let candidates = threat.project(
        points + steps.displacements(walks, like: points), around: batch.inputs)
      let answers = try search.query(candidates).sorted { $0.key < $1.key }
      var better: [Int] = []
      for (row, margin) in answers {
        let isBetter = margin > margins[row, default: 0]
        walks[row].advance(isKept: isBetter)
        guard isBetter else { continue }
        margins[row] = margin
        better.append(row)
      }
      if !better.isEmpty { points.setRows(better, to: candidates.rows(better)) }
    }
    return search.proposal()
  }
}

/// Where one sample is on its way through the coordinates.
private struct CoordinateWalk {
  private var order: [Int]
  private var position = 0
  private var hasHelped = false
  private var random: RandomStream
  /// +1, then −1.
  private(set) var direction: Double = 1
  /// The step length as a fraction of ε.
  private(set) var step: Double

  var coordinate: Int { order[position] }

  init(over coordinates: [Int], step: Double, using random: RandomStream) {
    order = coordinates
    self.step = step
    self.random = random
    shuffle()
  }

  /// Goes on to the other direction, or to the next coordinate.
  mutating func advance(isKept: Bool) {
    hasHelped = hasHelped || isKept
    guard isKept || direction < 0 else {
      direction = -1
      return
    }
    direction = 1
    position += 1
    guard position == order.count else { return }
    if !hasHelped { step /= 2 }
    (position, hasHelped) = (0, false)
    shuffle()
  }

  private mutating func shuffle() {
    for index in order.indices.dropLast() {
      order.swapAt(index, index + random.index(below: order.count - index))
    }
  }
}

/// What a step along one coordinate is under a threat model.
private struct CoordinateSteps {
  /// The encoded positions that can move at all.
  let coordinates: [Int]
  private let epsilon: Double
  private let scale: [Double]
  private let isSwitch: [Bool]

  init(_ threat: ThreatModel) {
    let mobility = threat.mobility(epsilon: Tensor(threat.epsilon))?.floats
    coordinates = (0..<threat.input.encodedShape.count).filter { mobility?[$0] != 0 }
    epsilon = threat.epsilon
    scale = threat.constraints.scale.doubles
    isSwitch = threat.constraints.isSwitch.floats.map { $0 == 1 }
  }

  /// The next step of each row: α times the coordinate's scale, or past the other end of a switch.
  func displacements(_ walks: [CoordinateWalk], like points: Tensor) -> Tensor {
    var values = [Float](repeating: 0, count: points.count)
    for (row, walk) in walks.enumerated() {
      let coordinate = walk.coordinate
      let length = isSwitch[coordinate] ? 2 : walk.step * epsilon * scale[coordinate]
      values[row * scale.count + coordinate] = Float(walk.direction * length)
    }
    return Tensor(values, shape: points.shape)
  }
}
