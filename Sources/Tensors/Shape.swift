/// The dimensions of a tensor, outermost first; elements are stored row-major.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  public var dimensions: [Int]

  public init(_ dimensions: [Int]) { self.dimensions = dimensions }
  public init(arrayLiteral elements: Int...) { dimensions = elements }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of the dimensions, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  public subscript(axis: Int) -> Int {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }

  /// The shape without its first axis: that of one sample of a batch.
  public var sample: Shape { Shape(Array(dimensions.dropFirst())) }

  /// The shape with its first axis replaced.
  public func batched(_ count: Int) -> Shape { [count] + sample }

  /// The shape with the given axes set to 1, or removed.
  public func reduced(over axes: [Int], keepingDimensions: Bool) -> Shape {
    if keepingDimensions {
      return Shape(dimensions.indices.map { axes.contains($0) ? 1 : dimensions[$0] })
    }
    return Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
  }

  /// The common shape of two operands under the usual broadcasting rule, nil where none exists.
  ///
  /// Shapes are aligned at their last axes; each pair of dimensions must agree or contain a 1.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(self.rank, other.rank)
    var result = [Int](repeating: 1, count: rank)
    for offset in 1...Swift.max(rank, 1) where rank > 0 {
      let left = offset <= self.rank ? dimensions[self.rank - offset] : 1
      let right = offset <= other.rank ? other.dimensions[other.rank - offset] : 1
      guard left == right || left == 1 || right == 1 else { return nil }
      result[rank - offset] = left == 1 ? right : left
    }
    return Shape(result)
  }

  public static func + (left: Shape, right: Shape) -> Shape {
    Shape(left.dimensions + right.dimensions)
  }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[\(dimensions.map(String.init).joined(separator: ", "))]" }
}

extension Shape: Codable {
  public init(from decoder: any Decoder) throws {
    dimensions = try decoder.singleValueContainer().decode([Int].self)
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}
