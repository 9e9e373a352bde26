import CKernels

/// Loops over every number of a point, for methods that visit thousands of points.
extension UnsafeMutableBufferPointer<Float> {
  /// Writes start + position (end − start), computed in double precision.
  package func interpolate(
    from start: UnsafeBufferPointer<Float>, to end: UnsafeBufferPointer<Float>,
    at position: Double
  ) {
    precondition(start.count == count && end.count == count, "expected \(count) numbers")
    guard let target = baseAddress, let first = start.baseAddress, let last = end.baseAddress
    else { return }
    assay_interpolate(target, first, last, position, Int64(count))
  }

  /// Adds a vector.
  package func add(_ vector: UnsafeBufferPointer<Float>) {
    precondition(vector.count == count, "expected \(count) numbers, got \(vector.count)")
    guard let target = baseAddress, let vector = vector.baseAddress else { return }
    assay_add(target, vector, Int64(count))
  }

  /// Writes center + scale ⊙ (what is there).
  package func displace(
    from center: UnsafeBufferPointer<Float>, by scale: UnsafeBufferPointer<Float>
  ) {
    precondition(center.count == count && scale.count == count, "expected \(count) numbers")
    guard let target = baseAddress, let center = center.baseAddress, let scale = scale.baseAddress
    else { return }
    assay_displace(target, center, scale, Int64(count))
  }
}

extension UnsafeMutableBufferPointer<Double> {
  /// Adds weight · vector.
  package func add(_ weight: Double, times vector: UnsafeBufferPointer<Float>) {
    precondition(vector.count == count, "expected \(count) numbers, got \(vector.count)")
    guard let target = baseAddress, let vector = vector.baseAddress else { return }
    assay_accumulate(target, vector, weight, Int64(count))
  }
}
