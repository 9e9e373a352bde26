/// The operators that eager tensors and the values of a traced program share.
///
/// Formulas written against it (norms, projections, losses) run on numbers and trace into
/// programs alike. Binary operators broadcast.
public protocol TensorAlgebra {
  var shape: Shape { get }

  /// A scalar of the same element type, in the same program.
  func scalar(_ value: Double) -> Self
  /// A tensor of the same element type, in the same program.
  func constant(_ tensor: Tensor) -> Self
  /// The same elements under another shape of as many.
  func reshaped(to shape: Shape) -> Self

  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self
  prefix static func - (operand: Self) -> Self

  /// The larger of two elements; NaN if either is.
  func maximum(_ other: Self) -> Self
  /// The smaller of two elements; NaN if either is.
  func minimum(_ other: Self) -> Self
  func absoluteValue() -> Self
  /// −1, 0 or 1; the sign of 0 is 0.
  func sign() -> Self
  func squareRoot() -> Self
  /// 1 where the element is greater, else 0, in the same element type.
  func isGreater(than other: Self) -> Self

  /// The product of a matrix `[N, K]` with a constant one `[K, M]`.
  func multiplied(by matrix: Tensor) -> Self

  func sum(over axes: [Int], keepingDimensions: Bool) -> Self
  func maximum(over axes: [Int], keepingDimensions: Bool) -> Self
}

extension TensorAlgebra {
  public static func + (left: Self, right: Double) -> Self { left + left.scalar(right) }
  public static func - (left: Self, right: Double) -> Self { left - left.scalar(right) }
  public static func * (left: Self, right: Double) -> Self { left * left.scalar(right) }
  public static func / (left: Self, right: Double) -> Self { left / left.scalar(right) }
  public static func + (left: Double, right: Self) -> Self { right.scalar(left) + right }
  public static func - (left: Double, right: Self) -> Self { right.scalar(left) - right }
  public static func * (left: Double, right: Self) -> Self { right.scalar(left) * right }
  public static func / (left: Double, right: Self) -> Self { right.scalar(left) / right }

  /// The elements moved to the nearest point of [lower, upper].
  public func clamped(from lower: Self, to upper: Self) -> Self {
    maximum(lower).minimum(upper)
  }

  /// The axes of one sample of a batch: all but the first.
  public var sampleAxes: [Int] { Array(1..<Swift.max(shape.rank, 1)) }
}
