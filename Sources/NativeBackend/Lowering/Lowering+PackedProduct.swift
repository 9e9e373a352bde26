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
    let packed = packedWeights(
      of: PackedWeights(source: source, isTransposed: transposeRight), weights, depth, columns)
    let epilogue = epilogues[value]
    let bias = try epilogue.map { try buffer(of: $0.bias, in: .plain) }
    let left = try buffer(of: equation.operands[0], in: .plain)
    emit(
      PackedProductStep(
        left: left, weights: packed, bias: bias,
        target: define(epilogue?.sum ?? value, in: .plain), rows: shape[0], depth: depth,
        columns: columns))
    return true
  }
  /// The weights in panels: one buffer for all products with them, which then stays in a cache
  /// (an LSTM of 140 steps reads one matrix 140 times).
  private mutating func packedWeights(
    of key: PackedWeights, _ weights: ConstantMemory, _ depth: Int, _ columns: Int
  ) -> Int {
    if let buffer = packedWeights[key] { return buffer }
    let form = PackedConstants.Form.panels(
      depth: depth, columns: columns, isTransposed: key.isTransposed)
    let packed = PackedConstants.shared.memory(form, of: weights) {
      let packed = ConstantMemory(
        byteCount: 4 * Int(assay_product_packed_count(Int64(depth), Int64(columns))))
      assay_product_pack(
        packed.floats, weights.floats, Int64(depth), Int64(columns),
        key.isTransposed ? 1 : Int64(columns), key.isTransposed ? Int64(depth) : 1)
      return packed
    }
    let buffer = append(byteCount: packed.byteCount, .constant(packed))
    packedWeights[key] = buffer
    return buffer
  }
}

/// A constant matrix as the right operand of a product.
struct PackedWeights: Hashable {
  let source: Int
  let isTransposed: Bool
}
