import Programs
import Tensors

/// Sums, means and extremes over axes that are known.
enum TensorFlowReductions {
  static let all: [TensorFlowOperator] = [
    .value("Sum") { call in
      try call.input(0).sum(over: call.reducedAxes(), keepingDimensions: call.keepsDimensions)
    },
    .value("Mean") { call in
      try call.real(0).mean(over: call.reducedAxes(), keepingDimensions: call.keepsDimensions)
    },
    .value("Max") { call in
      try call.input(0).maximum(over: call.reducedAxes(), keepingDimensions: call.keepsDimensions)
    },
    .value("Min") { call in
      try -(-call.input(0)).maximum(
        over: call.reducedAxes(), keepingDimensions: call.keepsDimensions)
    },
    .value("Any") { call in
      try call.input(0).converted(to: .int64).maximum(
        over: call.reducedAxes(), keepingDimensions: call.keepsDimensions
      ).converted(to: .bool)
    },
    .value("All") { call in
      try call.input(0).not().converted(to: .int64).maximum(
        over: call.reducedAxes(), keepingDimensions: call.keepsDimensions
      ).converted(to: .bool).not()
    },
    .value("Prod", lower: product),
    .value("ArgMax") { try argument($0) { $0 } },
    .value("ArgMin") { try argument($0) { -$0 } },
  ]

  /// More factors are not written out.
  private static let largestProduct = 1024

  /// The product of slices, one after the other: there are no products among the primitives.
  private static func product(_ call: TensorFlowCall) throws -> Value {
    let value = try call.input(0)
    let axes = try call.reducedAxes()
    var result = value
    for axis in axes {
      let size = result.shape[axis]
      try call.require(
        size <= largestProduct, "a product of \(Shape.text(size)) factors is not supported")
      let factors = (0..<size).map { result.slice(axis: axis, $0..<$0 + 1) }
      let ones = result.scalar(1).broadcast(
        to: result.shape.reduced(over: [axis], keepingDimensions: true))
      result = factors.dropFirst().reduce(factors.first ?? ones) { $0 * $1 }
    }
    guard !call.keepsDimensions else { return result }
    return result.reshaped(to: value.shape.reduced(over: axes, keepingDimensions: false))
  }

  private static func argument(
    _ call: TensorFlowCall, _ transform: (Value) -> Value
  ) throws -> Value {
    let value = try call.input(0)
    let axis = try call.axis(call.integer(1), rank: value.shape.rank)
    if value.elementType.isFloatingPoint { call.tracer.markGradientless(call.node.op) }
    return transform(value).argMax(axis: axis)
  }
}

extension TensorFlowCall {
  fileprivate var keepsDimensions: Bool { flag("keep_dims") }

  fileprivate func reducedAxes() throws -> [Int] {
    try axes(integers(1), rank: input(0).shape.rank).sorted()
  }
}
