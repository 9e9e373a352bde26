import Programs
import Tensors

/// Distributions along an axis; before version 13, over all axes from one on.
enum SoftmaxOperators {
  static let all: [ONNXOperator] = [
    .value("Softmax", since: 1) { call in
      try call.overTrailingAxes { call.tracer.softmax($0, axis: $1) }
    },
    .value("Softmax", since: 13) { call in
      try call.alongAxis { call.tracer.softmax($0, axis: $1) }
    },
    .value("LogSoftmax", since: 1) { call in
      try call.overTrailingAxes { call.tracer.logSoftmax($0, axis: $1) }
    },
    .value("LogSoftmax", since: 13) { call in
      try call.alongAxis { call.tracer.logSoftmax($0, axis: $1) }
    },
    .value("Hardmax", since: 1) { call in
      call.tracer.markGradientless("Hardmax")
      return try call.overTrailingAxes { $0.hardmax(axis: $1) }
    },
    .value("Hardmax", since: 13) { call in
      call.tracer.markGradientless("Hardmax")
      return try call.alongAxis { $0.hardmax(axis: $1) }
    },
  ]
}

extension ONNXCall {
  fileprivate func alongAxis(_ function: (Value, Int) -> Value) throws -> Value {
    let value = try real(0)
    return function(value, try axis(int("axis", default: -1), rank: value.shape.rank))
  }

  /// A function along the second axis of the matrix that has all axes from one on as its second.
  fileprivate func overTrailingAxes(_ function: (Value, Int) -> Value) throws -> Value {
    let value = try real(0)
    let dimensions = value.shape.dimensions
    let cut = try axis(int("axis", default: 1), rank: dimensions.count)
    if cut == dimensions.count - 1 { return function(value, cut) }
    let matrix = value.reshaped(
      to: [dimensions[..<cut].reduce(1, *), dimensions[cut...].reduce(1, *)])
    return function(matrix, 1).reshaped(to: value.shape)
  }
}

extension Value {
  /// 1 at the first largest element along an axis, else 0.
  fileprivate func hardmax(axis: Int) -> Value {
    let index = builder.append(.iota(.int64, shape, axis: axis), [])
    return index.compare(.equal, argMax(axis: axis).expanded(axis: axis))
      .converted(to: elementType)
  }
}
