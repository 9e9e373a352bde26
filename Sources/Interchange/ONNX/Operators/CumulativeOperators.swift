import Programs
import Tensors

/// Running sums and products.
enum CumulativeOperators {
  static let all: [ONNXOperator] = [
    .value("CumSum") { call in
      let value = try call.input(0)
      return value.cumulativeSum(
        axis: try call.cumulativeAxis(value), exclusive: try call.flag("exclusive"),
        reverse: try call.flag("reverse"))
    },
    .value("CumProd") { call in
      let value = try call.input(0)
      let axis = try call.cumulativeAxis(value)
      try call.require(
        !Shape.isSymbolic(value.shape[axis]), "cannot multiply along the samples of a batch")
      let reversed = try call.flag("reverse") ? [axis] : []
      let forward = reversed.isEmpty ? value : value.reversed(axes: reversed)
      let products = forward.cumulativeProduct(
        axis: axis, exclusive: try call.flag("exclusive"))
      return reversed.isEmpty ? products : products.reversed(axes: reversed)
    },
  ]
}

extension ONNXCall {
  fileprivate func cumulativeAxis(_ value: Value) throws -> Int {
    let axes = try integers(1)
    try require(axes.count == 1, "expects one axis, got \(axes)")
    return try axis(axes[0], rank: value.shape.rank)
  }
}

extension Value {
  /// Running products, by factors at distances 1, 2, 4, …: the derivative divides by nothing.
  ///
  /// - Source: Hillis and Steele 1986, "Data parallel algorithms".
  fileprivate func cumulativeProduct(axis: Int, exclusive: Bool) -> Value {
    let count = shape[axis]
    var result = exclusive ? shifted(axis: axis, by: Swift.min(1, count)) : self
    var distance = 1
    while distance < count {
      result = result * result.shifted(axis: axis, by: distance)
      distance *= 2
    }
    return result
  }

  /// The elements moved along an axis, with ones in the places that they leave.
  private func shifted(axis: Int, by distance: Int) -> Value {
    var low = [Int](repeating: 0, count: shape.rank)
    low[axis] = distance
    return slice(axis: axis, 0..<shape[axis] - distance)
      .padded(low: low, high: low.map { _ in 0 }, value: 1)
  }

  /// The product over an axis, which is removed: neighbours are multiplied until one is left, so
  /// that the derivative is right where factors are 0.
  func product(axis: Int) -> Value {
    var result = self
    while result.shape[axis] > 1 {
      let half = result.shape[axis] / 2
      let pairs =
        result.slice(axis: axis, 0..<half) * result.slice(axis: axis, half..<2 * half)
      result =
        result.shape[axis] % 2 == 0
        ? pairs
        : Value.concatenated(
          [pairs, result.slice(axis: axis, 2 * half..<2 * half + 1)], axis: axis)
    }
    let target = shape.reduced(over: [axis], keepingDimensions: false)
    guard shape[axis] > 0 else { return scalar(1).broadcast(to: target) }
    return result.reshaped(to: target)
  }
}
