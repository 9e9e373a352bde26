import CDNNL
import Programs
import Tensors

extension Lowering {
  typealias Argument = LibraryStep.Argument

  /// Emits a matrix product: one of weights that are known, one of two matrices, or a batch.
  mutating func lowerProduct(
    _ value: Int, _ equation: Equation, transposeLeft: Bool, transposeRight: Bool
  ) throws {
    if !transposeLeft, try lowerPackedProduct(value, equation, transposeRight: transposeRight) {
      return
    }
    guard equation.type.shape.rank == 2 else {
      return try lowerBatchedProduct(
        value, equation, transposeLeft: transposeLeft, transposeRight: transposeRight)
    }
    let (left, right) = (equation.operands[0], equation.operands[1])
    let epilogue = epilogues[value]
    let bias = try epilogue.map { try buffer(of: $0.bias, in: .plain) }
    let (leftBuffer, rightBuffer) = (
      try buffer(of: left, in: .plain), try buffer(of: right, in: .plain)
    )
    emit(
      MatrixProductStep(
        left: leftBuffer, right: rightBuffer, bias: bias,
        target: define(epilogue?.sum ?? value, in: .plain), rows: equation.type.shape[0],
        depth: type(left).shape[transposeLeft ? 0 : 1], columns: equation.type.shape[1],
        isLeftTransposed: transposeLeft, isRightTransposed: transposeRight))
  }

  private mutating func lowerBatchedProduct(
    _ value: Int, _ equation: Equation, transposeLeft: Bool, transposeRight: Bool
  ) throws {
    let (left, right) = (equation.operands[0], equation.operands[1])
    let leftBuffer = try buffer(of: left, in: .plain)
    let rightBuffer = try buffer(of: right, in: .plain)
    let leftFormat = try matrixFormat(type(left).shape, isTransposed: transposeLeft)
    let rightFormat = try matrixFormat(type(right).shape, isTransposed: transposeRight)
    let result = try matrixFormat(equation.type.shape, isTransposed: false)
    let primitive = try LibraryPrimitive.product(leftFormat, rightFormat, result, on: engine)
    emit(
      try LibraryStep(
        "matmul", primitive,
        reading: [
          Argument(index: Int32(DNNL_ARG_SRC), format: leftFormat, buffer: leftBuffer),
          Argument(index: Int32(DNNL_ARG_WEIGHTS), format: rightFormat, buffer: rightBuffer),
        ],
        writing: [
          Argument(
            index: Int32(DNNL_ARG_DST), format: result, buffer: define(value, in: .plain))
        ]))
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
