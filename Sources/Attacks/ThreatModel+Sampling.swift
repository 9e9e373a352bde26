import Foundation
package import Tensors

extension ThreatModel {
  /// A point uniform in the ball around each sample, then projected onto the valid range.
  ///
  /// Only what can move takes part, so that the radius has the law of that many dimensions. One-hot
  /// blocks start part of the way toward a random point of the simplex.
  package func sample(
    around original: Tensor, using random: SampleRandom, step: Int = 0
  ) -> Tensor {
    sample(around: original, using: random, step: step) { norm.pointInBall($0, using: &$1) }
  }

  /// A corner of the ball, or a point of its sphere, around each sample, then projected.
  package func extremeSample(
    around original: Tensor, using random: SampleRandom, step: Int = 0
  ) -> Tensor {
    sample(around: original, using: random, step: step) { norm.extremePoint($0, using: &$1) }
  }

  /// A point on the surface of the ball around each sample, then projected.
  package func surfaceSample(around original: Tensor, using random: SampleRandom) -> Tensor {
    sample(around: original, using: random, step: 0) { norm.pointOnSurface($0, using: &$1) }
  }

  private func sample(
    around original: Tensor, using random: SampleRandom, step: Int,
    drawing draw: (Int, inout RandomStream) -> [Double]
  ) -> Tensor {
    let scale = constraints.scale.floats
    let movable = movablePositions
    let noise = random.rows(original.shape.sample, step: step) { stream in
      var row = [Float](repeating: 0, count: scale.count)
      for (position, value) in zip(movable, draw(movable.count, &stream)) {
        row[position] = Float(value * epsilon) * scale[position]
      }
      for block in constraints.blocks { row.replaceSubrange(block, with: mixture(block, &stream)) }
      return row
    }
    let isBlock = original.constant(constraints.isBlock)
    // In a block the row is a target with weight in place of a displacement.
    let kept = constraints.blocks.isEmpty ? original : keptShare(of: original, noise)
    return project(kept * isBlock + original * (1 - isBlock) + noise, around: original)
  }

  /// The positions outside one-hot blocks that the budget lets move.
  private var movablePositions: [Int] {
    let up = constraints.canIncrease.floats
    let down = constraints.canDecrease.floats
    let isBlock = constraints.isBlock.floats
    let isLocked = constraints.isSwitch.floats.map { $0 == 1 && constraints.switchCost > epsilon }
    return up.indices.filter { up[$0] + down[$0] > 0 && isBlock[$0] == 0 && !isLocked[$0] }
  }

  /// A random point of the simplex times a random share of the mass.
  private func mixture(_ block: Range<Int>, _ stream: inout RandomStream) -> [Float] {
    let share = stream.uniform()
    let parts = block.map { _ in -log(1 - stream.uniform()) }
    let total = max(parts.reduce(0, +), .leastNormalMagnitude)
    return parts.map { Float(share * $0 / total) }
  }

  /// The clean one-hot columns times the mass that the mixtures leave them.
  private func keptShare(of original: Tensor, _ noise: Tensor) -> Tensor {
    original * (1 - spread(blockSums(noise * noise.constant(constraints.isBlock))))
  }
}
