import Tensors

/// Arithmetic in place on float32 tensors of one shape: what sums gradients and averages weights.
extension Tensor {
  mutating func add(_ other: Tensor) {
    other.withUnsafeScalars(of: Float.self) { source in
      withUnsafeMutableScalars(of: Float.self) { target in
        for index in target.indices { target[index] += source[index] }
      }
    }
  }

  mutating func multiply(by factor: Float) {
    withUnsafeMutableScalars(of: Float.self) { target in
      for index in target.indices { target[index] *= factor }
    }
  }

  /// Moves each element a share of the way to another tensor's.
  mutating func move(toward other: Tensor, by share: Float) {
    other.withUnsafeScalars(of: Float.self) { source in
      withUnsafeMutableScalars(of: Float.self) { target in
        for index in target.indices { target[index] += share * (source[index] - target[index]) }
      }
    }
  }

  /// Σ x², summed in double precision.
  var squaredLength: Double {
    withUnsafeScalars(of: Float.self) { $0.reduce(0) { $0 + Double($1) * Double($1) } }
  }
}
