import Tensors

/// The search for training samples that audited ones are nearly equal to.
///
/// Every audited sample is held against all training samples; what cannot be near is left out by a
/// bound, never by chance. An audited sample that is equal to a training sample is left out here.
enum NearRows {
  typealias Pair = (sample: Int, twin: Int, distance: Double)

  /// The audited samples with a near training sample, each with the nearest.
  ///
  /// - Parameters:
  ///   - audited: Raw inputs.
  ///   - training: Raw inputs.
  ///   - input: What a sample is.
  ///   - tolerance: As `DataSheet.NearRule` has it.
  ///   - equals: The training samples by their values.
  /// - Returns: Pairs of positions, by the audited one.
  static func search(
    _ audited: Tensor, _ training: Tensor, _ input: InputSpecification, tolerance: Double,
    excluding equals: EqualRows
  ) -> [Pair] {
    let index: any NearIndex =
      input.layout == .table
      ? NearFeatures(audited, training, input, tolerance: tolerance)
      : NearArrays(audited, training, input, tolerance: tolerance)
    let inputs = audited.converted(to: .float32)
    let hashes = EqualRows.hashes(inputs)
    return (0..<inputs.shape[0]).compactMap { position -> Pair? in
      guard equals.twins(of: position, hash: hashes[position], in: inputs).isEmpty,
        let nearest = index.nearest(position)
      else { return nil }
      return (position, nearest.twin, nearest.distance)
    }
  }
}

/// Training samples arranged so that near ones are found fast.
protocol NearIndex: Sendable {
  /// The nearest training sample within the tolerance, the first of several; nil if there is none.
  func nearest(_ position: Int) -> (twin: Int, distance: Double)?
}

extension [Float] {
  /// The first position of ascending values that is no less than the value.
  func firstIndex(from value: Float) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
