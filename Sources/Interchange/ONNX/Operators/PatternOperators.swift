import Foundation
import Programs
import Tensors

/// Tensors that follow a pattern of their indices.
enum PatternOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("OneHot", lower: oneHot),
    ONNXOperator("Range", lower: range),
    ONNXOperator("EyeLike", lower: eyeLike),
    .value("Trilu") { call in
      let value = try call.input(0)
      let diagonal = try call.optionalIntegers(1)?.first ?? 0
      let offset = try value.diagonalOffset(in: call)
      let limit = offset.scalar(Double(diagonal))
      let isKept =
        try call.flag("upper", default: true)
        ? limit.compare(.lessOrEqual, offset) : offset.compare(.lessOrEqual, limit)
      let zero = call.constant(Tensor(zeros: [], elementType: value.elementType))
      return isKept.select(value, zero)
    },
  ]

  /// One value at the place of each index along a new axis, another elsewhere; an index outside of
  /// the axis has no place.
  private static func oneHot(_ call: ONNXCall) throws -> [Operand?] {
    let indices = try call.input(0).converted(to: .int64)
    let values = try call.operand(2)
    let depth = try call.integers(1)
    try call.require(
      depth.count == 1 && depth[0] >= 0 && values.shape == [2],
      "expects one depth and two values, got \(depth) and \(values.value.type)")
    let rank = indices.shape.rank + 1
    let axis = try call.axis(call.int("axis", default: -1), rank: rank)
    var target = indices.shape
    target.dimensions.insert(depth[0], at: axis)
    let position = call.builder.append(.iota(.int64, target, axis: axis), [])
    let places = indices.indices(intoAxisOf: position.length(of: axis)).expanded(axis: axis)
    let isHot = position.compare(.equal, places)
    return [
      Operand(
        isHot.select(
          values.value.select(axis: 0, 1), values.value.select(axis: 0, 0)), values.type)
    ]
  }

  /// The numbers start, start + δ, … before the limit.
  private static func range(_ call: ONNXCall) throws -> [Operand?] {
    let start = try call.operand(0)
    let (limit, step) = try (call.input(1), call.input(2))
    let count: Int
    if start.value.elementType.isFloatingPoint {
      let (from, to, by) = try (call.reals(0), call.reals(1), call.reals(2))
      try call.require(
        from.count == 1 && to.count == 1 && by.count == 1 && by[0] != 0,
        "expects three numbers, the last of which is not 0")
      let steps = ((to[0] - from[0]) / by[0]).rounded(.up)
      count = try call.whole(max(steps, 0))
      try call.requireTable([count])
      let numbers = (0..<count).map { from[0] + Double($0) * by[0] }
      let type = start.value.elementType
      return [Operand(call.constant(Tensor(numbers).converted(to: type)), start.type)]
    }
    // Integers may depend on N: the count is computed as a value.
    let wide = [start.value, limit, step].map { $0.converted(to: .int64).reshaped(to: []) }
    let sum = wide[1] - wide[0] + (wide[2] - wide[2].sign())
    let steps = (sum / wide[2]).maximum(wide[2].scalar(0))
    guard let known = call.tracer.known(steps) else {
      // Names the input whose value is missing.
      for input in 0..<3 { _ = try call.integers(input) }
      throw call.error("the number of its elements is not known")
    }
    guard let found = known.dimensions?.first else {
      throw call.error("the number of its elements is no multiple of that of the samples")
    }
    count = found
    let index = call.builder.append(.iota(.int64, [count], axis: 0), [])
    let result = (index * wide[2] + wide[0]).converted(to: start.value.elementType)
    return [Operand(result, start.type)]
  }

  private static func eyeLike(_ call: ONNXCall) throws -> [Operand?] {
    let like = try call.operand(0)
    try call.require(like.shape.rank == 2, "expects a matrix, got \(like.value.type)")
    let type = try call.optionalInt("dtype").map { try call.type($0) } ?? like.type
    guard let representation = type.representation else {
      throw call.error("makes elements of \(type), which Assay does not compute")
    }
    let offset = try like.value.diagonalOffset(in: call)
    let diagonal = offset.scalar(Double(try call.int("k", default: 0)))
    return [Operand(offset.compare(.equal, diagonal).converted(to: representation), type)]
  }
}

extension Value {
  /// The column minus the row of each element of the last two axes.
  fileprivate func diagonalOffset(in call: ONNXCall) throws -> Value {
    try call.require(shape.rank >= 2, "expects matrices, got \(type)")
    let matrix = Shape(Array(shape.dimensions.suffix(2)))
    return builder.append(.iota(.int64, matrix, axis: 1), [])
      - builder.append(.iota(.int64, matrix, axis: 0), [])
  }
}
