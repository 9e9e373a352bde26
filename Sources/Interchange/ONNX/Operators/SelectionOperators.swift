import Programs
import Tensors

/// Elements that are chosen by their values, and where they are.
enum SelectionOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("ArgMax") { [Operand(try $0.largestIndex(of: $0.input(0)))] },
    ONNXOperator("ArgMin") { [Operand(try $0.largestIndex(of: $0.input(0).orderReversed))] },
    ONNXOperator("TopK", since: 1) { try $0.largest(count: $0.requiredInt("k")) },
    ONNXOperator("TopK", since: 10) { call in
      let counts = try call.integers(1)
      try call.require(counts.count == 1, "expects one count, got \(counts)")
      return try call.largest(count: counts[0])
    },
    .value("ReverseSequence", lower: reverseSequence),
    .value("Compress", lower: compress),
    ONNXOperator("NonZero") { call in
      let tensor = try call.tensor(0)
      let numbers = tensor.doubles
      let places = numbers.indices.filter { numbers[$0] != 0 }
      let strides = tensor.shape.strides
      let indices = strides.indices.flatMap { axis in
        places.map { Int64($0 / strides[axis] % tensor.shape[axis]) }
      }
      return [Operand(call.constant(Tensor(indices, shape: [strides.count, places.count])))]
    },
    ONNXOperator("Unique", lower: unique),
  ]

  /// The first `length` steps of each sequence in reverse, the others as they are.
  private static func reverseSequence(_ call: ONNXCall) throws -> Value {
    let value = try call.input(0)
    let time = try call.axis(call.int("time_axis", default: 0), rank: value.shape.rank)
    let batch = try call.axis(call.int("batch_axis", default: 1), rank: value.shape.rank)
    let lengths = try call.input(1).converted(to: .int64)
    try call.require(
      time != batch && lengths.shape == [value.shape[batch]],
      "expects a length for each sequence of \(value.type), got \(lengths.type)")
    let step = call.builder.append(.iota(.int64, value.shape, axis: time), [])
    var aligned = Shape(value.shape.dimensions.map { _ in 1 })
    aligned[batch] = value.shape[batch]
    let length = lengths.reshaped(to: aligned)
    let source = step.compare(.less, length).select(length - 1 - step, step)
    return value.gatherElements(source, axis: time)
  }

  private static func compress(_ call: ONNXCall) throws -> Value {
    var value = try call.input(0)
    let condition = try call.tensor(1).doubles
    var axis = 0
    if let given = try call.optionalInt("axis") {
      axis = try call.axis(given, rank: value.shape.rank)
    } else {
      value = value.reshaped(to: [value.shape.count])
    }
    try call.require(
      condition.count <= value.shape[axis],
      "has \(condition.count) conditions for an axis of \(Shape.text(value.shape[axis]))")
    return value.elements(at: condition.indices.filter { condition[$0] != 0 }, axis: axis)
  }

  private static func unique(_ call: ONNXCall) throws -> [Operand?] {
    let operand = try call.operand(0)
    let tensor = try call.tensor(0)
    let axis = try call.optionalInt("axis").map { try call.axis($0, rank: tensor.shape.rank) }
    let sorts = try call.flag("sorted", default: true)
    let found = DistinctSlices(of: tensor, axis: axis, sorts: sorts)
    let flat = axis == nil ? operand.value.reshaped(to: [tensor.count]) : operand.value
    func vector(_ numbers: [Int]) -> Operand {
      Operand(call.constant(Tensor(numbers.map(Int64.init))))
    }
    return [
      Operand(flat.elements(at: found.first, axis: axis ?? 0), operand.type),
      vector(found.first), vector(found.place), vector(found.count),
    ]
  }
}

extension Value {
  /// Numbers in the opposite order: −x, and for integers −1 − x, which cannot overflow.
  var orderReversed: Value { elementType.isFloatingPoint ? -self : -self - 1 }
}

extension ONNXCall {
  /// The index of the largest element along the node's axis: the first, or the last if it says so.
  fileprivate func largestIndex(of value: Value) throws -> Value {
    let axis = try self.axis(int("axis", default: 0), rank: value.shape.rank)
    let index =
      try flag("select_last_index")
      ? value.length(of: axis) - 1 - value.reversed(axes: [axis]).argMax(axis: axis)
      : value.argMax(axis: axis)
    return try flag("keepdims", default: true) ? index.expanded(axis: axis) : index
  }

  /// The largest or smallest elements of an axis in order, and their indices.
  fileprivate func largest(count: Int) throws -> [Operand?] {
    let operand = try operand(0)
    let value = operand.value
    let axis = try self.axis(int("axis", default: -1), rank: value.shape.rank)
    try require(
      (0...value.shape[axis]).contains(count),
      "takes \(count) of an axis of \(Shape.text(value.shape[axis])) elements")
    let order = value.argSort(axis: axis, descending: try flag("largest", default: true))
    let indices = count == value.shape[axis] ? order : order.slice(axis: axis, 0..<count)
    return [
      Operand(value.gatherElements(indices, axis: axis), operand.type), Operand(indices),
    ]
  }
}
