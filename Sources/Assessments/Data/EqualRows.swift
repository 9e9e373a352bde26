import Tensors

/// Samples by their values, so that equal ones are found at once.
struct EqualRows: Sendable {
  private let inputs: Tensor
  /// The positions of the samples of each hash, ascending.
  private let positions: [UInt64: [Int]]

  init(_ inputs: Tensor) {
    let inputs = inputs.converted(to: .float32)
    self.inputs = inputs
    positions = Dictionary(grouping: 0..<inputs.shape[0]) { [hashes = Self.hashes(inputs)] in
      hashes[$0]
    }
  }

  /// The samples that are equal to one of other inputs, ascending.
  func twins(of position: Int, hash: UInt64, in others: Tensor) -> [Int] {
    let size = inputs.shape.sample.count
    return (positions[hash] ?? []).filter { candidate in
      inputs.withUnsafeScalars(of: Float.self) { first in
        others.withUnsafeScalars(of: Float.self) { second in
          (0..<size).allSatisfy { first[candidate * size + $0] == second[position * size + $0] }
        }
      }
    }
  }

  /// A number of each row that equal rows have in common: 0 and −0 are equal.
  static func hashes(_ inputs: Tensor) -> [UInt64] {
    let size = inputs.shape.sample.count
    return inputs.withUnsafeScalars(of: Float.self) { values in
      (0..<inputs.shape[0]).map { row in
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for value in values[row * size..<(row + 1) * size] {
          hash = (hash ^ UInt64((value + 0).bitPattern)) &* 0x100_0000_01b3
          hash ^= hash >> 29
        }
        return hash
      }
    }
  }

  /// The samples with a twin here for which the condition holds, each with the first of them.
  ///
  /// - Parameters:
  ///   - samples: What is looked for.
  ///   - others: The samples of these rows.
  ///   - condition: Of the positions of a sample and of a twin.
  /// - Returns: How many there are, and the first of them.
  func matches(
    of samples: LabelledSamples, in others: LabelledSamples, where condition: (Int, Int) -> Bool
  ) -> DataSheet.Matches {
    let inputs = samples.inputs.converted(to: .float32)
    let hashes = Self.hashes(inputs)
    let pairs = (0..<samples.count).compactMap { position in
      twins(of: position, hash: hashes[position], in: inputs)
        .first { condition(position, $0) }
        .map { (sample: position, twin: $0, distance: 0.0) }
    }
    return DataSheet.Matches(pairs, samples, others)
  }
}
