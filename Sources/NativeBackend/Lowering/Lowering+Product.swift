import CDNNL
import Programs
import Tensors

extension Lowering {
  typealias Argument = LibraryStep.Argument

  /// Emits a matrix product; a constant right operand is packed when the program is compiled.
  mutating func lowerProduct(
    _ value: Int, _ equation: Equation, transposeLeft: Bool, transposeRight: Bool
  ) throws {
    let (left, right) = (equation.operands[0], equation.operands[1])
    if !transposeLeft, try lowerPackedProduct(value, equation, transposeRight: transposeRight) {
      return
    }
    let leftBuffer = try buffer(of: left, in: .plain)
    let rightBuffer = try buffer(of: right, in: .plain)
    let leftFormat = try matrixFormat(type(left).shape, isTransposed: transposeLeft)
    let rightFormat = try matrixFormat(type(right).shape, isTransposed: transposeRight)
    let result = try matrixFormat(equation.type.shape, isTransposed: false)
    let isPacked = constant(rightBuffer) != nil && equation.type.shape.rank == 2
    let wanted =
      isPacked
      ? try MemoryFormat(
        anyOf: dimensions(type(right).shape, isTransposed: transposeRight))
      : rightFormat
    let epilogue = epilogues[value]
    let columns = equation.type.shape[equation.type.shape.rank - 1]
    let biasFormat = try epilogue.map { _ in try MemoryFormat([1, columns], strides: [columns, 1]) }
    let primitive = try LibraryPrimitive.product(
      leftFormat, wanted, result, bias: biasFormat, on: engine)
    let weights = try primitive.format(dnnl_query_weights_md)
    let packed = try formatted(rightBuffer, from: rightFormat, to: weights)
    let bias = try biasArgument(epilogue, biasFormat)
    let target = define(epilogue?.sum ?? value, in: .plain)
    let leftShape = type(left).shape
    func step(
      _ primitive: LibraryPrimitive, _ left: MemoryFormat, _ result: MemoryFormat,
      _ block: RowBlock?
    ) throws -> LibraryStep {
      try LibraryStep(
        "matmul", primitive,
        reading: [
          Argument(
            index: Int32(DNNL_ARG_SRC), format: left, buffer: leftBuffer,
            byteOffset: block?.byteOffset(in: leftShape) ?? 0),
          Argument(index: Int32(DNNL_ARG_WEIGHTS), format: weights, buffer: packed),
        ] + bias,
        writing: [
          Argument(
            index: Int32(DNNL_ARG_DST), format: result, buffer: target,
            byteOffset: block?.byteOffset(in: equation.type.shape) ?? 0)
        ])
    }
    let isTall = equation.type.shape.rank == 2 && !transposeLeft
    let blocks = isTall ? RowBlock.blocks(rows: equation.type.shape[0]) : []
    guard !blocks.isEmpty else { return emit(try step(primitive, leftFormat, result, nil)) }
    emit(
      RowBlockStep(
        try blocks.map { block in
          let (left, result) = try (
            block.format(of: leftShape), block.format(of: equation.type.shape)
          )
          let part = try LibraryPrimitive.product(
            left, weights, result, bias: biasFormat, on: engine)
          return try step(part, left, result, block)
        }))
  }

  mutating func biasArgument(
    _ epilogue: Epilogue?, _ format: MemoryFormat?
  ) throws -> [Argument] {
    guard let epilogue, let format else { return [] }
    let buffer = try buffer(of: epilogue.bias, in: .plain)
    return [Argument(index: Int32(DNNL_ARG_BIAS), format: format, buffer: buffer)]
  }

  private func dimensions(_ shape: Shape, isTransposed: Bool) -> [Int] {
    var dimensions = shape.dimensions
    if isTransposed { dimensions.swapAt(shape.rank - 1, shape.rank - 2) }
    return dimensions
  }

  /// A matrix stored as it is, or transposed.
  private func matrixFormat(_ shape: Shape, isTransposed: Bool) throws -> MemoryFormat {
    var strides = shape.strides
    if isTransposed { strides.swapAt(shape.rank - 1, shape.rank - 2) }
    return try MemoryFormat(dimensions(shape, isTransposed: isTransposed), strides: strides)
  }

  /// A buffer in another format: packed at once if it is constant, else by a step.
  mutating func formatted(
    _ buffer: Int, from source: MemoryFormat, to target: MemoryFormat
  ) throws -> Int {
    guard !(source == target) else { return buffer }
    let result = append(byteCount: target.byteCount)
    let reorder = try LibraryPrimitive.reorder(from: source, to: target, on: engine)
    if let memory = constant(buffer) {
      let packed = ConstantMemory(byteCount: target.byteCount)
      try reorder.copy(memory.pointer, source, to: packed.pointer, target)
      setConstant(result, packed)
    } else {
      emit(
        try LibraryStep(
          "reorder", reorder,
          reading: [Argument(index: Int32(DNNL_ARG_FROM), format: source, buffer: buffer)],
          writing: [Argument(index: Int32(DNNL_ARG_TO), format: target, buffer: result)]))
    }
    return result
  }
}
