import Programs
import Tensors

/// Elements by their places.
enum TensorFlowIndexing {
  static let all: [TensorFlowOperator] = [
    .value("Gather") { try gathered($0, try $0.input(0), axis: 0) },
    .value("GatherV2") { call in
      let value = try call.input(0)
      return try gathered(call, value, axis: call.axis(call.integer(2), rank: value.shape.rank))
    },
    .value("ResourceGather") { try gathered($0, try $0.readVariable(0), axis: 0) },
    .value("GatherNd", lower: gatherPoints),
    .value("OneHot", lower: oneHot),
  ]

  private static func gathered(
    _ call: TensorFlowCall, _ value: Value, axis: Int
  ) throws -> Value {
    try call.require(call.int("batch_dims", default: 0) == 0, "batch_dims is not supported")
    try call.require(value.shape.rank > axis, "\(value.type) has no axis \(axis)")
    return value.gather(try call.input(1), axis: axis)
  }

  /// The last axis of the indices counts through the first axes of the value.
  private static func gatherPoints(_ call: TensorFlowCall) throws -> Value {
    let (value, indices) = try (call.input(0), call.input(1))
    try call.require(
      indices.shape.rank >= 1
        && (1...max(value.shape.rank, 1)).contains(indices.shape.dimensions.last ?? 0),
      "the indices \(indices.type) do not fit \(value.type)")
    let depth = indices.shape[indices.shape.rank - 1]
    let leading = value.shape.dimensions.prefix(depth)
    let tail = Array(value.shape.dimensions.dropFirst(depth))
    try call.require(
      leading.dropFirst().allSatisfy { !Shape.isSymbolic($0) },
      "the sizes of \(value.type) must be fixed")
    var flat = indices.select(axis: indices.shape.rank - 1, 0)
    for axis in 1..<depth where depth > 1 {
      flat = flat * Double(leading[axis]) + indices.select(axis: indices.shape.rank - 1, axis)
    }
    return value.reshaped(to: Shape([leading.reduce(1, *)] + tail)).gather(flat, axis: 0)
  }

  /// One value at the index along a new axis, another elsewhere.
  private static func oneHot(_ call: TensorFlowCall) throws -> Value {
    let indices = try call.input(0)
    let depth = try call.integer(1)
    let (on, off) = try (call.input(2), call.input(3))
    try call.require((0...1 << 30).contains(depth), "the depth \(depth) is not possible")
    let last = indices.shape.rank
    let axis = try call.axis(call.int("axis", default: -1), rank: last + 1)
    var order = Array(0..<last)
    order.insert(last, at: axis)
    return indices.oneHot(count: depth, elementType: .bool).select(on, off).transposed(order)
  }
}
