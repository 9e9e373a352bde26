import Explanations
import Tensors

/// The way from a reference applicant to an applicant, a feature at a time: an order and its reverse.
///
/// Features that both share are not visited: they contribute nothing.
struct OrderedChange: Sendable {
  let reference: Int
  private let order: [Int]
  private let members: [[Int]]

  init(
    reference: Int, from start: [Float], to end: [Float], _ cells: FeatureCells,
    _ random: RandomStream
  ) {
    var random = random
    self.reference = reference
    members = cells.members
    order = cells.members.indices.filter { cell in
      cells.members[cell].contains { start[$0] != end[$0] }
    }.shuffled(using: &random)
  }

  /// The points strictly between the two ends, forwards and backwards.
  var pointCount: Int { 2 * max(order.count - 1, 0) }

  /// Writes a point: with the first features of the order changed, or the last ones.
  func write(
    _ index: Int, from start: [Float], to end: [Float],
    _ point: UnsafeMutableBufferPointer<Float>
  ) {
    for position in start.indices { point[position] = start[position] }
    let length = order.count - 1
    let changed = index < length ? order.prefix(index + 1) : order.suffix(index - length + 1)
    for cell in changed {
      for position in members[cell] { point[position] = end[position] }
    }
  }

  /// Each feature's change of score at its turn, averaged over the order and its reverse.
  ///
  /// - Parameters:
  ///   - first: The score at the reference applicant.
  ///   - last: The score at the applicant.
  ///   - scores: Those at the points.
  /// - Returns: A number a feature.
  func contributions(first: Double, last: Double, between scores: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: members.count)
    guard !order.isEmpty else { return result }
    let length = order.count - 1
    let forward = [first] + scores.prefix(length) + [last]
    let backward = [first] + scores.suffix(length) + [last]
    for (turn, cell) in order.enumerated() {
      let reverse = length - turn
      result[cell] =
        (forward[turn + 1] - forward[turn] + backward[reverse + 1] - backward[reverse]) / 2
    }
    return result
  }
}
