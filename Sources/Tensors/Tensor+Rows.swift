extension Tensor {
  /// The number of bytes that one index of the first axis spans.
  private var rowBytes: Int { shape.sample.count * elementType.byteCount }

  /// The rows of a range of the first axis.
  public func rows(_ range: Range<Int>) -> Tensor {
    rows(Array(range))
  }

  /// The rows with the given indices of the first axis, in that order.
  public func rows(_ indices: [Int]) -> Tensor {
    var result = Tensor(zeros: shape.batched(indices.count), elementType: elementType)
    result.withUnsafeMutableRows { target, rowBytes in
      for (position, index) in indices.enumerated() {
        precondition(shape.dimensions[0] > index && index >= 0, "row \(index) of shape \(shape)")
        (target + position * rowBytes).copyMemory(
          from: storage.pointer + index * rowBytes, byteCount: rowBytes)
      }
    }
    return result
  }

  /// One row without its first axis.
  public func row(_ index: Int) -> Tensor { rows([index]).reshaped(to: shape.sample) }

  /// Replaces the rows with the given indices of the first axis.
  public mutating func setRows(_ indices: [Int], to rows: Tensor) {
    precondition(
      rows.elementType == elementType && rows.shape == shape.batched(indices.count),
      "expected \(elementType) \(shape.batched(indices.count)), got \(rows.elementType) \(rows.shape)"
    )
    withUnsafeMutableRows { target, rowBytes in
      for (position, index) in indices.enumerated() {
        (target + index * rowBytes).copyMemory(
          from: rows.storage.pointer + position * rowBytes, byteCount: rowBytes)
      }
    }
  }

  /// Tensors joined along their first axis.
  public static func concatenated(_ parts: [Tensor]) -> Tensor {
    guard let first = parts.first else { preconditionFailure("nothing to concatenate") }
    let count = parts.reduce(0) { $0 + $1.shape[0] }
    var result = Tensor(zeros: first.shape.batched(count), elementType: first.elementType)
    var start = 0
    for part in parts {
      result.setRows(Array(start..<start + part.shape[0]), to: part)
      start += part.shape[0]
    }
    return result
  }

  private mutating func withUnsafeMutableRows(
    _ body: (UnsafeMutableRawPointer, Int) -> Void
  ) {
    let rowBytes = self.rowBytes
    func write<Scalar: TensorScalar>(_ type: Scalar.Type) {
      withUnsafeMutableScalars(of: type) { scalars in
        if let start = scalars.baseAddress { body(UnsafeMutableRawPointer(start), rowBytes) }
      }
    }
    elementType.dispatch { write($0) }
  }
}
