package import Tensors

/// Deterministic operands; all are float32 numbers, so that every element type holds them exactly.
package enum SampleValues {
  /// Numbers uniform in a range, different for each purpose.
  package static func uniform(
    _ shape: Shape, _ type: ElementType, from lower: Double = -1, to upper: Double = 1,
    purpose: String = "sample"
  ) -> Tensor {
    var random = RandomStream(seed: 20_240_229, purpose: "\(purpose) \(shape)")
    return random.uniform(shape, from: lower, to: upper).converted(to: type)
  }

  /// Numbers of either sign whose distance from 0 lies between 0.5 and 1.5.
  package static func nonzero(_ shape: Shape, _ type: ElementType) -> Tensor {
    let magnitudes = uniform(shape, .float32, from: 0.5, to: 1.5, purpose: "nonzero").floats
    let signs = uniform(shape, .float32, purpose: "sign").floats
    return Tensor(zip(magnitudes, signs).map { $1 < 0 ? -$0 : $0 }, shape: shape)
      .converted(to: type)
  }

  /// Numbers in random order, any two of which are at least 0.0625 apart.
  package static func distinct(
    _ shape: Shape, _ type: ElementType, purpose: String = "distinct"
  ) -> Tensor {
    var random = RandomStream(seed: 20_240_229, purpose: "\(purpose) \(shape)")
    let keys = (0..<shape.count).map { _ in random.next() }
    let order = keys.indices.sorted { keys[$0] < keys[$1] }
    return Tensor(order.map { (Float($0) - Float(shape.count / 2)) / 16 }, shape: shape)
      .converted(to: type)
  }

  /// A tensor of integers.
  package static func integers(
    _ values: [Int], _ shape: Shape, _ type: ElementType = .int64
  ) -> Tensor {
    Tensor(values.map(Int64.init), shape: shape).converted(to: type)
  }
}
