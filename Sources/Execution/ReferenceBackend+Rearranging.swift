import Programs
import Tensors

extension ReferenceBackend {
  /// The primitives that move elements: each copies along a strided view of one of the sides.
  static func rearranged(
    _ primitive: Primitive, _ operands: [Tensor], type: ValueType
  ) -> Tensor {
    let strides = operands[0].shape.strides
    switch primitive {
    case .broadcast(let target, let axes):
      var repeated = [Int](repeating: 0, count: target.rank)
      for (source, axis) in axes.enumerated() where operands[0].shape[source] != 1 {
        repeated[axis] = strides[source]
      }
      return view(operands[0], strides: repeated, offset: 0, type: type)
    case .transpose(let permutation):
      return view(operands[0], strides: permutation.map { strides[$0] }, offset: 0, type: type)
    case .slice(let starts, _, let steps):
      return view(
        operands[0], strides: zip(strides, steps).map { $0 * $1 },
        offset: zip(strides, starts).reduce(0) { $0 + $1.0 * $1.1 }, type: type)
    case .reverse(let axes):
      let last = axes.reduce(0) { $0 + strides[$1] * (type.shape[$1] - 1) }
      let backward = strides.indices.map { axes.contains($0) ? -strides[$0] : strides[$0] }
      return view(operands[0], strides: backward, offset: last, type: type)
    case .pad(let low, _, let interior, let value):
      var result = Tensor(repeating: value, shape: type.shape, elementType: type.elementType)
      let target = type.shape.strides
      write(
        operands[0], into: &result, strides: zip(target, interior).map { $0 * ($1 + 1) },
        offset: zip(target, low).reduce(0) { $0 + $1.0 * $1.1 })
      return result
    case .concatenate(let axis):
      var result = Tensor(zeros: type.shape, elementType: type.elementType)
      let target = type.shape.strides
      var start = 0
      for operand in operands {
        write(operand, into: &result, strides: target, offset: start * target[axis])
        start += operand.shape[axis]
      }
      return result
    default: preconditionFailure("\(primitive.name) does not rearrange elements")
    }
  }

  /// The elements operand[offset + Σ strides · i] for each index i of the result.
  private static func view(
    _ operand: Tensor, strides: [Int], offset: Int, type: ValueType
  ) -> Tensor {
    var result = Tensor(zeros: type.shape, elementType: type.elementType)
    func copy<Scalar: TensorScalar>(_ scalar: Scalar.Type) {
      var walk = StridedWalk(shape: type.shape, strides: strides, offset: offset)
      operand.withUnsafeScalars(of: scalar) { source in
        result.withUnsafeMutableScalars(of: scalar) { target in
          for index in target.indices { target[index] = source[walk.next()] }
        }
      }
    }
    type.elementType.dispatch { copy($0) }
    return result
  }

  /// Sets result[offset + Σ strides · i] to operand[i].
  private static func write(
    _ operand: Tensor, into result: inout Tensor, strides: [Int], offset: Int
  ) {
    func copy<Scalar: TensorScalar>(_ scalar: Scalar.Type) {
      var walk = StridedWalk(shape: operand.shape, strides: strides, offset: offset)
      operand.withUnsafeScalars(of: scalar) { source in
        result.withUnsafeMutableScalars(of: scalar) { target in
          for index in source.indices { target[walk.next()] = source[index] }
        }
      }
    }
    operand.elementType.dispatch { copy($0) }
  }
}
