import Programs
import Tensors

/// Shapes as values, and elements under other shapes.
enum TensorFlowShapes {
  static let all: [TensorFlowOperator] = [
    .value("Shape") { call in try call.builder.dimensions(of: call.input(0)) },
    .values("ShapeN") { call in try call.values().map { call.builder.dimensions(of: $0) } },
    .value("Rank") { call in
      call.builder.constant(Tensor([Int64(try call.input(0).shape.rank)], shape: []))
    },
    .value("Size") { call in
      let dimensions = try call.builder.dimensions(of: call.input(0))
      let one = call.builder.constant(Tensor([Int64(1)], shape: []))
      return (0..<dimensions.shape[0]).reduce(one) { $0 * dimensions.select(axis: 0, $1) }
    },
    .value("Reshape") { call in try call.fitted(call.input(0), to: call.integers(1)) },
    .value("Squeeze", lower: squeeze),
    .value("ExpandDims") { call in
      let value = try call.input(0)
      return value.expanded(axis: try call.axis(call.integer(1), rank: value.shape.rank + 1))
    },
    .value("Transpose") { call in
      let value = try call.input(0)
      return value.transposed(try call.axes(call.integers(1), rank: value.shape.rank))
    },
    .value("Fill") { call in
      let (dimensions, value) = try (call.integers(0), call.input(1))
      try call.require(
        value.shape.rank == 0 && dimensions.allSatisfy { $0 >= 0 }, "no tensor has such a shape")
      return value.broadcast(to: Shape(dimensions))
    },
    .value("BroadcastTo") { call in
      let value = try call.input(0)
      let target = Shape(try call.integers(1))
      try call.require(
        value.shape.broadcast(with: target) == target, "\(value.type) does not fill \(target)")
      return value.broadcast(to: target)
    },
    .value("Range", lower: range),
    .value("Tile", lower: tile),
  ]

  private static func squeeze(_ call: TensorFlowCall) throws -> Value {
    let value = try call.input(0)
    let named = call.ints("squeeze_dims") + call.ints("axis")
    let removed =
      named.isEmpty
      ? (0..<value.shape.rank).filter { value.shape[$0] == 1 }
      : try call.axes(named, rank: value.shape.rank)
    for axis in removed {
      try call.require(value.shape[axis] == 1, "axis \(axis) of \(value.type) is not 1")
    }
    return value.reshaped(to: value.shape.reduced(over: removed, keepingDimensions: false))
  }

  /// start, start + step, … below the limit, which may be the number of samples.
  private static func range(_ call: TensorFlowCall) throws -> Value {
    let type = try call.input(0).elementType
    if !type.isFloatingPoint {
      let (start, limit, step) = try (call.integer(0), call.integer(1), call.integer(2))
      if Shape.isSymbolic(limit) {
        try call.require(
          start == 0 && step == 1, "a range over samples must begin at 0, with a step of 1")
        return call.builder.append(.iota(type, [limit], axis: 0), [])
      }
    }
    let bounds = try (0..<3).flatMap { try call.reals($0) }
    try call.require(bounds.count == 3, "a range has two ends and a step")
    let count = ((bounds[1] - bounds[0]) / bounds[2]).rounded(.up)
    try call.require(abs(count) < 0x1p24, "a range of \(count) numbers is not possible")
    let numbers = (0..<max(Int(count), 0)).map { bounds[0] + Double($0) * bounds[2] }
    return call.builder.constant(Tensor(numbers).converted(to: type))
  }

  /// Each axis is preceded by one that repeats it.
  private static func tile(_ call: TensorFlowCall) throws -> Value {
    let value = try call.input(0)
    let counts = try call.integers(1)
    let dimensions = value.shape.dimensions
    try call.require(
      counts.count == dimensions.count && counts.allSatisfy { $0 >= 0 },
      "expects \(dimensions.count) counts, got \(counts)")
    let target = try zip(counts, dimensions).map { count, dimension in
      let (size, overflow) = count.multipliedReportingOverflow(by: dimension)
      try call.require(!overflow, "the counts \(counts) are not possible")
      return size
    }
    guard counts.contains(where: { $0 != 1 }) else { return value }
    let spread = value.builder.append(
      .broadcast(
        Shape(zip(counts, dimensions).flatMap { [$0, $1] }),
        axes: dimensions.indices.map { 2 * $0 + 1 }), [value])
    return spread.reshaped(to: Shape(target))
  }
}
