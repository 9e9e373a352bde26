public import Tensors

/// A value of a program under construction.
public struct Value {
  public let builder: ProgramBuilder
  package let id: Int
  public let type: ValueType

  public var shape: Shape { type.shape }
  public var elementType: ElementType { type.elementType }

  package init(builder: ProgramBuilder, id: Int, type: ValueType) {
    self.builder = builder
    self.id = id
    self.type = type
  }

  package func apply(_ primitive: Primitive, _ others: Value...) -> Value {
    builder.append(primitive, [self] + others)
  }
}

extension Value: TensorAlgebra {
  public func scalar(_ value: Double) -> Value {
    builder.constant(Tensor(value, elementType: elementType))
  }
  public func constant(_ tensor: Tensor) -> Value {
    builder.constant(tensor.converted(to: elementType))
  }

  public static func + (left: Value, right: Value) -> Value { left.combine(.add, right) }
  public static func - (left: Value, right: Value) -> Value { left.combine(.subtract, right) }
  public static func * (left: Value, right: Value) -> Value { left.combine(.multiply, right) }
  public static func / (left: Value, right: Value) -> Value { left.combine(.divide, right) }
  public prefix static func - (operand: Value) -> Value { operand.apply(.unary(.negate)) }

  public func maximum(_ other: Value) -> Value { combine(.maximum, other) }
  public func minimum(_ other: Value) -> Value { combine(.minimum, other) }
  public func power(_ exponent: Value) -> Value { combine(.power, exponent) }
  public func remainder(_ divisor: Value) -> Value { combine(.remainder, divisor) }
  public func and(_ other: Value) -> Value { combine(.and, other) }
  public func or(_ other: Value) -> Value { combine(.or, other) }

  public func isGreater(than other: Value) -> Value {
    let (left, right) = Value.broadcast(self, other)
    return right.apply(.compare(.less), left).converted(to: elementType)
  }

  public func absoluteValue() -> Value { apply(.unary(.absoluteValue)) }
  public func sign() -> Value { apply(.unary(.sign)) }
  public func squareRoot() -> Value { apply(.unary(.squareRoot)) }

  public func multiplied(by matrix: Tensor) -> Value {
    matrixMultiplied(by: builder.constant(matrix))
  }

  public func sum(over axes: [Int], keepingDimensions: Bool = false) -> Value {
    reduce(.sum, over: axes, keepingDimensions: keepingDimensions)
  }
  public func maximum(over axes: [Int], keepingDimensions: Bool = false) -> Value {
    reduce(.maximum, over: axes, keepingDimensions: keepingDimensions)
  }

  private func reduce(
    _ reduction: Reduction, over axes: [Int], keepingDimensions: Bool
  ) -> Value {
    guard !axes.isEmpty else { return self }
    let reduced = apply(.reduce(reduction, axes: axes.sorted()))
    guard keepingDimensions else { return reduced }
    return reduced.reshaped(to: shape.reduced(over: axes, keepingDimensions: true))
  }

  package func combine(_ function: BinaryFunction, _ other: Value) -> Value {
    let (left, right) = Value.broadcast(self, other)
    return left.apply(.binary(function), right)
  }

  /// Both values repeated to their common shape.
  package static func broadcast(_ left: Value, _ right: Value) -> (Value, Value) {
    guard let common = left.shape.broadcast(with: right.shape) else {
      left.builder.fail("broadcast", [left, right], "the shapes do not broadcast")
      return (left, left)
    }
    return (left.broadcast(to: common), right.broadcast(to: common))
  }
}
