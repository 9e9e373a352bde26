import Programs
import Tensors

/// Reductions over axes.
enum ReduceOperators {
  static let all: [ONNXOperator] =
    operators("ReduceSum", axesAreInputSince: 13) { value, axes, _ in value.sum(over: axes) }
    + operators("ReduceMean") { value, axes, _ in value.mean(over: axes) }
    + operators("ReduceMax", lower: maximum)
    + operators("ReduceMin") { value, axes, call in
      maximum(value.oppositeOrder, axes, call).oppositeOrder
    }
    + operators("ReduceProd", lower: product)
    + operators("ReduceL1") { value, axes, _ in value.absoluteValue().sum(over: axes) }
    + operators("ReduceL2") { value, axes, _ in
      guard !value.elementType.isFloatingPoint else { return value.norm(over: axes) }
      return value.converted(to: .float64).norm(over: axes).converted(to: value.elementType)
    }
    + operators("ReduceSumSquare") { value, axes, _ in value.squared().sum(over: axes) }
    + operators("ReduceLogSum") { value, axes, _ in
      value.inReals { $0.sum(over: axes).logarithm() }
    }
    + operators("ReduceLogSumExp") { value, axes, _ in
      value.inReals { $0.logSumExponential(over: axes) }
    }

  /// Reduces a value over axes, which are removed.
  private typealias Reduction = @Sendable (Value, [Int], ONNXCall) throws -> Value

  private static func operators(
    _ name: String, axesAreInputSince opset: Int = 18, lower: @escaping Reduction
  ) -> [ONNXOperator] {
    [
      .value(name, since: 1) { call in
        try call.reduced(over: call.optionalInts("axes"), lower)
      },
      .value(name, since: opset) { call in
        try call.reduced(over: call.optionalIntegers(1), lower)
      },
    ]
  }

  private static func maximum(_ value: Value, _ axes: [Int], _ call: ONNXCall) -> Value {
    guard value.elementType == .bool else { return value.maximum(over: axes) }
    return value.converted(to: .uint8).maximum(over: axes).converted(to: .bool)
  }

  private static func product(
    _ value: Value, _ axes: [Int], _ call: ONNXCall
  ) throws -> Value {
    try axes.sorted(by: >).reduce(value) { result, axis in
      try call.require(
        !Shape.isSymbolic(result.shape[axis]), "cannot multiply along the samples of a batch")
      return result.product(axis: axis)
    }
  }
}

extension ONNXCall {
  /// All axes where none are named, unless the node says that this means none.
  fileprivate func reduced(
    over named: [Int]?, _ reduce: (Value, [Int], ONNXCall) throws -> Value
  ) throws -> Value {
    let value = try input(0)
    let given = named ?? []
    let isAll = try given.isEmpty && !flag("noop_with_empty_axes")
    let axes =
      isAll ? Array(0..<value.shape.rank) : try self.axes(given, rank: value.shape.rank)
    let result = try reduce(value, axes.sorted(), self)
    guard try flag("keepdims", default: true) else { return result }
    return result.reshaped(to: value.shape.reduced(over: axes, keepingDimensions: true))
  }
}

extension Value {
  /// The values in the opposite order, bools included.
  fileprivate var oppositeOrder: Value { elementType == .bool ? not() : orderReversed }

  /// √Σ x², with derivative 0 where all elements are 0.
  fileprivate func norm(over axes: [Int]) -> Value {
    let sum = squared().sum(over: axes)
    let isZero = sum.compare(.equal, scalar(0))
    return isZero.select(scalar(0), isZero.select(scalar(1), sum).squareRoot())
  }

  /// A function of real numbers, rounded to the type of the operand.
  fileprivate func inReals(_ function: (Value) -> Value) -> Value {
    elementType.isFloatingPoint
      ? function(self) : function(converted(to: .float64)).converted(to: elementType)
  }

  /// log Σ eˣ over axes, which are removed; shifted by the largest element, where that is finite.
  func logSumExponential(over axes: [Int]) -> Value {
    let largest = maximum(over: axes, keepingDimensions: true).stoppingGradient()
    let isFinite = largest.absoluteValue().compare(.less, scalar(.infinity))
    let shift = isFinite.select(largest, scalar(0))
    let sum = (self - shift).exponential().sum(over: axes)
    return sum.logarithm() + shift.reshaped(to: sum.shape)
  }
}
