extension Tensor {
  /// The number of bytes that one index of the first axis spans.
  private var rowBytes: Int { shape.sample.count * elementType.byteCount }

  /// The rows of a range of the first axis.
  public func rows(_ range: Range<Int>) -> Tensor {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[0], "rows \(range) of shape \(shape)")
    return withRows(range.count) { target, rowBytes in
      target.copyMemory(
        from: storage.pointer + range.lowerBound * rowBytes, byteCount: range.count * rowBytes)
    }
  }

  /// The rows with the given indices of the first axis, in that order.
  public func rows(_ indices: [Int]) -> Tensor {
    let count = shape[0]
    return withRows(indices.count) { target, rowBytes in
      for (position, index) in indices.enumerated() {
        precondition(count > index && index >= 0, "row \(index) of shape \(shape)")
        (target + position * rowBytes).copyMemory(
          from: storage.pointer + index * rowBytes, byteCount: rowBytes)
      }
    }
  }

  /// A tensor of so many rows of this one's shape, which the function writes all of.
  private func withRows(
    _ count: Int, _ write: (_ target: UnsafeMutableRawPointer, _ rowBytes: Int) -> Void
  ) -> Tensor {
    let rowBytes = self.rowBytes
    let storage = TensorStorage(uninitializedByteCount: count * rowBytes)
    write(storage.pointer, rowBytes)
    return Tensor(storage: storage, shape: shape.batched(count), elementType: elementType)
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
    guard parts.count > 1 else { return first }
    let count = parts.reduce(0) { $0 + $1.shape[0] }
    return first.withRows(count) { target, rowBytes in
      var target = target
      for part in parts {
        precondition(
          part.elementType == first.elementType && part.shape.sample == first.shape.sample,
          "expected \(first.elementType) rows of \(first.shape.sample), got \(part.shape)")
        target.copyMemory(from: part.storage.pointer, byteCount: part.shape[0] * rowBytes)
        target += part.shape[0] * rowBytes
      }
    }
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
