import Programs
import Tensors

extension ReferenceBackend {
  static func indexed(
    _ primitive: Primitive, _ operands: [Tensor], type: ValueType
  ) throws -> Tensor {
    switch primitive {
    case .gather(let axis):
      let lookup = try Lookup(
        axis: axis, of: operands[0].shape, indices: operands[1], name: primitive.name)
      return gather(operands[0], lookup, type: type)
    case .scatterAdd(let axis, _):
      let lookup = try Lookup(
        axis: axis, of: type.shape, indices: operands[0], name: primitive.name)
      return scatterAdd(operands[1], lookup, type: type)
    case .gatherElements(let axis):
      let lookup = try Lookup(
        elementsAlong: axis, of: operands[0].shape, indices: operands[1], name: primitive.name)
      return gather(operands[0], lookup, type: type)
    case .scatterAddElements(let axis, _):
      let lookup = try Lookup(
        elementsAlong: axis, of: type.shape, indices: operands[0], name: primitive.name)
      return scatterAdd(operands[1], lookup, type: type)
    default: preconditionFailure("\(primitive.name) does not index elements")
    }
  }

  /// The operand's element at the position of each i.
  private static func gather(_ operand: Tensor, _ lookup: Lookup, type: ValueType) -> Tensor {
    func read<Scalar: TensorScalar>(_ scalar: Scalar.Type) -> Tensor {
      operand.withUnsafeScalars(of: scalar) { source in
        Tensor(lookup.positions.map { source[$0] }, shape: type.shape)
      }
    }
    return type.elementType.dispatch { read($0) }
  }

  /// result[position of i] += updates[i], in the order of i.
  private static func scatterAdd(_ updates: Tensor, _ lookup: Lookup, type: ValueType) -> Tensor {
    var sums = [Double](repeating: 0, count: type.shape.count)
    for (position, update) in zip(lookup.positions, updates.reals) { sums[position] += update }
    return Tensor(reals: sums, type)
  }
}

/// For each element of the indexed side, in row-major order, its position in the whole.
private struct Lookup {
  let positions: [Int]

  /// The axis of `shape` is replaced by all axes of the indices.
  init(axis: Int, of shape: Shape, indices: Tensor, name: Primitive.Name) throws {
    let (outer, count, inner) = shape.split(at: axis)
    let indices = try Lookup.checked(indices, count: count, name: name)
    var positions: [Int] = []
    positions.reserveCapacity(outer * indices.count * inner)
    for block in 0..<outer {
      for index in indices {
        let start = (block * count + index) * inner
        positions.append(contentsOf: start..<start + inner)
      }
    }
    self.positions = positions
  }

  /// Each index has its own position in the other axes.
  init(
    elementsAlong axis: Int, of shape: Shape, indices: Tensor, name: Primitive.Name
  ) throws {
    let (_, count, inner) = shape.split(at: axis)
    let rows = indices.shape[axis]
    let checked = try Lookup.checked(indices, count: count, name: name)
    positions = checked.enumerated().map { element, index in
      (element / (rows * inner) * count + index) * inner + element % inner
    }
  }

  private static func checked(
    _ indices: Tensor, count: Int, name: Primitive.Name
  ) throws -> [Int] {
    try indices.integers.map { index in
      guard (0..<Int64(count)).contains(index) else {
        throw ExecutionError.indexOutOfRange(
          primitive: name.description, index: Int(index), count: count)
      }
      return Int(index)
    }
  }
}
