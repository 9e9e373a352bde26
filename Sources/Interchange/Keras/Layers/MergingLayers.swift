import Programs
import Tensors

/// Layers that make one value of several.
enum MergingLayers {
  static let all: [KerasLayerKind] = [
    merging("Add") { $0 + $1 },
    merging("Subtract") { $0 - $1 },
    merging("Multiply") { $0 * $1 },
    merging("Maximum") { $0.maximum($1) },
    merging("Minimum") { $0.minimum($1) },
    KerasLayerKind("Average") { call in
      let sum = try call.merged { $0 + $1 }
      return [KerasTensor(sum / Double(call.inputs.count), mask: call.commonMask)]
    },
    KerasLayerKind("Concatenate", lower: concatenate),
    .value("Dot", lower: dot),
  ]

  private static func merging(
    _ name: String, _ combine: @escaping @Sendable (Value, Value) -> Value
  ) -> KerasLayerKind {
    KerasLayerKind(name) { call in
      [KerasTensor(try call.merged(combine), mask: call.commonMask)]
    }
  }

  private static func concatenate(_ call: KerasCall) throws -> [KerasTensor] {
    let values = try call.inputs.indices.map { try call.real($0) }
    let rank = try call.input().value.shape.rank
    let axis = try call.axis(call.configuration.integer("axis", default: -1), rank: rank)
    let isMasked = call.inputs.contains { $0.mask != nil }
    try call.require(
      !isMasked || axis > 1, "joins steps of which some are masked, which is not supported")
    return [KerasTensor(Value.concatenated(values, axis: axis), mask: call.commonMask)]
  }

  /// Products of two values over one axis of each, of unit length if the layer normalises.
  private static func dot(_ call: KerasCall) throws -> Value {
    let (first, second) = try (call.real(0), call.real(1))
    let stated = try call.configuration.integers("axes") ?? []
    try call.require((1...2).contains(stated.count), "'axes' names no axis of each input")
    let left = try call.axis(stated[0], rank: first.shape.rank)
    let right = try call.axis(stated[stated.count - 1], rank: second.shape.rank)
    try call.require(
      left > 0 && right > 0 && first.shape.rank > 1 && second.shape.rank > 1,
      "multiplies over the samples, which is not supported")
    let isNormalized = call.configuration.flag("normalize", default: false)
    let (x, y) = (
      isNormalized ? first.unitLength(axis: left) : first,
      isNormalized ? second.unitLength(axis: right) : second
    )
    let product = x.rows(summing: left).matrixMultiplied(
      by: y.rows(summing: right), transposeRight: true)
    let others = x.shape.dimensions.removing(left) + y.shape.dimensions.removing(right).dropFirst()
    return product.reshaped(to: Shape(others.count == 1 ? others + [1] : others))
  }
}

extension KerasCall {
  /// All inputs combined from left to right; one of fewer axes gets axes of 1 after the first.
  fileprivate func merged(_ combine: (Value, Value) -> Value) throws -> Value {
    let values = try inputs.indices.map { try real($0) }
    try require(!values.isEmpty, "has no inputs")
    let rank = values.map(\.shape.rank).max() ?? 0
    let aligned = values.map { value in
      value.shape.rank == rank || value.shape.rank == 0
        ? value
        : value.reshaped(
          to: Shape(
            value.shape.dimensions.prefix(1)
              + Array(repeating: 1, count: rank - value.shape.rank)
              + value.shape.dimensions.dropFirst()))
    }
    return Value.elementwise(aligned) { values in
      values.dropFirst().reduce(values[0], combine)
    }
  }

  /// The steps that count: before Keras 3 those that do in every input with a mask, since then
  /// those that do in any input if all have masks.
  fileprivate var commonMask: Value? {
    let masks = inputs.compactMap(\.mask)
    guard let first = masks.first, masks.allSatisfy({ $0.shape == first.shape }) else { return nil }
    guard lowering.version >= 3 else { return masks.dropFirst().reduce(first) { $0.and($1) } }
    return masks.count == inputs.count ? masks.dropFirst().reduce(first) { $0.or($1) } : nil
  }
}

extension Value {
  fileprivate func unitLength(axis: Int) -> Value {
    let sum = squared().sum(over: [axis], keepingDimensions: true)
    return self / sum.maximum(sum.scalar(1e-24)).squareRoot()
  }

  /// The value as `[N, rest, size]`, with one axis last and all others but the first merged.
  fileprivate func rows(summing axis: Int) -> Value {
    let others = (1..<shape.rank).filter { $0 != axis }
    let count = others.reduce(1) { $0 * shape[$1] }
    return transposed([0] + others + [axis]).reshaped(to: [shape[0], count, shape[axis]])
  }
}

extension [Int] {
  fileprivate func removing(_ index: Int) -> [Int] {
    enumerated().filter { $0.offset != index }.map(\.element)
  }
}
