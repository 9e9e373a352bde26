import Tensors

/// A data set cut into parts that share no sample.
public struct DatasetSplit: Hashable, Sendable {
  public var train: Dataset
  public var validation: Dataset
  public var test: Dataset
}

/// The positions of the samples of each part, each in ascending order.
public struct SplitIndices: Codable, Hashable, Sendable {
  public var train: [Int]
  public var validation: [Int]
  public var test: [Int]
}

extension Dataset {
  /// Cuts the samples into parts by a seed, every class in proportion.
  ///
  /// - Throws: `DatasetError` if a part that was asked for would be empty.
  public func split(
    test: Double, validation: Double = 0, seed: UInt64, stratified: Bool = true
  ) throws -> DatasetSplit {
    let indices = try splitIndices(
      test: test, validation: validation, seed: seed, stratified: stratified)
    return DatasetSplit(
      train: subset(indices.train), validation: subset(indices.validation),
      test: subset(indices.test))
  }

  /// The positions of a split's parts.
  ///
  /// Each sample draws a key from (seed, position); samples are ordered by class, then key, and the
  /// part takes evenly spaced places of that order: its size is exact, each class's within one. The
  /// test part does not depend on the share of validation.
  ///
  /// - Precondition: shares are not negative and leave something to train on.
  public func splitIndices(
    test: Double, validation: Double = 0, seed: UInt64, stratified: Bool = true
  ) throws -> SplitIndices {
    precondition(
      test >= 0 && validation >= 0 && test + validation < 1,
      "expected shares that leave something to train on, got \(test) and \(validation)")
    let order = shuffledByClass(seed: seed, stratified: stratified)
    let (tested, rest) = Self.take(Int((Double(count) * test).rounded()), from: order)
    let (validated, trained) = Self.take(
      Int((Double(count) * validation).rounded()), from: rest)
    for (part, share, samples) in [
      ("test", test, tested), ("validation", validation, validated), ("training", 1, trained),
    ] where share > 0 && samples.isEmpty {
      throw DatasetError(path: source, .emptySplit(part: part, samples: count))
    }
    return SplitIndices(
      train: trained.sorted(), validation: validated.sorted(), test: tested.sorted())
  }

  private func shuffledByClass(seed: UInt64, stratified: Bool) -> [Int] {
    let classes = stratified ? classIndices : []
    let keyed = (0..<count).map { index in
      var random = RandomStream(seed: seed, purpose: "split", sample: index)
      return (classes.isEmpty ? 0 : classes[index], random.next() as UInt64, index)
    }
    return keyed.sorted { $0 < $1 }.map(\.2)
  }

  /// Takes `count` evenly spaced entries.
  private static func take(_ count: Int, from order: [Int]) -> (taken: [Int], rest: [Int]) {
    var taken: [Int] = []
    var rest: [Int] = []
    for (place, index) in order.enumerated() {
      let isTaken = (place + 1) * count / order.count > place * count / order.count
      if isTaken { taken.append(index) } else { rest.append(index) }
    }
    return (taken, rest)
  }
}
