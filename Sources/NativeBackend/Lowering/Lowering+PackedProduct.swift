import CKernels
import Programs
import Tensors

extension Lowering {
  /// Emits the product of rows with weights that are known already, by loops of our own.
  ///
  /// - Returns: Whether it did: the right operand must be a constant matrix.
  mutating func lowerPackedProduct(
    _ value: Int, _ equation: Equation, transposeRight: Bool
  ) throws -> Bool {
    let shape = equation.type.shape
    let right = equation.operands[1]
    guard shape.rank == 2, equation.type.elementType == .float32 else { return false }
    let source = try buffer(of: right, in: .plain)
    guard let weights = constant(source) else { return false }
    let depth = type(equation.operands[0]).shape[1]
    guard depth > 0, shape.count > 0 else { return false }
    let columns = shape[1]
    let packed = ConstantMemory(
      byteCount: 4 * Int(assay_product_packed_count(Int64(depth), Int64(columns))))
    assay_product_pack(
      packed.floats, weights.floats, Int64(depth), Int64(columns),
      transposeRight ? 1 : Int64(columns), transposeRight ? Int64(depth) : 1)
    let epilogue = epilogues[value]
    let bias = try epilogue.map { try buffer(of: $0.bias, in: .plain) }
    let left = try buffer(of: equation.operands[0], in: .plain)
    let weightBuffer = append(byteCount: packed.byteCount, .constant(packed))
    emit(
      PackedProductStep(
        left: left, weights: weightBuffer, bias: bias,
        target: define(epilogue?.sum ?? value, in: .plain), rows: shape[0], depth: depth,
        columns: columns))
    return true
  }
}

extension ConstantMemory {
  fileprivate var floats: UnsafeMutablePointer<Float> {
    pointer.assumingMemoryBound(to: Float.self)
  }
}
