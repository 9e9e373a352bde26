import Tensors

extension Primitive {
  /// The elements of x at indices, for samples that differ in either or in both.
  func gathered(_ x: SampleOperand, _ indices: SampleOperand, axis: Int) -> Value {
    guard indices.isBatched else { return x.value.apply(withLeadingAxis, indices.value) }
    // One x: the indices of all samples are looked up in it, and N lies where the axis was.
    guard x.isBatched else { return x.value.apply(self, indices.value).movingToFront(axis) }
    // Each in its own x: an index for each element, `[N, before, indices, after]`.
    let positions = indices.value.shape.sample
    let shape = x.value.shape.replacing(axis + 1..<axis + 2, with: [positions.count])
    return x.value.gatherElements(indices.value.aligned(to: shape, axis: axis + 1), axis: axis + 1)
      .reshaped(to: shape.replacing(axis + 1..<axis + 2, with: positions.dimensions))
  }

  /// The updates added up at indices, for samples that differ in either or in both.
  func scattered(
    _ indices: SampleOperand, _ updates: SampleOperand, axis: Int, count: Int
  ) -> Value {
    guard indices.isBatched else { return indices.value.apply(withLeadingAxis, updates.value) }
    // An index for each element of the updates, `[N, before, indices, after]`.
    let positions = indices.value.shape.sample
    let updates = updates.batched
    let shape = updates.shape.replacing(
      axis + 1..<axis + 1 + positions.rank, with: [positions.count])
    return indices.value.aligned(to: shape, axis: axis + 1).apply(
      .scatterAddElements(axis: axis + 1, count: count), updates.reshaped(to: shape))
  }
}

extension Value {
  /// Indices `[N, …]` laid along one axis of a shape that begins with N, repeated along the others.
  fileprivate func aligned(to target: Shape, axis: Int) -> Value {
    var flat = Shape(Array(repeating: 1, count: target.rank))
    (flat[0], flat[axis]) = (target[0], target[axis])
    return reshaped(to: flat).broadcast(to: target)
  }

  /// The value with one axis before all others.
  func movingToFront(_ axis: Int) -> Value {
    transposed([axis] + (0..<shape.rank).filter { $0 != axis })
  }
}

extension Shape {
  fileprivate func replacing(_ axes: Range<Int>, with dimensions: [Int]) -> Shape {
    var result = self.dimensions
    result.replaceSubrange(axes, with: dimensions)
    return Shape(result)
  }
}
