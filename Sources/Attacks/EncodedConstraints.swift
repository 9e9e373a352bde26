import Tensors

/// A threat model's rules, as tensors over the encoded positions of one sample.
struct EncodedConstraints: Sendable {
  /// The valid range; ±`Self.open` where there is no limit, so that products with 0 stay 0.
  let lower: Tensor
  let upper: Tensor
  /// 1 where a value may grow, else 0; and where it may shrink.
  let canIncrease: Tensor
  let canDecrease: Tensor
  /// The length that counts as one unit; positive.
  let scale: Tensor
  /// 1 where a change is a switch (a binary value, a column of a category), else 0.
  let isSwitch: Tensor
  /// 1 in the columns of one-hot blocks, else 0.
  let isBlock: Tensor
  /// The one-hot blocks.
  let blocks: [Range<Int>]
  let isDiscrete: Bool
  /// Whether every position may move both ways.
  let isFullyMutable: Bool
  /// What a switch costs.
  let switchCost: Double

  static let open: Float = 1e30

  init(_ input: InputSpecification, scale: ThreatModel.Scale, categoryCost: Double?) throws {
    let features = input.encodedFeatures
    let shape = input.encodedShape
    let tensor = { (values: [Float]) in Tensor(values, shape: shape) }
    lower = tensor(input.encodedLowerBounds.floats.map { max($0, -Self.open) })
    upper = tensor(input.encodedUpperBounds.floats.map { min($0, Self.open) })
    let widths = try input.encodedScales(scale)
    let mutable = zip(features, widths).map { feature, width in
      guard feature?.isMutable != false, width > 0 else { return false }
      return feature?.isSwitch != true || categoryCost != nil
    }
    let moves = { (forbidden: Feature.Direction) in
      zip(features, mutable).map { feature, isMutable -> Float in
        let isForbidden = feature?.direction == forbidden && feature?.kind != .categorical
        return isMutable && !isForbidden ? 1 : 0
      }
    }
    canIncrease = tensor(moves(.decrease))
    canDecrease = tensor(moves(.increase))
    switchCost = categoryCost ?? 1
    let switchScale = Float(1 / switchCost)
    self.scale = tensor(
      zip(features, widths).map { feature, width in
        feature?.isSwitch == true ? switchScale : (width > 0 ? Float(width) : 1)
      })
    isSwitch = tensor(features.map { $0?.isSwitch == true ? 1 : 0 })
    blocks = input.categoricalBlocks
    let columns = Set(blocks.flatMap { $0 })
    isBlock = tensor(features.indices.map { columns.contains($0) ? 1 : 0 })
    isDiscrete = features.contains { $0?.isDiscrete == true }
    isFullyMutable = (canIncrease.floats + canDecrease.floats).allSatisfy { $0 == 1 }
  }
}

extension Feature {
  /// Whether a change replaces the value, rather than moving it.
  var isSwitch: Bool { kind == .binary || kind == .categorical }
}

extension InputSpecification {
  /// The columns of each categorical feature of a table.
  var categoricalBlocks: [Range<Int>] {
    guard layout == .table else { return [] }
    return zip(features, encodedBlocks).filter { $0.0.kind == .categorical }.map(\.1)
  }

  /// The length that counts as one unit at each encoded position; 0 locks it.
  ///
  /// Binary and categorical positions are 1 here: what they count is the category cost.
  func encodedScales(_ scale: ThreatModel.Scale) throws -> [Double] {
    let positions = encodedFeatures
    guard case .explicit(var numbers) = scale else {
      return try positions.indices.map { position in
        try width(of: positions[position], at: position, scale)
      }
    }
    let free = audited
    let expected = features.isEmpty ? shape.count : features.count
    let freeCount = free.features.isEmpty ? free.shape.count : free.features.count
    // Nobody needs to say that what is held does not move.
    if numbers.count == freeCount {
      numbers += [Double](repeating: 0, count: expected - freeCount)
    }
    guard numbers.count == expected else {
      throw AttackError.scaleCount(expected: freeCount, got: numbers.count)
    }
    for (index, value) in numbers.enumerated() where !(value >= 0 && value.isFinite) {
      let name = features.isEmpty ? "position \(index)" : "feature '\(features[index].name)'"
      throw AttackError.scaleValue(feature: name, value: value)
    }
    if features.isEmpty { return numbers }
    if layout == .table { return encodedColumns.map { numbers[$0.feature] } }
    let perChannel = shape.count / features.count
    return numbers.flatMap { Array(repeating: $0, count: perChannel) }
  }

  private func width(
    of feature: Feature?, at position: Int, _ scale: ThreatModel.Scale
  ) throws -> Double {
    guard scale == .range, feature?.isSwitch != true else { return 1 }
    let valid = feature?.validRange ?? range
    guard let lower = valid?.lower, let upper = valid?.upper else {
      // What nobody can change needs no scale.
      if feature?.isMutable == false { return 0 }
      throw AttackError.scaleNeedsRange(
        feature: feature.map { "feature '\($0.name)'" } ?? "position \(position)")
    }
    return upper - lower
  }
}
