import Programs
import Tensors

/// Parts of values, and values put together.
enum TensorFlowSlices {
  static let all: [TensorFlowOperator] = [
    .value("ConcatV2") { call in
      try concatenated(call, call.values().dropLast(), axis: call.integer(call.inputs.count - 1))
    },
    .value("Concat") { call in
      try concatenated(call, call.values().dropFirst(), axis: call.integer(0))
    },
    .values("Split") { call in
      let value = try call.input(1)
      let axis = try call.axis(call.integer(0), rank: value.shape.rank)
      let count = call.int("num_split", default: 1)
      try call.require(
        (1...1 << 16).contains(count) && value.shape[axis] % count == 0,
        "axis \(axis) of \(value.type) has no \(count) equal parts")
      return try parts(
        call, value, axis, Array(repeating: value.shape[axis] / count, count: count))
    },
    .values("SplitV") { call in
      let value = try call.input(0)
      let axis = try call.axis(call.integer(2), rank: value.shape.rank)
      var sizes = try call.integers(1)
      if let open = sizes.firstIndex(of: -1) {
        sizes[open] = value.shape[axis] &- (sizes.reduce(0, &+) &+ 1)
      }
      return try parts(call, value, axis, sizes)
    },
    .value("Pack") { call in
      let values = try call.values()
      let rank = try call.input(0).shape.rank
      return Value.stacked(
        values, axis: try call.axis(call.int("axis", default: 0), rank: rank + 1))
    },
    .values("Unpack") { call in
      let value = try call.input(0)
      let axis = try call.axis(call.int("axis", default: 0), rank: value.shape.rank)
      let size = value.shape[axis]
      try call.require(size <= 1 << 16, "axis \(axis) of \(value.type) is too long to take apart")
      return (0..<size).map { value.select(axis: axis, $0) }
    },
    .value("Slice", lower: slice),
    .value("StridedSlice") { try TensorFlowStridedSlice($0).applied(to: $0.input(0), $0) },
    .value("Pad") { try padded($0, 0) },
    .value("PadV2") { call in
      let value = try call.reals(2)
      try call.require(value.count == 1, "the padding value has \(value.count) elements")
      return try padded(call, value[0])
    },
    .value("MirrorPad", lower: mirrored),
  ]

  private static func concatenated(
    _ call: TensorFlowCall, _ values: ArraySlice<Value>, axis: Int
  ) throws -> Value {
    try call.require(!values.isEmpty, "has nothing to concatenate")
    let rank = values[values.startIndex].shape.rank
    return Value.concatenated(Array(values), axis: try call.axis(axis, rank: rank))
  }

  private static func parts(
    _ call: TensorFlowCall, _ value: Value, _ axis: Int, _ sizes: [Int]
  ) throws -> [Value] {
    let total = value.shape[axis]
    try call.require(
      sizes.allSatisfy { (0...total).contains($0) } && sizes.reduce(0, &+) == total,
      "the parts \(sizes) do not fill an axis of \(total)")
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return value.slice(axis: axis, start..<start + size)
    }
  }

  /// A size of −1 is what is left.
  private static func slice(_ call: TensorFlowCall) throws -> Value {
    let value = try call.input(0)
    let (starts, sizes) = try (call.integers(1), call.integers(2))
    try call.require(
      starts.count == value.shape.rank && sizes.count == value.shape.rank,
      "the places \(starts) and sizes \(sizes) do not fit \(value.type)")
    return try value.shape.dimensions.indices.reduce(value) { result, axis in
      let total = value.shape[axis]
      try call.require(
        (0...total).contains(starts[axis]), "\(value.type) has no element \(starts[axis])")
      let size = sizes[axis] == -1 ? total - starts[axis] : sizes[axis]
      if starts[axis] == 0, size == total { return result }
      try call.require(
        !Shape.isSymbolic(total), "a part of the samples cannot be taken before they are counted")
      try call.require(
        (0...total - starts[axis]).contains(size),
        "axis \(axis) of \(value.type) has no \(size) elements from \(starts[axis]) on")
      return result.slice(axis: axis, starts[axis]..<starts[axis] + size)
    }
  }

  /// Pairs of counts, before and after each axis.
  private static func paddings(_ call: TensorFlowCall) throws -> (low: [Int], high: [Int]) {
    let value = try call.input(0)
    let numbers = try call.integers(1)
    let rank = value.shape.rank
    try call.require(
      numbers.count == 2 * rank && numbers.allSatisfy { (0...1 << 30).contains($0) },
      "the paddings \(numbers) do not fit \(value.type)")
    let (low, high) = ((0..<rank).map { numbers[2 * $0] }, (0..<rank).map { numbers[2 * $0 + 1] })
    for axis in 0..<rank where low[axis] + high[axis] > 0 {
      try call.require(!Shape.isSymbolic(value.shape[axis]), "the samples cannot be padded")
    }
    return (low, high)
  }

  private static func padded(_ call: TensorFlowCall, _ filling: Double) throws -> Value {
    let (low, high) = try paddings(call)
    return try call.input(0).padded(low: low, high: high, value: filling)
  }

  /// Padding by what lies behind the edge, with the edge itself (SYMMETRIC) or without (REFLECT).
  private static func mirrored(_ call: TensorFlowCall) throws -> Value {
    let (low, high) = try paddings(call)
    let edge = call.string("mode", default: "REFLECT") == "SYMMETRIC" ? 0 : 1
    return try low.indices.reduce(call.input(0)) { value, axis in
      let (before, after, size) = (low[axis], high[axis], value.shape[axis])
      guard before + after > 0 else { return value }
      try call.require(
        max(before, after) + edge <= size,
        "the padding is longer than axis \(axis) of \(value.type)")
      let front = value.slice(axis: axis, edge..<edge + before).reversed(axes: [axis])
      let back = value.slice(axis: axis, size - edge - after..<size - edge).reversed(axes: [axis])
      return Value.concatenated([front, value, back].filter { $0.shape[axis] > 0 }, axis: axis)
    }
  }
}
