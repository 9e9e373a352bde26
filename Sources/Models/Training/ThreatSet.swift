import Foundation
import Programs
import Tensors

/// Where adversarial training may move a sample: the ball, the valid range, what can change.
struct ThreatSet: Sendable {
  let norm: Norm
  /// The size of one unit of ε in each encoded value; 0 where nothing may change.
  let scale: Tensor
  let lower: Tensor
  let upper: Tensor
  /// 1 where a value may fall, or rise; else 0.
  let falls: Tensor
  let rises: Tensor

  init(_ training: AdversarialTraining, input: InputSpecification, inputs: Tensor) {
    norm = training.norm
    lower = input.encodedLowerBounds
    upper = input.encodedUpperBounds
    let shape = input.encodedShape
    let mutability = input.encodedMutability.floats
    let groups = input.layout == .table ? shape.count : max(shape.dimensions.first ?? 1, 1)
    let moments = Moments(inputs, groups: groups)
    var (scales, falling, rising) = ([Float](), [Float](), [Float]())
    for index in 0..<shape.count {
      let group = index / max(shape.count / groups, 1)
      let feature = Self.feature(group, of: input)
      // One-hot blocks and binary columns know no small change.
      let isFixed = feature?.kind == .categorical || feature?.kind == .binary
      var scale = 1.0
      switch training.epsilonScale {
      case .unit: break
      case .std: scale = moments.deviations[group]
      case .range:
        let valid = feature?.validRange ?? input.range
        scale =
          (valid?.upper ?? moments.maxima[group]) - (valid?.lower ?? moments.minima[group])
      }
      scales.append(isFixed ? 0 : Float(scale) * mutability[index])
      falling.append(feature?.direction == .increase ? 0 : 1)
      rising.append(feature?.direction == .decrease ? 0 : 1)
    }
    scale = Tensor(scales, shape: shape)
    falls = Tensor(falling, shape: shape)
    rises = Tensor(rising, shape: shape)
  }

  private static func feature(_ group: Int, of input: InputSpecification) -> Feature? {
    if input.layout == .table { return input.features[input.encodedColumns[group].feature] }
    return input.features.isEmpty ? nil : input.features[group]
  }

  /// One step of ascent: along the steepest direction, back into the ball and the valid range.
  ///
  /// - Parameters:
  ///   - perturbed: Where the ascent stands, `[N] + sample`.
  ///   - inputs: The centre of the ball.
  ///   - gradient: The gradient at `perturbed`.
  ///   - epsilon: The radius, a scalar.
  ///   - step: The length of the step, a scalar.
  /// - Returns: The next point of the ascent.
  func ascended(
    _ perturbed: Value, around inputs: Value, along gradient: Value, epsilon: Value, step: Value
  ) -> Value {
    let constant = inputs.builder.constant
    let scale = constant(self.scale)
    let direction = norm.steepestDirection(of: gradient * scale)
    let moved: Value
    if norm == .linf {
      let radius = scale * epsilon
      moved = (perturbed + direction * (scale * step)).clamped(
        from: inputs - radius, to: inputs + radius)
    } else {
      // In units of ε: where the scale is 0 nothing moves, and the divisor does not matter.
      let divisor = constant(self.scale.mapped(float: { $0 == 0 ? 1 : $0 }, double: { $0 }))
      let offset = (perturbed - inputs) / divisor + direction * step
      let length = norm.length(of: offset)
      let shrunk = offset * (epsilon / length.maximum(epsilon)).minimum(epsilon.scalar(1))
      moved = inputs + shrunk * scale
    }
    return valid(moved, around: inputs)
  }

  private func valid(_ moved: Value, around inputs: Value) -> Value {
    let constant = inputs.builder.constant
    var result = moved
    if falls.floats.contains(0) {
      result = constant(falls).compare(.less, inputs.scalar(0.5)).select(
        result.maximum(inputs), result)
    }
    if rises.floats.contains(0) {
      result = constant(rises).compare(.less, inputs.scalar(0.5)).select(
        result.minimum(inputs), result)
    }
    if lower.floats.contains(where: \.isFinite) { result = result.maximum(constant(lower)) }
    if upper.floats.contains(where: \.isFinite) { result = result.minimum(constant(upper)) }
    return result
  }

  /// A random point of the set around one sample, which is replaced.
  ///
  /// - Parameters:
  ///   - sample: The centre; afterwards the point.
  ///   - epsilon: The radius.
  ///   - isSmall: Whether the point is a thousandth of a unit away, as TRADES begins.
  ///   - random: The sample's own stream.
  func randomize(
    _ sample: UnsafeMutableBufferPointer<Float>, epsilon: Double, isSmall: Bool,
    using random: inout RandomStream
  ) {
    let offsets = self.offsets(sample.count, epsilon: epsilon, isSmall: isSmall, using: &random)
    let (scales, falls, rises) = (scale.floats, falls.floats, rises.floats)
    let (lower, upper) = (lower.floats, upper.floats)
    for index in sample.indices where scales[index] != 0 {
      var offset = Float(offsets[index]) * scales[index]
      if falls[index] == 0 { offset = max(offset, 0) }
      if rises[index] == 0 { offset = min(offset, 0) }
      sample[index] = min(max(sample[index] + offset, lower[index]), upper[index])
    }
  }

  private func offsets(
    _ count: Int, epsilon: Double, isSmall: Bool, using random: inout RandomStream
  ) -> [Double] {
    if isSmall { return (0..<count).map { _ in 0.001 * random.normal() } }
    if norm == .linf { return (0..<count).map { _ in (random.uniform() * 2 - 1) * epsilon } }
    // A normal vector's direction is uniform; the radius makes the point uniform in the ball.
    let scales = scale.floats
    let vector = (0..<count).map { scales[$0] == 0 ? 0 : random.normal() }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let free = max(scales.filter { $0 != 0 }.count, 1)
    let radius = epsilon * pow(random.uniform(), 1 / Double(free))
    return vector.map { length > 0 ? $0 / length * radius : 0 }
  }
}
