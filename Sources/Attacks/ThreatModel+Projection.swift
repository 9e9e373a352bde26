package import Tensors

extension ThreatModel {
  /// The point of the ball, of the valid range and of what may change that replaces a point.
  ///
  ///     L∞: clamp per coordinate, exact;
  ///     L2: rescale to length ε, then clamp to the range (the usual order; it stays in the ball);
  ///     L1: the exact projection onto ball ∩ range, sign(u) min(max(|u| − λ, 0), room)
  ///
  /// Integers stay continuous and one-hot blocks stay in the simplex: `finalized` makes them whole.
  /// Blocks are first projected onto the simplex; the budget then draws them toward their clean
  /// category as wholes. A switch that costs more than ε cannot move.
  ///
  /// - Shapes: `[N] + encodedShape` both.
  package func project<Value: TensorAlgebra>(_ perturbed: Value, around original: Value) -> Value {
    project(perturbed, around: original, epsilon: original.scalar(epsilon))
  }

  /// The projection with a radius that is known when a program runs.
  package func project<Value: TensorAlgebra>(
    _ perturbed: Value, around original: Value, epsilon: Value
  ) -> Value {
    let (lower, upper) = box(around: original)
    var moved = onSimplices(perturbed)
    if let mobility = mobility(epsilon: epsilon) {
      moved = original + (moved - original) * mobility
    }
    switch norm {
    case .linf:
      let reach = moved.constant(constraints.scale) * epsilon
      return moved.clamped(from: original - reach, to: original + reach)
        .clamped(from: lower, to: upper)
    case .l2:
      let length = norm.length(of: displacement(of: moved, from: original))
      let shrink = epsilon / length.maximum(epsilon).maximum(epsilon.scalar(Self.tiny))
      return (original + (moved - original) * shrink).clamped(from: lower, to: upper)
    case .l1:
      return projectL1(moved, around: original, lower: lower, upper: upper, epsilon: epsilon)
    }
  }

  /// The distance of each sample in scaled units: `[N, 1, …]`.
  package func length<Value: TensorAlgebra>(
    of perturbed: Value, from original: Value
  ) -> Value {
    norm.length(of: displacement(of: perturbed, from: original))
  }

  /// (x′ − x) / s, where a one-hot block counts at its clean column alone: cost · (1 − p).
  private func displacement<Value: TensorAlgebra>(
    of perturbed: Value, from original: Value
  ) -> Value {
    let scaled = (perturbed - original) / original.constant(constraints.scale)
    guard !constraints.blocks.isEmpty else { return scaled }
    return scaled * blockWeight(original)
  }

  /// 1 for numbers and for the clean column of a block, 0 for its other columns.
  func blockWeight<Value: TensorAlgebra>(_ original: Value) -> Value {
    let isBlock = original.constant(constraints.isBlock)
    return isBlock * original + (1 - isBlock)
  }

  /// The valid values of each coordinate: the range, widened to the clean value, and one-sided or
  /// closed where the direction or immutability say so.
  func box<Value: TensorAlgebra>(around original: Value) -> (lower: Value, upper: Value) {
    let lower = original.constant(constraints.lower).minimum(original)
    let upper = original.constant(constraints.upper).maximum(original)
    guard !constraints.isFullyMutable else { return (lower, upper) }
    let down = original.constant(constraints.canDecrease)
    let up = original.constant(constraints.canIncrease)
    return (lower * down + original * (1 - down), upper * up + original * (1 - up))
  }

  /// 1 where a coordinate can move under a budget, else 0; nil where all can.
  func mobility<Value: TensorAlgebra>(epsilon: Value) -> Value? {
    let movable = epsilon.constant(constraints.canIncrease).maximum(
      epsilon.constant(constraints.canDecrease))
    guard constraints.isSwitch.floats.contains(1) else {
      return constraints.isFullyMutable ? nil : movable
    }
    let isTooDear = epsilon.scalar(constraints.switchCost).isGreater(than: epsilon)
    return movable * (1 - epsilon.constant(constraints.isSwitch) * isTooDear)
  }

  /// The smallest positive normal float32: a divisor that cannot be zero.
  static let tiny = 0x1p-126
}
