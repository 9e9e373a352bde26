import Tensors

/// A value of the program for one sample, as the program for N samples knows it.
struct SampleOperand {
  let value: Value
  /// Whether the value has a leading axis N; if not, all samples share it.
  let isBatched: Bool

  /// The value of each sample, `[N] + shape`.
  var batched: Value {
    isBatched ? value : value.broadcast(to: [Shape.batch] + value.shape)
  }
}

extension Primitive {
  /// The primitive applied to each of N samples, at least one operand of which has an axis N.
  ///
  /// Axis i of a sample is axis i + 1 of the result, which begins with N.
  ///
  /// - Throws: `TypeError` if no composition of primitives does that.
  func mappedOverSamples(_ x: [SampleOperand]) throws -> Value {
    switch self {
    case .constant, .dimension, .iota: preconditionFailure("\(name) has no operand to map over")
    case .randomUniform:
      throw TypeError("its key differs from sample to sample, but all its numbers have one key")
    // Each element by itself: shared operands are repeated for each sample.
    case .unary, .binary, .compare, .select, .convert, .stopGradient:
      return applied(toAll: x)
    case .broadcast, .reshape, .transpose, .slice, .pad, .concatenate, .reverse:
      return withLeadingAxis.applied(toAll: x)
    case .gather(let axis): return gathered(x[0], x[1], axis: axis)
    case .scatterAdd(let axis, let count):
      return scattered(x[0], x[1], axis: axis, count: count)
    // One axis after N; operands agree in the others, so that shared ones are repeated.
    case .gatherElements, .scatterAddElements, .argMax, .argSort, .reduce, .cumulativeSum:
      return withLeadingAxis.applied(toAll: x)
    case .matrixMultiply(let transposeLeft, _):
      return multiplied(x[0], x[1], transposeLeft: transposeLeft)
    case .convolution(let geometry), .convolutionInputGradient(let geometry, _),
      .convolutionKernelGradient(let geometry, _):
      return try convolved(x, groups: geometry.groups)
    // Windows see one image at a time: samples are images more.
    case .maxPool, .maxPoolIndices, .windowSum, .windowSumGradient:
      return x[0].value.mergingSamples(into: 0).apply(self).separatingSamples(from: 0)
    }
  }

  private func applied(toAll operands: [SampleOperand]) -> Value {
    operands[0].value.builder.append(self, operands.map(\.batched))
  }

  /// The primitive for operands and a result with one more axis in front, which it leaves alone.
  var withLeadingAxis: Primitive {
    func shifted(_ axes: [Int]) -> [Int] { axes.map { $0 + 1 } }
    switch self {
    case .broadcast(let shape, let axes):
      return .broadcast([Shape.batch] + shape, axes: [0] + shifted(axes))
    case .reshape(let shape): return .reshape([Shape.batch] + shape)
    case .transpose(let permutation): return .transpose([0] + shifted(permutation))
    case .slice(let starts, let limits, let strides):
      return .slice(
        starts: [0] + starts, limits: [Shape.batch] + limits, strides: [1] + strides)
    case .pad(let low, let high, let interior, let value):
      return .pad(low: [0] + low, high: [0] + high, interior: [0] + interior, value: value)
    case .concatenate(let axis): return .concatenate(axis: axis + 1)
    case .reverse(let axes): return .reverse(axes: shifted(axes))
    case .gather(let axis): return .gather(axis: axis + 1)
    case .scatterAdd(let axis, let count): return .scatterAdd(axis: axis + 1, count: count)
    case .gatherElements(let axis): return .gatherElements(axis: axis + 1)
    case .scatterAddElements(let axis, let count):
      return .scatterAddElements(axis: axis + 1, count: count)
    case .argMax(let axis): return .argMax(axis: axis + 1)
    case .argSort(let axis, let descending):
      return .argSort(axis: axis + 1, descending: descending)
    case .reduce(let reduction, let axes): return .reduce(reduction, axes: shifted(axes))
    case .cumulativeSum(let axis, let exclusive, let reverse):
      return .cumulativeSum(axis: axis + 1, exclusive: exclusive, reverse: reverse)
    default: preconditionFailure("\(name) has no axes to shift")
    }
  }
}
