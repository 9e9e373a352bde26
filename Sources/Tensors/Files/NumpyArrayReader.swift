/// Reads a `.npy` array in pieces of its first axis, so that one of any length takes little memory.
package struct NumpyArrayReader {
  package let shape: Shape
  package let elementType: ElementType
  /// Rows that have not been read yet.
  package private(set) var rowsLeft: Int
  private let header: NumpyHeader
  private let source: any ByteSource
  /// A column-major array has no contiguous rows: it is read whole at the first request.
  private var whole: Tensor?

  package init(_ source: any ByteSource) throws {
    header = try NumpyHeader(reading: source)
    guard let byteCount = header.byteCount else {
      throw source.place.error(.tooManyElements(shape: header.shape))
    }
    // Before memory is taken: what the header promises must be there.
    guard byteCount <= source.remainingAtMost else {
      throw source.place.error(.truncated(expected: byteCount, got: source.remainingAtMost))
    }
    self.source = source
    shape = Shape(header.shape)
    elementType = header.element.elementType
    rowsLeft = header.shape.first ?? 0
  }

  /// The next rows, at most `count`; nil at the end, when the file's checksum has been verified.
  package mutating func next(_ count: Int) throws -> Tensor? {
    precondition(shape.rank > 0 && count > 0, "expected rows to read, got shape \(shape)")
    guard rowsLeft > 0 else { return nil }
    let taken = min(count, rowsLeft)
    if header.isFortranOrder, whole == nil { whole = try readAll() }
    defer { rowsLeft -= taken }
    if let whole {
      let start = shape[0] - rowsLeft
      return whole.rows(start..<start + taken)
    }
    let rows = try elements(shape.batched(taken))
    if taken == rowsLeft { try source.drain() }
    return rows
  }

  /// The whole array.
  package func readAll() throws -> Tensor {
    guard header.isFortranOrder, shape.rank > 1 else {
      let all = try elements(shape)
      try source.drain()
      return all
    }
    let reversed = Shape(shape.dimensions.reversed())
    let transposed = try elements(reversed)
    try source.drain()
    return transposed.gathered(shape, strides: reversed.strides.reversed())
  }

  /// Reads and converts elements through a buffer of bounded size.
  private func elements(_ shape: Shape) throws -> Tensor {
    var result = Tensor(zeros: shape, elementType: elementType)
    let stored = header.element.byteCount
    let width = elementType.byteCount
    var buffer = [UInt8](repeating: 0, count: min(shape.count, 1 << 17) * stored)
    try result.withUnsafeMutableBytes { target in
      var done = 0
      while done < shape.count {
        let count = min(shape.count - done, 1 << 17)
        try buffer.withUnsafeMutableBytes { buffer in
          let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(count * stored)])
          try source.fillExactly(piece)
          let place = UnsafeMutableRawBufferPointer(rebasing: target[(done * width)...])
          do {
            try header.element.convert(UnsafeRawBufferPointer(piece), into: place)
          } catch let error as NumpyElement.IntegerTooLarge {
            throw source.place.error(.integerTooLarge(error.value))
          }
        }
        done += count
      }
    }
    return result
  }
}

extension Tensor {
  /// Calls `body` with the memory of the elements, after copying shared memory.
  mutating func withUnsafeMutableBytes(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    func write<Scalar: TensorScalar>(_ type: Scalar.Type) throws {
      try withUnsafeMutableScalars(of: type) { try body(UnsafeMutableRawBufferPointer($0)) }
    }
    try elementType.dispatch { try write($0) }
  }

  /// The elements at strided positions, row-major in `shape`.
  fileprivate func gathered(_ shape: Shape, strides: [Int]) -> Tensor {
    func copy<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      withUnsafeScalars(of: type) { source in
        var walk = StridedWalk(shape: shape, strides: strides)
        return Tensor((0..<shape.count).map { _ in source[walk.next()] }, shape: shape)
      }
    }
    return elementType.dispatch { copy($0) }
  }
}
