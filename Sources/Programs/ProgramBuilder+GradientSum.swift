import Tensors

extension ProgramBuilder {
  /// The sum of the gradients that reach one value.
  ///
  /// The gradient of a slice is the slice's own, padded with zeros. Where many slices tile an axis
  /// (the steps of a recurrent network) they are joined instead of added, or the cost would grow
  /// with the square of their number.
  func sum(_ parts: [Value]) -> Value {
    let pieces = parts.compactMap(piece)
    guard let axis = pieces.first?.axis, pieces.count > 2 else { return added(parts) }
    let joined = pieces.filter { $0.axis == axis }
    guard let tiled = join(joined, along: axis, like: parts[0]) else { return added(parts) }
    let isJoined = Set(joined.map(\.padded.id))
    return added([tiled] + parts.filter { !isJoined.contains($0.id) })
  }

  private func added(_ parts: [Value]) -> Value {
    parts.dropFirst().reduce(parts[0]) { $0 + $1 }
  }

  /// A value padded with zeros along one axis only.
  private struct Piece {
    let padded: Value
    let content: Value
    let axis: Int
    let start: Int
    var end: Int { start + content.shape[axis] }
  }

  private func piece(_ value: Value) -> Piece? {
    guard let equation = equation(of: value.id),
      case .pad(let low, let high, let interior, 0) = equation.primitive,
      interior.allSatisfy({ $0 == 0 })
    else { return nil }
    let axes = low.indices.filter { low[$0] != 0 || high[$0] != 0 }
    guard axes.count == 1, !Shape.isSymbolic(value.shape[axes[0]]) else { return nil }
    return Piece(
      padded: value, content: self.value(equation.operands[0]), axis: axes[0],
      start: low[axes[0]])
  }

  /// Pieces side by side, zeros between them; nil if two overlap in part.
  private func join(_ pieces: [Piece], along axis: Int, like whole: Value) -> Value? {
    // Slices of the same elements are added; sorting by position keeps their order of arrival.
    let groups = Dictionary(grouping: pieces) { $0.start..<$0.end }
      .sorted {
        ($0.key.lowerBound, $0.key.upperBound) < ($1.key.lowerBound, $1.key.upperBound)
      }
    for (left, right) in zip(groups, groups.dropFirst()) {
      guard left.key.upperBound <= right.key.lowerBound else { return nil }
    }
    var parts: [Value] = []
    var position = 0
    func fill(to end: Int) {
      guard end > position else { return }
      var shape = whole.shape
      shape[axis] = end - position
      parts.append(whole.scalar(0).broadcast(to: shape))
    }
    for (range, members) in groups {
      fill(to: range.lowerBound)
      parts.append(added(members.map(\.content)))
      position = range.upperBound
    }
    fill(to: whole.shape[axis])
    return .concatenated(parts, axis: axis)
  }
}
