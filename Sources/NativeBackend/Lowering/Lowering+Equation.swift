import CKernels
import Programs
import Tensors

extension Lowering {
  /// Emits the steps of an equation that is neither elementwise nor deferred.
  mutating func lower(_ value: Int) throws {
    guard let equation = program.equation(of: value) else { return }
    let types = equation.operands.map(type)
    let isEmpty = ([equation.type] + types).contains { $0.shape.count == 0 }
    let isFloat = types.allSatisfy { $0.elementType == .float32 }
    if isEmpty { return try lowerByReference(value, equation) }
    switch equation.primitive {
    case .transpose, .pad, .concatenate, .reverse:
      try lowerRearranging(value, equation)
    case .gather(let axis): try lowerGather(value, equation, axis: axis)
    case .reduce(let reduction, let axes) where ReduceStep.supports(equation.type.elementType):
      try lowerReduction(value, equation, reduction, axes)
    case .matrixMultiply(let left, let right) where isFloat:
      try lowerProduct(value, equation, transposeLeft: left, transposeRight: right)
    case .convolution(let geometry) where isFloat:
      try lowerConvolution(value, equation, geometry)
    case .convolutionInputGradient(let geometry, _) where isFloat:
      try lowerInputGradient(value, equation, geometry)
    case .convolutionKernelGradient(let geometry, _) where isFloat:
      try lowerKernelGradient(value, equation, geometry)
    case .maxPool, .maxPoolIndices, .windowSum, .windowSumGradient:
      try lowerWindows(value, equation)
    case .scatterAddElements where isMaxPoolGradient(equation):
      try lowerMaxPoolGradient(value, equation)
    default: try lowerByReference(value, equation)
    }
  }

  mutating func lowerByReference(_ value: Int, _ equation: Equation) throws {
    let reads = try equation.operands.map { try buffer(of: $0, in: .plain) }
    emit(
      ReferenceStep(
        equation: equation, operandTypes: equation.operands.map(type), reads: reads,
        target: define(value, in: .plain)))
  }

  private mutating func lowerGather(_ value: Int, _ equation: Equation, axis: Int) throws {
    let (source, indices) = (type(equation.operands[0]), type(equation.operands[1]))
    let dimensions = source.shape.dimensions
    emit(
      GatherStep(
        source: try buffer(of: equation.operands[0], in: .plain),
        indices: try buffer(of: equation.operands[1], in: .plain),
        target: define(value, in: .plain), indexType: indices.elementType,
        indexCount: indices.shape.count, count: dimensions[axis],
        outer: dimensions[..<axis].reduce(1, *),
        sliceByteCount: dimensions[(axis + 1)...].reduce(1, *)
          * source.elementType.byteCount))
  }

  private mutating func lowerReduction(
    _ value: Int, _ equation: Equation, _ reduction: Reduction, _ axes: [Int]
  ) throws {
    let operand = equation.operands[0]
    let shape = type(operand).shape
    var layout = layout(of: operand)
    var order = layout.order(rank: shape.rank)
    func place(of layout: Layout) -> Layout? {
      // Axes that stay must lie in an order that the result's layouts know.
      let kept = order.filter { !axes.contains($0) }
      if kept == kept.sorted() { return .plain }
      let last = Layout.channelsLast.order(rank: kept.count).map { kept.sorted()[$0] }
      return kept.count >= 3 && kept == last ? .channelsLast : nil
    }
    var target = place(of: layout)
    if target == nil {
      layout = .plain
      order = layout.order(rank: shape.rank)
      target = .plain
    }
    let source = try buffer(of: operand, in: layout)
    emit(
      ReduceStep(
        reduction, equation.type.elementType, from: source,
        to: define(value, in: target ?? .plain), dimensions: order.map { shape[$0] },
        isReduced: order.map { axes.contains($0) }))
  }
}
