public import Tensors

extension Value {
  /// The elements repeated along new leading axes and axes of 1.
  public func broadcast(to target: Shape) -> Value {
    guard target != shape else { return self }
    let offset = target.rank - shape.rank
    return apply(.broadcast(target, axes: (0..<shape.rank).map { $0 + offset }))
  }

  public func reshaped(to target: Shape) -> Value {
    target == shape ? self : apply(.reshape(target))
  }

  /// The axes from `axis` on merged into one.
  public func flattened(from axis: Int = 1) -> Value {
    guard (0...shape.rank).contains(axis) else {
      builder.fail("flatten", [self], "axis \(axis) does not exist")
      return self
    }
    let tail = shape.dimensions.dropFirst(axis).reduce(1, *)
    return reshaped(to: Shape(Array(shape.dimensions.prefix(axis)) + [tail]))
  }

  public func transposed(_ permutation: [Int]) -> Value {
    permutation == Array(0..<shape.rank) ? self : apply(.transpose(permutation))
  }

  /// A range of one axis, every `stride`-th element.
  public func slice(axis: Int, _ range: Range<Int>, by stride: Int = 1) -> Value {
    guard (0..<shape.rank).contains(axis) else {
      builder.fail("slice", [self], "axis \(axis) does not exist")
      return self
    }
    var starts = Array(repeating: 0, count: shape.rank)
    var limits = shape.dimensions
    var strides = Array(repeating: 1, count: shape.rank)
    (starts[axis], limits[axis], strides[axis]) = (range.lowerBound, range.upperBound, stride)
    return apply(.slice(starts: starts, limits: limits, strides: strides))
  }

  /// One index of an axis, which is removed.
  public func select(axis: Int, _ index: Int) -> Value {
    let sliced = slice(axis: axis, index..<index + 1)
    return sliced.reshaped(to: sliced.shape.reduced(over: [axis], keepingDimensions: false))
  }

  public func padded(low: [Int], high: [Int], value: Double = 0) -> Value {
    guard (low + high).contains(where: { $0 != 0 }) else { return self }
    return apply(
      .pad(
        low: low, high: high, interior: Array(repeating: 0, count: low.count), value: value))
  }

  public static func concatenated(_ values: [Value], axis: Int) -> Value {
    precondition(!values.isEmpty, "nothing to concatenate")
    return values.count == 1
      ? values[0] : values[0].builder.append(.concatenate(axis: axis), values)
  }

  /// The values joined along a new axis.
  public static func stacked(_ values: [Value], axis: Int) -> Value {
    concatenated(values.map { $0.expanded(axis: axis) }, axis: axis)
  }

  /// A new axis of 1.
  public func expanded(axis: Int) -> Value {
    guard (0...shape.rank).contains(axis) else {
      builder.fail("expand", [self], "axis \(axis) does not exist")
      return self
    }
    var dimensions = shape.dimensions
    dimensions.insert(1, at: axis)
    return reshaped(to: Shape(dimensions))
  }

  public func reversed(axes: [Int]) -> Value { apply(.reverse(axes: axes)) }

  // MARK: Indexing

  public func gather(_ indices: Value, axis: Int) -> Value { apply(.gather(axis: axis), indices) }

  public func gatherElements(_ indices: Value, axis: Int) -> Value {
    apply(.gatherElements(axis: axis), indices)
  }

  public func argMax(axis: Int) -> Value { apply(.argMax(axis: axis)) }

  public func argSort(axis: Int, descending: Bool = false) -> Value {
    apply(.argSort(axis: axis, descending: descending))
  }

  /// The elements along an axis in order.
  public func sorted(axis: Int, descending: Bool = false) -> Value {
    gatherElements(argSort(axis: axis, descending: descending), axis: axis)
  }

  public func cumulativeSum(axis: Int, exclusive: Bool = false, reverse: Bool = false) -> Value {
    apply(.cumulativeSum(axis: axis, exclusive: exclusive, reverse: reverse))
  }

  /// 1 at the index along a new last axis of `count`, else 0.
  public func oneHot(count: Int, elementType: ElementType = .float32) -> Value {
    let target = shape + [count]
    let index = builder.append(
      .iota(self.elementType, target, axis: target.rank - 1), [])
    return index.compare(.equal, expanded(axis: shape.rank)).converted(to: elementType)
  }
}
