import Tensors

extension Primitive {
  /// The derivative: from operands x, result y and the gradient dy in y to those in each operand.
  func gradient(_ x: [Value], _ y: Value, _ dy: Value) -> [Value?] {
    switch self {
    case .constant, .dimension, .iota, .randomUniform, .compare, .stopGradient, .argMax,
      .argSort, .maxPoolIndices:
      return x.map { _ in nil }
    case .unary(let function): return [function.gradient(x[0], y, dy)]
    case .binary(let function): return function.gradient(x[0], x[1], y, dy)
    case .select:
      let zero = dy.scalar(0)
      return [nil, x[0].select(dy, zero), x[0].select(zero, dy)]
    case .convert:
      return [x[0].elementType.isFloatingPoint ? dy.converted(to: x[0].elementType) : nil]
    case .broadcast(let target, let axes):
      let repeated = (0..<target.rank).filter { axis in
        guard let source = axes.firstIndex(of: axis) else { return true }
        return x[0].shape[source] != target[axis]
      }
      return [dy.sum(over: repeated).reshaped(to: x[0].shape)]
    case .reshape: return [dy.reshaped(to: x[0].shape)]
    case .transpose(let permutation):
      let inverse = permutation.indices.sorted { permutation[$0] < permutation[$1] }
      return [dy.transposed(inverse)]
    case .slice(let starts, let limits, let strides):
      return [sliceGradient(x[0].shape, dy, starts: starts, limits: limits, strides: strides)]
    case .pad(let low, _, let interior, _):
      let shape = x[0].shape
      let strides = interior.map { $0 + 1 }
      let limits = low.indices.map { axis in
        shape[axis] == 0 ? low[axis] : low[axis] + (shape[axis] - 1) * strides[axis] + 1
      }
      return [dy.apply(.slice(starts: low, limits: limits, strides: strides))]
    case .concatenate(let axis):
      var start = 0
      return x.map { operand in
        defer { start += operand.shape[axis] }
        return dy.slice(axis: axis, start..<start + operand.shape[axis])
      }
    case .reverse(let axes): return [dy.reversed(axes: axes)]
    case .gather, .scatterAdd, .gatherElements, .scatterAddElements, .reduce, .cumulativeSum:
      return indexingGradient(x, y, dy)
    case .matrixMultiply, .convolution, .convolutionInputGradient, .convolutionKernelGradient,
      .maxPool, .windowSum, .windowSumGradient:
      return productGradient(x, y, dy)
    }
  }

  private func sliceGradient(
    _ shape: Shape, _ dy: Value, starts: [Int], limits: [Int], strides: [Int]
  ) -> Value {
    let high = shape.dimensions.indices.map { axis in
      let last = starts[axis] + Swift.max(dy.shape[axis] - 1, 0) * strides[axis]
      return shape[axis] - (dy.shape[axis] == 0 ? starts[axis] : last + 1)
    }
    return dy.apply(
      .pad(low: starts, high: high, interior: strides.map { $0 - 1 }, value: 0))
  }

  private func indexingGradient(_ x: [Value], _ y: Value, _ dy: Value) -> [Value?] {
    switch self {
    case .gather(let axis):
      return [x[1].apply(.scatterAdd(axis: axis, count: x[0].shape[axis]), dy), nil]
    case .scatterAdd(let axis, _): return [nil, dy.gather(x[0], axis: axis)]
    case .gatherElements(let axis):
      return [x[1].apply(.scatterAddElements(axis: axis, count: x[0].shape[axis]), dy), nil]
    case .scatterAddElements(let axis, _): return [nil, dy.gatherElements(x[0], axis: axis)]
    case .reduce(.sum, let axes):
      let kept = x[0].shape.reduced(over: axes, keepingDimensions: true)
      return [dy.reshaped(to: kept).broadcast(to: x[0].shape)]
    case .reduce(.maximum, let axes):
      // Ties share the gradient equally.
      let kept = x[0].shape.reduced(over: axes, keepingDimensions: true)
      let largest = x[0].compare(.equal, y.reshaped(to: kept)).converted(to: dy.elementType)
      let count = largest.sum(over: axes, keepingDimensions: true)
      return [largest * (dy.reshaped(to: kept) / count)]
    case .cumulativeSum(let axis, let exclusive, let reverse):
      return [dy.cumulativeSum(axis: axis, exclusive: exclusive, reverse: !reverse)]
    default: preconditionFailure("\(name) does not index elements")
    }
  }

  private func productGradient(_ x: [Value], _ y: Value, _ dy: Value) -> [Value?] {
    switch self {
    case .matrixMultiply(let left, let right):
      let product = { (a: Value, b: Value, transposeA: Bool, transposeB: Bool) in
        a.apply(.matrixMultiply(transposeLeft: transposeA, transposeRight: transposeB), b)
      }
      return [
        left ? product(x[1], dy, right, true) : product(dy, x[1], false, !right),
        right ? product(dy, x[0], true, left) : product(x[0], dy, !left, false),
      ]
    case .convolution(let geometry):
      let spatial = Array(x[0].shape.dimensions.dropFirst(2))
      let window = Array(x[1].shape.dimensions.dropFirst(2))
      return [
        dy.apply(.convolutionInputGradient(geometry, spatial: spatial), x[1]),
        x[0].apply(.convolutionKernelGradient(geometry, window: window), dy),
      ]
    case .convolutionInputGradient(let geometry, _):
      let window = Array(x[1].shape.dimensions.dropFirst(2))
      return [
        dy.apply(.convolution(geometry), x[1]),
        dy.apply(.convolutionKernelGradient(geometry, window: window), x[0]),
      ]
    case .convolutionKernelGradient(let geometry, _):
      let spatial = Array(x[0].shape.dimensions.dropFirst(2))
      return [
        x[1].apply(.convolutionInputGradient(geometry, spatial: spatial), dy),
        x[0].apply(.convolution(geometry), dy),
      ]
    case .maxPool(let windows):
      let flat = x[0].flattened(from: 2).shape
      let indices = x[0].apply(.maxPoolIndices(windows)).flattened(from: 2)
      let scattered = indices.apply(
        .scatterAddElements(axis: 2, count: flat[2]), dy.flattened(from: 2))
      return [scattered.reshaped(to: x[0].shape)]
    case .windowSum(let windows):
      let spatial = Array(x[0].shape.dimensions.dropFirst(2))
      return [dy.apply(.windowSumGradient(windows, spatial: spatial))]
    case .windowSumGradient(let windows, _): return [dy.apply(.windowSum(windows))]
    default: preconditionFailure("\(name) is no product")
    }
  }
}
