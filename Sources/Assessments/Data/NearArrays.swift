import Tensors

/// Images, sequences and arrays by sums over blocks.
///
/// With b the sums of the weighted values over 16 blocks, divided by the number of values,
///
///     mean |x − y|  ≥  Σ |b(x) − b(y)|  ≥  |Σ ± (b(x) − b(y))|   for any signs.
///
/// Samples lie in a grid of four such signed sums, those that vary most, with cells of about the
/// tolerance: what is near is in the same cell or in one beside it. Then the sum over blocks is
/// held against the tolerance, and what is left value by value.
struct NearArrays: NearIndex {
  private let audited: Tensor
  private let training: Tensor
  private let blocks: BlockSums
  private let tolerance: Float
  private let signs: [SIMD16<Float>]
  private let cells: [SIMD4<Int32>: [Int]]
  /// The block sums of the training samples.
  private let sums: [SIMD16<Float>]

  init(
    _ audited: Tensor, _ training: Tensor, _ input: InputSpecification, tolerance: Double
  ) {
    self.audited = audited.converted(to: .float32)
    self.training = training.converted(to: .float32)
    self.tolerance = Float(tolerance)
    let blocks = BlockSums(input, self.training)
    let sums = blocks.all(of: self.training)
    let signs = Self.mostVaried(sums)
    let width = Self.margin(Float(tolerance))
    cells = Dictionary(grouping: sums.indices) { Self.cell(sums[$0], signs, width) }
    self.blocks = blocks
    self.sums = sums
    self.signs = signs
  }

  /// The tolerance and what rounding of float32 may add to sums; the distance itself decides.
  private static func margin(_ tolerance: Float) -> Float { tolerance * 1.001 + 1e-5 }

  private static func cell(
    _ sums: SIMD16<Float>, _ signs: [SIMD16<Float>], _ width: Float
  ) -> SIMD4<Int32> {
    func place(_ index: Int) -> Int32 {
      Int32(clamping: Int64(((sums * signs[index]).sum() / width).rounded(.down)))
    }
    return SIMD4(place(0), place(1), place(2), place(3))
  }

  /// The four of Walsh's sixteen patterns of signs whose sums vary most.
  private static func mostVaried(_ sums: [SIMD16<Float>]) -> [SIMD16<Float>] {
    let patterns = (0..<16).map { row in
      SIMD16<Float>((0..<16).map { (row & $0).nonzeroBitCount % 2 == 0 ? 1 : -1 })
    }
    let variances = patterns.map { pattern in
      let values = sums.map { Double(($0 * pattern).sum()) }
      let mean = values.reduce(0, +) / Double(max(values.count, 1))
      return values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return patterns.indices.sorted { (variances[$1], $0) < (variances[$0], $1) }
      .prefix(4).map { patterns[$0] }
  }

  func nearest(_ position: Int) -> (twin: Int, distance: Double)? {
    let own = blocks.sums(of: audited, row: position)
    let margin = Self.margin(tolerance)
    let middle = Self.cell(own, signs, margin)
    let size = Float(blocks.weights.count)
    var best: (twin: Int, sum: Float)?
    for step in Int32(0)..<81 {
      let offset = SIMD4(step % 3, step / 3 % 3, step / 9 % 3, step / 27) &- 1
      for twin in cells[middle &+ offset] ?? [] {
        let difference = sums[twin] - own
        guard pointwiseMax(difference, -difference).sum() <= margin,
          let sum = sum(position, twin, upTo: best?.sum ?? tolerance * size),
          best.map({ (sum, twin) < ($0.sum, $0.twin) }) ?? true
        else { continue }
        best = (twin, sum)
      }
    }
    return best.map { ($0.twin, Double($0.sum / size)) }
  }

  /// The sum of the absolute differences; nil as soon as it is more than the limit.
  private func sum(_ position: Int, _ twin: Int, upTo limit: Float) -> Float? {
    let size = blocks.weights.count
    return audited.withUnsafeScalars(of: Float.self) { first in
      training.withUnsafeScalars(of: Float.self) { second in
        blocks.weights.withUnsafeBufferPointer { weights in
          var sum: Float = 0
          for start in stride(from: 0, to: size, by: 64) {
            for index in start..<min(start + 64, size) {
              let difference = first[position * size + index] - second[twin * size + index]
              sum += abs(difference) * weights[index]
            }
            if sum > limit { return nil }
          }
          return sum
        }
      }
    }
  }
}

/// Sums of samples over sixteen blocks of their positions.
struct BlockSums: Hashable, Sendable {
  /// One over the width of the range of each position; what is held counts 0.
  let weights: [Float]
  /// The block of each position: a tile of 4 × 4 of an image, a sixteenth of anything else.
  private let block: [Int]

  init(_ input: InputSpecification, _ training: Tensor) {
    weights = PositionWidths(input, training).widths.map { $0 > 0 ? 1 / $0 : 0 }
    let shape = input.shape
    let isImage = input.layout == .image && shape.rank == 3
    block = (0..<shape.count).map { position in
      guard isImage else { return position * 16 / shape.count }
      let (row, column) = (position / shape[2] % shape[1], position % shape[2])
      return row * 4 / shape[1] * 4 + column * 4 / shape[2]
    }
  }

  func all(of inputs: Tensor) -> [SIMD16<Float>] {
    (0..<inputs.shape[0]).map { sums(of: inputs, row: $0) }
  }

  /// The sums of a row, divided by the number of positions.
  func sums(of inputs: Tensor, row: Int) -> SIMD16<Float> {
    var sums = SIMD16<Float>()
    inputs.withUnsafeScalars(of: Float.self) { values in
      let start = row * weights.count
      for position in weights.indices {
        sums[block[position]] += values[start + position] * weights[position]
      }
    }
    return sums / Float(weights.count)
  }
}
