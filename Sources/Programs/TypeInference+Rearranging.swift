import Tensors

extension Primitive {
  /// The result types of the primitives that move elements without computing.
  package func rearrangedType(of operands: [ValueType]) throws -> ValueType {
    let type = operands[0].elementType
    let shape = operands[0].shape
    switch self {
    case .broadcast(let target, let axes):
      try checkBroadcast(shape, to: target, axes: axes)
      return ValueType(type, target)
    case .reshape(let target):
      guard target.count == shape.count else {
        throw TypeError(
          "cannot reshape \(shape.symbolicDescription) into \(target.symbolicDescription)")
      }
      return ValueType(type, target)
    case .transpose(let permutation):
      guard permutation.sorted() == Array(0..<shape.rank) else {
        throw TypeError("\(permutation) is no permutation of \(shape.rank) axes")
      }
      return ValueType(type, Shape(permutation.map { shape[$0] }))
    case .slice(let starts, let limits, let strides):
      return ValueType(
        type, try slicedShape(shape, starts: starts, limits: limits, strides: strides))
    case .pad(let low, let high, let interior, _):
      return ValueType(type, try paddedShape(shape, low: low, high: high, interior: interior))
    case .concatenate(let axis):
      return ValueType(type, try concatenatedShape(operands, axis: axis))
    case .reverse(let axes):
      try check(axes: axes, of: shape)
      return operands[0]
    default: preconditionFailure("\(name) does not rearrange elements")
    }
  }

  private func checkBroadcast(_ shape: Shape, to target: Shape, axes: [Int]) throws {
    try check(axes: axes, of: target)
    guard axes.count == shape.rank, axes == axes.sorted() else {
      throw TypeError(
        "expects an ascending result axis for each of \(shape.rank) axes, got \(axes)")
    }
    for (axis, dimension) in zip(axes, shape.dimensions)
    where dimension != 1 && dimension != target[axis] {
      throw TypeError(
        "cannot repeat a dimension of \(Shape.text(dimension)) to fill "
          + Shape.text(target[axis]))
    }
  }

  private func slicedShape(
    _ shape: Shape, starts: [Int], limits: [Int], strides: [Int]
  ) throws -> Shape {
    guard [starts.count, limits.count, strides.count].allSatisfy({ $0 == shape.rank }) else {
      throw TypeError("expects \(shape.rank) starts, limits and strides")
    }
    return Shape(
      try shape.dimensions.indices.map { axis in
        guard strides[axis] >= 1, starts[axis] >= 0, starts[axis] <= limits[axis],
          limits[axis] <= shape[axis]
        else {
          throw TypeError(
            "\(starts[axis])..<\(Shape.text(limits[axis])) by \(strides[axis]) is no part of an "
              + "axis of \(Shape.text(shape[axis]))")
        }
        if Shape.isSymbolic(shape[axis]) {
          guard starts[axis] % Shape.batch == 0, limits[axis] % Shape.batch == 0,
            strides[axis] == 1
          else { throw TypeError("an axis of symbolic size can be cut at multiples of N only") }
        }
        return (limits[axis] - starts[axis] + strides[axis] - 1) / strides[axis]
      })
  }

  private func paddedShape(
    _ shape: Shape, low: [Int], high: [Int], interior: [Int]
  ) throws -> Shape {
    guard [low.count, high.count, interior.count].allSatisfy({ $0 == shape.rank }),
      (low + high + interior).allSatisfy({ $0 >= 0 })
    else { throw TypeError("expects \(shape.rank) counts that are not negative") }
    return Shape(
      try shape.dimensions.indices.map { axis in
        let between = try product(Swift.max(shape[axis] - 1, 0), interior[axis])
        return try sum([shape[axis], between, low[axis], high[axis]])
      })
  }

  private func concatenatedShape(_ operands: [ValueType], axis: Int) throws -> Shape {
    var shape = operands[0].shape
    try check(axis: axis, of: shape)
    for operand in operands.dropFirst() {
      var expected = shape
      guard operand.elementType == operands[0].elementType, operand.shape.rank == shape.rank else {
        throw TypeError("expects operands of one element type and rank")
      }
      expected[axis] = operand.shape[axis]
      guard operand.shape == expected else {
        throw TypeError("expects operands that agree in every axis but \(axis)")
      }
      shape[axis] = try sum([shape[axis], operand.shape[axis]])
    }
    return shape
  }
}
