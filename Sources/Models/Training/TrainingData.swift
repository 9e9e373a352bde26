public import Tensors

/// Samples with what a network is to make of them.
public struct TrainingData: Sendable {
  /// Encoded inputs, float32 `[N] + encodedShape`.
  public var inputs: Tensor
  /// int64 classes, or the float32 numbers of a regression: `[N]`.
  public var targets: Tensor

  /// - Parameters:
  ///   - inputs: Raw or encoded inputs; raw ones are encoded.
  ///   - targets: The class or the number of each sample.
  ///   - input: What a sample is.
  /// - Throws: `ModelError` if the parts do not fit together.
  public init(inputs: Tensor, targets: Tensor, input: InputSpecification) throws {
    guard inputs.shape.rank > 0, targets.shape == [inputs.shape[0]], targets.count > 0 else {
      throw ModelError(
        .data("inputs of shape \(inputs.shape) do not fit targets of shape \(targets.shape)"))
    }
    let isRaw = inputs.shape.sample == input.shape
    guard isRaw || inputs.shape.sample == input.encodedShape else {
      throw ModelError(
        .data("samples of shape \(inputs.shape.sample) are not the model's \(input.shape)"))
    }
    if isRaw, let violation = input.firstViolation(in: inputs) {
      throw ModelError(.data(violation.description))
    }
    self.inputs = (isRaw ? input.encoded(inputs) : inputs).converted(to: .float32)
    self.targets = targets
  }

  public var count: Int { targets.count }

  /// Two parts drawn at random: the second has this share of the samples of each class.
  ///
  /// A regression has no classes: its samples are drawn from all alike.
  public func split(fraction: Double, seed: UInt64) -> (TrainingData, TrainingData) {
    var random = RandomStream(seed: seed, purpose: "validation split")
    let classes = targets.elementType == .int64 ? targets.scalars(of: Int64.self) : []
    var groups: [Int64: [Int]] = [:]
    for index in 0..<count {
      groups[classes.isEmpty ? 0 : classes[index], default: []].append(index)
    }
    var second: Set<Int> = []
    for label in groups.keys.sorted() {
      let order = random.permutation(of: groups[label, default: []])
      second.formUnion(order.prefix(Int((Double(order.count) * fraction).rounded())))
    }
    let indices = 0..<count
    return (rows(indices.filter { !second.contains($0) }), rows(indices.filter(second.contains)))
  }

  func rows(_ indices: [Int]) -> TrainingData {
    var part = self
    part.inputs = inputs.rows(indices)
    part.targets = targets.rows(indices)
    return part
  }
}

extension RandomStream {
  /// The elements in random order (Fisher and Yates), the same with every version of Swift.
  mutating func permutation<Element>(of elements: [Element]) -> [Element] {
    var result = elements
    for last in stride(from: result.count - 1, to: 0, by: -1) {
      // The bias of the remainder is below 2⁻⁴⁰ for any data set that fits into memory.
      result.swapAt(last, Int(next() % UInt64(last + 1)))
    }
    return result
  }
}
