import Programs
import Tensors

/// Padding of tensors.
enum PadOperators {
  static let all: [ONNXOperator] = [
    .value("Pad", since: 1) { call in
      guard let pads = try call.optionalInts("paddings") else {
        throw call.error("has no attribute 'paddings'")
      }
      return try call.padded(pads, axes: nil, value: call.float("value", default: 0))
    },
    .value("Pad", since: 2) { call in
      guard let pads = try call.optionalInts("pads") else {
        throw call.error("has no attribute 'pads'")
      }
      return try call.padded(pads, axes: nil, value: call.float("value", default: 0))
    },
    .value("Pad", since: 11) { call in
      try call.padded(
        call.integers(1), axes: call.optionalIntegers(3),
        value: call.optionalTensor(2)?.doubles.first ?? 0)
    },
  ]
}

/// How many elements an axis gains at both ends; negative numbers take away.
private struct AxisPads {
  let low: Int
  let high: Int

  /// The source of each element of the result.
  func indices(count: Int, _ source: (Int) -> Int) -> [Int] {
    (0..<max(low + count + high, 0)).map { source($0 - low) }
  }
}

extension ONNXCall {
  fileprivate func padded(_ pads: [Int], axes: [Int]?, value fill: Double) throws -> Value {
    let value = try input(0)
    let rank = value.shape.rank
    let axes = try self.axes(axes ?? Array(0..<rank), rank: rank)
    try require(
      pads.count == 2 * axes.count && pads.allSatisfy { $0.magnitude < 1 << 31 },
      "expects two numbers for each of \(axes.count) axes, got \(pads)")
    let mode = try string("mode", default: "constant")
    return try axes.indices.reduce(value) { result, index in
      let pads = AxisPads(low: pads[index], high: pads[axes.count + index])
      guard pads.low != 0 || pads.high != 0 else { return result }
      return try padded(result, axis: axes[index], pads, mode, fill)
    }
  }

  private func padded(
    _ value: Value, axis: Int, _ pads: AxisPads, _ mode: String, _ fill: Double
  ) throws -> Value {
    let count = value.shape[axis]
    try require(
      !Shape.isSymbolic(count), "cannot pad an axis of \(Shape.text(count)) elements")
    try require(
      pads.low + count + pads.high >= 0, "takes more than the \(count) elements of axis \(axis)")
    if mode == "constant" { return value.filled(axis: axis, pads, fill) }
    try require(count > 0, "cannot repeat the elements of an axis that has none")
    let source: (Int) -> Int
    switch mode {
    case "edge": source = { min(max($0, 0), count - 1) }
    case "wrap": source = { ($0 % count + count) % count }
    case "reflect":
      let period = max(2 * (count - 1), 1)
      source = { index in
        let place = (index % period + period) % period
        return min(place, period - place) % count
      }
    default: throw error("there is no padding '\(mode)'")
    }
    try requireTable([pads.low + count + pads.high])
    return value.elements(at: pads.indices(count: count, source), axis: axis)
  }
}

extension Value {
  fileprivate func filled(axis: Int, _ pads: AxisPads, _ fill: Double) -> Value {
    let start = min(max(-pads.low, 0), shape[axis])
    let limit = max(shape[axis] - max(-pads.high, 0), start)
    let kept = slice(axis: axis, start..<limit)
    var low = [Int](repeating: 0, count: shape.rank)
    var high = low
    let total = pads.low + shape[axis] + pads.high
    low[axis] = min(max(pads.low, 0), total)
    high[axis] = total - low[axis] - (limit - start)
    return kept.padded(low: low, high: high, value: fill)
  }
}
