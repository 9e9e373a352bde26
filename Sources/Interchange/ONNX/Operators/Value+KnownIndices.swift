import Programs
import Tensors

extension Value {
  /// The elements of an axis at indices that are known, by the plainest primitives that do it.
  ///
  /// Rows of an image that are mirrored or repeated become slices, whose derivatives are cheaper
  /// than those of a table of indices.
  func elements(at indices: [Int], axis: Int) -> Value {
    let count = shape[axis]
    guard !indices.isEmpty else { return slice(axis: axis, 0..<0) }
    if indices.count == count, indices.elementsEqual(0..<count) { return self }
    if let factor = repetition(of: indices, axis: axis) { return repeated(factor, axis: axis) }
    let runs = IndexRun.runs(of: indices)
    guard runs.count <= 6, !Shape.isSymbolic(count) else {
      return gather(builder.constant(Tensor(indices.map(Int64.init))), axis: axis)
    }
    return Value.concatenated(runs.map { part($0, axis: axis) }, axis: axis)
  }

  /// How often each element follows itself: 2 for 0, 0, 1, 1, 2, 2.
  private func repetition(of indices: [Int], axis: Int) -> Int? {
    let count = shape[axis]
    guard count > 0, indices.count > count, indices.count % count == 0 else { return nil }
    let factor = indices.count / count
    return indices.enumerated().allSatisfy { $0.element == $0.offset / factor } ? factor : nil
  }

  /// Every element of an axis several times in a row.
  func repeated(_ factor: Int, axis: Int) -> Value {
    guard factor > 1 else { return self }
    var spread = shape.dimensions
    spread.insert(factor, at: axis + 1)
    var result = shape
    result[axis] *= factor
    let axes = spread.indices.filter { $0 != axis + 1 }
    return apply(.broadcast(Shape(spread), axes: axes)).reshaped(to: result)
  }

  private func part(_ run: IndexRun, axis: Int) -> Value {
    let last = run.start + (run.count - 1) * run.step
    guard run.step != 0 || run.count == 1 else {
      var target = shape
      target[axis] = run.count
      return slice(axis: axis, run.start..<run.start + 1).broadcast(to: target)
    }
    guard run.step < 0 else {
      return slice(axis: axis, run.start..<last + 1, by: max(run.step, 1))
    }
    return slice(axis: axis, last..<run.start + 1, by: -run.step).reversed(axes: [axis])
  }

  /// The axis with one place moved to another, the others in their order.
  func moved(axis: Int, to target: Int) -> Value {
    var order = Array(0..<shape.rank)
    order.insert(order.remove(at: axis), at: target)
    return transposed(order)
  }

  /// The size of an axis as an int64 scalar, which may depend on the number of samples.
  func length(of axis: Int) -> Value { builder.append(.dimension(shape[axis]), []) }

  /// Indices as int64 numbers from 0 on, where negative ones are counted from the end.
  func indices(intoAxisOf length: Value) -> Value {
    let numbers = converted(to: .int64)
    return numbers.compare(.less, numbers.scalar(0)).select(numbers + length, numbers)
  }

  /// The product of an axis of `count` elements with a constant matrix `[result, count]`.
  func multiplied(along axis: Int, by matrix: Tensor) -> Value {
    let last = shape.rank - 1
    let factor = builder.constant(matrix.converted(to: elementType))
    let moved = moved(axis: axis, to: last)
    let rows = moved.reshaped(to: [moved.shape.dimensions.dropLast().reduce(1, *), shape[axis]])
    let product = rows.matrixMultiplied(by: factor, transposeRight: true)
    var target = moved.shape
    target[last] = matrix.shape[0]
    return product.reshaped(to: target).moved(axis: last, to: axis)
  }
}

/// Indices at equal distances.
private struct IndexRun {
  var start: Int
  var step: Int
  var count: Int

  /// The longest runs that a list falls into, from its beginning on.
  static func runs(of indices: [Int]) -> [IndexRun] {
    var runs: [IndexRun] = []
    for index in indices {
      guard let run = runs.last else {
        runs.append(IndexRun(start: index, step: 1, count: 1))
        continue
      }
      if run.count == 1 {
        runs[runs.count - 1] = IndexRun(start: run.start, step: index - run.start, count: 2)
      } else if index == run.start + run.count * run.step {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(IndexRun(start: index, step: 1, count: 1))
      }
    }
    return runs
  }
}
