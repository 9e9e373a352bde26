import Tensors

extension Primitive {
  /// The result types of the primitives that look elements up, order or accumulate them.
  package func indexedType(of operands: [ValueType]) throws -> ValueType {
    let first = operands[0]
    switch self {
    case .gather(let axis):
      try check(axis: axis, of: first.shape)
      try checkIndices(operands[1])
      var dimensions = first.shape.dimensions
      dimensions.replaceSubrange(axis...axis, with: operands[1].shape.dimensions)
      return ValueType(first.elementType, Shape(dimensions))
    case .scatterAdd(let axis, let count):
      return try scatteredType(indices: first, updates: operands[1], axis: axis, count: count)
    case .gatherElements(let axis):
      try check(axis: axis, of: first.shape)
      try checkIndices(operands[1])
      try checkAligned(operands[1].shape, first.shape, except: axis)
      return ValueType(first.elementType, operands[1].shape)
    case .scatterAddElements(let axis, let count):
      try checkIndices(first)
      try check(axis: axis, of: first.shape)
      try checkFloatingPoint([operands[1]])
      guard first.shape == operands[1].shape else {
        throw TypeError("expects indices and updates of one shape")
      }
      var shape = first.shape
      shape[axis] = count
      return ValueType(operands[1].elementType, shape)
    case .argMax(let axis):
      try check(axis: axis, of: first.shape)
      guard first.shape[axis] > 0 else { throw TypeError("axis \(axis) has no elements") }
      return ValueType(.int64, first.shape.reduced(over: [axis], keepingDimensions: false))
    case .argSort(let axis, _):
      try check(axis: axis, of: first.shape)
      return ValueType(.int64, first.shape)
    case .cumulativeSum(let axis, _, _):
      try check(axis: axis, of: first.shape)
      try checkNumbers(first)
      return first
    case .reduce(_, let axes):
      try check(axes: axes, of: first.shape)
      try checkNumbers(first)
      return ValueType(
        first.elementType, first.shape.reduced(over: axes, keepingDimensions: false))
    default: preconditionFailure("\(name) does not index elements")
    }
  }

  private func checkIndices(_ type: ValueType) throws {
    guard type.elementType == .int64 || type.elementType == .int32 else {
      throw TypeError("expects indices of type int64 or int32, got \(type)")
    }
  }

  private func checkAligned(_ left: Shape, _ right: Shape, except axis: Int) throws {
    guard left.rank == right.rank,
      left.dimensions.indices.allSatisfy({ $0 == axis || left[$0] == right[$0] })
    else { throw TypeError("expects operands that agree in every axis but \(axis)") }
  }

  private func scatteredType(
    indices: ValueType, updates: ValueType, axis: Int, count: Int
  ) throws -> ValueType {
    try checkIndices(indices)
    try checkFloatingPoint([updates])
    guard (0...updates.shape.rank).contains(axis) else {
      throw TypeError("axis \(axis) does not exist in updates of rank \(updates.shape.rank)")
    }
    let end = axis + indices.shape.rank
    guard end <= updates.shape.rank,
      Array(updates.shape.dimensions[axis..<end]) == indices.shape.dimensions
    else { throw TypeError("expects the axes of the indices at axis \(axis) of the updates") }
    var dimensions = updates.shape.dimensions
    dimensions.replaceSubrange(axis..<end, with: [count])
    return ValueType(updates.elementType, Shape(dimensions))
  }
}
