/// One column of encoded inputs.
public struct EncodedColumn: Codable, Hashable, Sendable {
  /// The index of the feature that the column belongs to.
  public var feature: Int
  /// The category that the column stands for; nil unless the feature is categorical.
  public var category: Int?

  public init(feature: Int, category: Int? = nil) {
    self.feature = feature
    self.category = category
  }
}

extension InputSpecification {
  /// The columns of an encoded table, in order; empty for everything that is not a table.
  public var encodedColumns: [EncodedColumn] {
    guard layout == .table else { return [] }
    return features.indices.flatMap { index in
      features[index].kind == .categorical
        ? features[index].categories.indices.map { EncodedColumn(feature: index, category: $0) }
        : [EncodedColumn(feature: index)]
    }
  }

  /// The encoded columns of each feature of a table.
  public var encodedBlocks: [Range<Int>] {
    var start = 0
    return features.map { feature in
      defer { start += feature.encodedWidth }
      return start..<start + feature.encodedWidth
    }
  }

  /// The shape of one encoded sample.
  public var encodedShape: Shape {
    isEncodingIdentity ? shape : [features.reduce(0) { $0 + $1.encodedWidth }]
  }

  /// Whether raw and encoded values are the same: there is no categorical feature in a table.
  public var isEncodingIdentity: Bool {
    layout != .table || !features.contains { $0.kind == .categorical }
  }

  /// The names of an encoded table's columns: "age", "housing = own".
  public var encodedNames: [String] {
    encodedColumns.map { column in
      let feature = features[column.feature]
      return column.category.map { "\(feature.name) = \(feature.categories[$0])" } ?? feature.name
    }
  }

  /// Raw inputs with every categorical code replaced by a one-hot block.
  ///
  /// - Shapes: `[N, features]` to `[N] + encodedShape`, float32.
  /// - Precondition: every categorical value is one of its feature's codes (`firstViolation`).
  public func encoded(_ raw: Tensor) -> Tensor {
    precondition(raw.shape.sample == shape, "expected [N] + \(shape), got \(raw.shape)")
    guard !isEncodingIdentity else { return raw }
    let source = raw.converted(to: .float32).floats
    let width = encodedShape.count
    var result = [Float](repeating: 0, count: raw.shape[0] * width)
    for (index, block) in encodedBlocks.enumerated() {
      for sample in 0..<raw.shape[0] {
        let value = source[sample * features.count + index]
        if features[index].kind == .categorical {
          result[sample * width + block.lowerBound + code(value, of: features[index])] = 1
        } else {
          result[sample * width + block.lowerBound] = value
        }
      }
    }
    return Tensor(result, shape: [raw.shape[0], width])
  }

  private func code(_ value: Float, of feature: Feature) -> Int {
    let code = Int(exactly: value) ?? -1
    precondition(
      feature.categories.indices.contains(code),
      "expected a code below \(feature.categories.count) for '\(feature.name)', got \(value)")
    return code
  }

  /// Encoded inputs with every block replaced by the code of its largest column.
  ///
  /// Integer and binary features are rounded to the nearest whole number (half away from zero);
  /// among equal columns the first wins.
  ///
  /// - Shapes: `[N] + encodedShape` to `[N] + shape`.
  public func decoded(_ encoded: Tensor) -> Tensor {
    precondition(
      encoded.shape.sample == encodedShape, "expected [N] + \(encodedShape), got \(encoded.shape)")
    guard layout == .table, features.contains(where: \.isDiscrete) else { return encoded }
    let source = encoded.converted(to: .float32).floats
    let width = encodedShape.count
    var result: [Float] = []
    result.reserveCapacity(encoded.shape[0] * features.count)
    for start in stride(from: 0, to: source.count, by: width) {
      for (feature, block) in zip(features, encodedBlocks) {
        let values = source[start + block.lowerBound..<start + block.upperBound]
        result.append(decoded(values, of: feature))
      }
    }
    return Tensor(result, shape: [encoded.shape[0], features.count])
  }

  private func decoded(_ block: ArraySlice<Float>, of feature: Feature) -> Float {
    switch feature.kind {
    case .continuous: return block[block.startIndex]
    case .integer, .binary: return block[block.startIndex].rounded()
    case .categorical:
      var best = block.startIndex
      for index in block.indices where block[index] > block[best] { best = index }
      return Float(best - block.startIndex)
    }
  }
}

extension InputSpecification {
  /// The smallest valid encoded values, −∞ where there is no limit: shape `encodedShape`.
  public var encodedLowerBounds: Tensor {
    bounds { $0.lower.map { Float($0) } ?? -.infinity }
  }

  /// The largest valid encoded values, ∞ where there is no limit: shape `encodedShape`.
  public var encodedUpperBounds: Tensor {
    bounds { $0.upper.map { Float($0) } ?? .infinity }
  }

  /// 1 where an encoded value may be changed, else 0: shape `encodedShape`.
  public var encodedMutability: Tensor {
    let scalars = encodedFeatures.map { $0?.isMutable == false ? Float(0) : 1 }
    return Tensor(scalars, shape: encodedShape)
  }

  /// The feature of each encoded position, nil where the specification names none.
  ///
  /// What is held always has one, which nobody can change.
  public var encodedFeatures: [Feature?] {
    if layout == .table { return encodedColumns.map { features[$0.feature] } }
    guard features.isEmpty else {
      let perChannel = shape.count / features.count
      return features.flatMap { Array(repeating: $0, count: perChannel) }
    }
    let free = [Feature?](repeating: nil, count: heldPositions.lowerBound)
    return free
      + heldInputs.flatMap { held in
        let count = heldRows(of: held.name).count * shape.sample.count
        return [Feature?](repeating: Feature(name: held.name, isMutable: false), count: count)
      }
  }

  private func bounds(_ end: (ValueRange) -> Float) -> Tensor {
    let held = heldPositions
    let scalars = encodedFeatures.enumerated().map { position, feature in
      if held.contains(position) { return end(ValueRange()) }
      if layout == .table, feature?.kind == .categorical { return end(ValueRange(0...1)) }
      return end(feature?.validRange ?? range ?? ValueRange())
    }
    return Tensor(scalars, shape: encodedShape)
  }
}
