import Tensors

/// One-hot blocks: sums over the columns of each block, and the projection onto the simplex.
extension ThreatModel {
  /// 1 where a column belongs to a block: `[blocks, columns]`.
  private var membership: Tensor {
    let blocks = constraints.blocks
    let width = input.encodedShape.count
    var values = [Float](repeating: 0, count: blocks.count * width)
    for (index, block) in blocks.enumerated() {
      for column in block { values[index * width + column] = 1 }
    }
    return Tensor(values, shape: [blocks.count, width])
  }

  /// The same, with columns first: `[columns, blocks]`.
  private var columnMembership: Tensor {
    let (count, width) = (constraints.blocks.count, input.encodedShape.count)
    var values = [Float](repeating: 0, count: count * width)
    for (index, block) in constraints.blocks.enumerated() {
      for column in block { values[column * count + index] = 1 }
    }
    return Tensor(values, shape: [width, count])
  }

  /// The sum over each block's columns: `[N, columns]` to `[N, blocks]`.
  func blockSums<Value: TensorAlgebra>(_ columns: Value) -> Value {
    columns.multiplied(by: columnMembership)
  }

  /// A number per block in each of its columns, 0 elsewhere: `[N, blocks]` to `[N, columns]`.
  func spread<Value: TensorAlgebra>(_ blocks: Value) -> Value {
    blocks.multiplied(by: membership)
  }

  /// The largest element of each block, in each of its columns; 0 elsewhere.
  func blockMaxima<Value: TensorAlgebra>(_ columns: Value) -> Value {
    let members = columns.constant(membership.reshaped(to: [1] + membership.shape))
    let tall = columns.reshaped(to: [columns.shape[0], 1, columns.shape[1]])
    let masked = tall * members + (members - 1) * Double(EncodedConstraints.open)
    return spread(masked.maximum(over: [2], keepingDimensions: false))
  }

  /// The mean of each block, in each of its columns; 0 elsewhere.
  func blockMeans<Value: TensorAlgebra>(_ columns: Value) -> Value {
    let widths = Tensor(
      constraints.blocks.map { Float($0.count) }, shape: [1, constraints.blocks.count])
    return spread(blockSums(columns) / columns.constant(widths))
  }

  /// The Euclidean projection of every block onto the probability simplex.
  ///
  ///     pᵢ = max(zᵢ − τ, 0) with Σ pᵢ = 1
  ///
  /// τ grows to its value in finitely many steps, each the τ of the columns still positive: at
  /// most as many as a block has columns.
  ///
  /// - Source: Michelot 1986, "A finite algorithm for finding the projection of a point onto the
  ///   canonical simplex of Rⁿ".
  func onSimplices<Value: TensorAlgebra>(_ columns: Value) -> Value {
    guard let widest = constraints.blocks.map(\.count).max() else { return columns }
    let isBlock = columns.constant(constraints.isBlock)
    // A constant added to a block changes nothing, and what lies 1 below the maximum becomes 0.
    let bounded = (columns - blockMaxima(columns)).maximum(columns.scalar(-2)) * isBlock
    var active = isBlock + bounded * 0
    var threshold = bounded * 0
    for _ in 0..<widest {
      let count = blockSums(active).maximum(columns.scalar(1))
      threshold = spread((blockSums(active * bounded) - 1) / count)
      active = active * bounded.isGreater(than: threshold)
    }
    let projected = (bounded - threshold).maximum(columns.scalar(0)) * isBlock
    let sums = spread(blockSums(projected)) + (1 - isBlock)
    return projected / sums + columns * (1 - isBlock)
  }
}
