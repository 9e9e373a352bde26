extension Tensor: TensorAlgebra {
  public func scalar(_ value: Double) -> Tensor { Tensor(value, elementType: elementType) }
  public func constant(_ tensor: Tensor) -> Tensor { tensor.converted(to: elementType) }

  public static func + (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right, float: { $0 + $1 }, double: { $0 + $1 })
  }
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right, float: { $0 - $1 }, double: { $0 - $1 })
  }
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right, float: { $0 * $1 }, double: { $0 * $1 })
  }
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    left.combined(with: right, float: { $0 / $1 }, double: { $0 / $1 })
  }
  public prefix static func - (operand: Tensor) -> Tensor {
    operand.mapped(float: { -$0 }, double: { -$0 })
  }

  public func maximum(_ other: Tensor) -> Tensor {
    combined(
      with: other, float: { $0.isNaN || $0 > $1 ? $0 : $1 },
      double: { $0.isNaN || $0 > $1 ? $0 : $1 })
  }
  public func minimum(_ other: Tensor) -> Tensor {
    combined(
      with: other, float: { $0.isNaN || $0 < $1 ? $0 : $1 },
      double: { $0.isNaN || $0 < $1 ? $0 : $1 })
  }
  public func absoluteValue() -> Tensor { mapped(float: { abs($0) }, double: { abs($0) }) }
  public func sign() -> Tensor {
    mapped(
      float: { $0.isNaN ? $0 : ($0 > 0 ? 1 : ($0 < 0 ? -1 : 0)) },
      double: { $0.isNaN ? $0 : ($0 > 0 ? 1 : ($0 < 0 ? -1 : 0)) })
  }
  public func squareRoot() -> Tensor {
    mapped(float: { $0.squareRoot() }, double: { $0.squareRoot() })
  }
  public func isGreater(than other: Tensor) -> Tensor {
    combined(with: other, float: { $0 > $1 ? 1 : 0 }, double: { $0 > $1 ? 1 : 0 })
  }

  public func multiplied(by matrix: Tensor) -> Tensor {
    precondition(
      shape.rank == 2 && matrix.shape.rank == 2 && shape[1] == matrix.shape[0],
      "expected [N, K] and [K, M], got \(shape) and \(matrix.shape)")
    let (inner, width) = (shape[1], matrix.shape[1])
    let (left, right) = (doubles, matrix.doubles)
    var sums = [Double](repeating: 0, count: shape[0] * width)
    for row in 0..<shape[0] {
      for k in 0..<inner {
        let factor = left[row * inner + k]
        // One-hot columns are mostly zeros.
        guard factor != 0 else { continue }
        for column in 0..<width { sums[row * width + column] += factor * right[k * width + column] }
      }
    }
    return Tensor(sums, shape: [shape[0], width]).converted(to: elementType)
  }

  public func sum(over axes: [Int], keepingDimensions: Bool) -> Tensor {
    reduced(over: axes, keepingDimensions: keepingDimensions, from: 0) { $0 + $1 }
  }
  public func maximum(over axes: [Int], keepingDimensions: Bool) -> Tensor {
    reduced(over: axes, keepingDimensions: keepingDimensions, from: -.infinity) {
      $0.isNaN || $0 > $1 ? $0 : $1
    }
  }
}

extension Tensor {
  /// Each element through a function of its type.
  ///
  /// - Precondition: the elements are floating-point numbers.
  package func mapped(float: (Float) -> Float, double: (Double) -> Double) -> Tensor {
    switch elementType {
    case .float32: withUnsafeScalars(of: Float.self) { Tensor($0.map(float), shape: shape) }
    case .float64: withUnsafeScalars(of: Double.self) { Tensor($0.map(double), shape: shape) }
    default: preconditionFailure("arithmetic needs floating-point elements, got \(elementType)")
    }
  }

  private func combined(
    with other: Tensor, float: (Float, Float) -> Float, double: (Double, Double) -> Double
  ) -> Tensor {
    precondition(
      elementType == other.elementType,
      "expected two tensors of one element type, got \(elementType) and \(other.elementType)")
    guard let common = shape.broadcast(with: other.shape) else {
      preconditionFailure("shapes \(shape) and \(other.shape) do not broadcast")
    }
    let left = broadcast(to: common)
    let right = other.broadcast(to: common)
    func combine<Scalar: TensorScalar>(_ function: (Scalar, Scalar) -> Scalar) -> Tensor {
      var result = Tensor(zeros: common, elementType: elementType)
      left.withUnsafeScalars(of: Scalar.self) { left in
        right.withUnsafeScalars(of: Scalar.self) { right in
          result.withUnsafeMutableScalars(of: Scalar.self) { result in
            for index in result.indices { result[index] = function(left[index], right[index]) }
          }
        }
      }
      return result
    }
    switch elementType {
    case .float32: return combine(float)
    case .float64: return combine(double)
    default: preconditionFailure("arithmetic needs floating-point elements, got \(elementType)")
    }
  }

  /// The elements repeated along new and unit axes.
  public func broadcast(to target: Shape) -> Tensor {
    guard target != shape else { return self }
    let padded = Shape([Int](repeating: 1, count: target.rank - shape.rank)) + shape
    let strides = zip(padded.dimensions, padded.strides).map { $0 == 1 ? 0 : $1 }
    func copy<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      var result = Tensor(zeros: target, elementType: elementType)
      withUnsafeScalars(of: type) { source in
        result.withUnsafeMutableScalars(of: type) { result in
          var walk = StridedWalk(shape: target, strides: strides)
          for index in result.indices { result[index] = source[walk.next()] }
        }
      }
      return result
    }
    return elementType.dispatch { copy($0) }
  }

  /// A reduction in double precision, so that its order does not show.
  private func reduced(
    over axes: [Int], keepingDimensions: Bool, from initial: Double,
    by combine: (Double, Double) -> Double
  ) -> Tensor {
    let kept = shape.reduced(over: axes, keepingDimensions: true)
    let strides = zip(kept.dimensions, kept.strides).enumerated().map { axis, pair in
      axes.contains(axis) ? 0 : pair.1
    }
    var sums = [Double](repeating: initial, count: kept.count)
    func accumulate<Scalar: TensorScalar>(_ type: Scalar.Type) {
      withUnsafeScalars(of: type) { source in
        var walk = StridedWalk(shape: shape, strides: strides)
        for value in source {
          let index = walk.next()
          sums[index] = combine(value.double, sums[index])
        }
      }
    }
    elementType.dispatch { accumulate($0) }
    return Tensor(sums, shape: shape.reduced(over: axes, keepingDimensions: keepingDimensions))
      .converted(to: elementType)
  }
}

/// The offsets of a strided view in row-major order of a shape.
package struct StridedWalk {
  private let dimensions: [Int]
  private let strides: [Int]
  private var position: [Int]
  private var offset = 0

  package init(shape: Shape, strides: [Int], offset: Int = 0) {
    dimensions = shape.dimensions
    self.strides = strides
    position = [Int](repeating: 0, count: shape.rank)
    self.offset = offset
  }

  /// The offset of the current element; then moves to the next.
  package mutating func next() -> Int {
    defer {
      var axis = dimensions.count - 1
      while axis >= 0 {
        position[axis] += 1
        offset += strides[axis]
        if position[axis] < dimensions[axis] { break }
        offset -= strides[axis] * dimensions[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return offset
  }
}
