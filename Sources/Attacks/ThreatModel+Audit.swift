import Foundation
public import Tensors

/// The first rule that a perturbed sample breaks.
public enum ConstraintViolation: Hashable, Sendable, Codable {
  case notFinite(position: Int)
  case outOfRange(position: Int, value: Double, range: ValueRange)
  case immutable(position: Int)
  case direction(position: Int, allowed: Feature.Direction)
  case notWhole(position: Int, value: Double)
  case notOneHot(feature: Int)
  case budget(distance: Double, epsilon: Double)
}

extension ConstraintViolation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFinite(let position): "position \(position) is not a finite number"
    case .outOfRange(let position, let value, let range):
      "position \(position) is \(value), outside \(range)"
    case .immutable(let position): "position \(position) changed, but is immutable"
    case .direction(let position, let allowed):
      "position \(position) moved against its only direction, \(allowed.rawValue)"
    case .notWhole(let position, let value): "position \(position) is \(value), not a whole number"
    case .notOneHot(let feature): "feature \(feature) is not exactly one category"
    case .budget(let distance, let epsilon): "the distance \(distance) exceeds ε = \(epsilon)"
    }
  }
}

/// The independent checker: plain loops in double precision over the input specification.
extension ThreatModel {
  /// How much longer than ε a perturbation may be, relatively: ε itself is rounded to float32.
  static let relativeTolerance = 1e-6

  /// What rounding a float32 of this size can add to a difference: it is not counted.
  static func rounding(_ value: Double, _ clean: Double) -> Double {
    max(abs(value), abs(clean)) * 0x1p-23
  }

  /// For each sample: the first rule that it breaks, nil where all are kept.
  ///
  /// - Shapes: `[N] + encodedShape` both.
  public func permits(
    _ perturbed: Tensor, around original: Tensor
  ) throws -> [ConstraintViolation?] {
    let rules = try AuditRules(self)
    return Self.samples(perturbed, original).map { rules.violation($0, around: $1) }
  }

  /// The distance of each sample in scaled units, without any allowance for rounding.
  ///
  /// A block counts its cost where its largest column changed.
  public func distances(_ perturbed: Tensor, from original: Tensor) throws -> [Double] {
    let rules = try AuditRules(self)
    return Self.samples(perturbed, original).map { rules.distance($0, from: $1) }
  }

  private static func samples(
    _ perturbed: Tensor, _ original: Tensor
  ) -> [([Double], [Double])] {
    precondition(
      perturbed.shape == original.shape,
      "expected points of shape \(original.shape), got \(perturbed.shape)")
    let (points, clean) = (perturbed.doubles, original.doubles)
    let width = max(original.shape.sample.count, 1)
    return stride(from: 0, to: points.count, by: width).map {
      (Array(points[$0..<$0 + width]), Array(clean[$0..<$0 + width]))
    }
  }
}

private struct AuditRules {
  private let norm: Norm
  private let epsilon: Double
  private let categoryCost: Double?
  private let features: [Feature?]
  private let range: ValueRange?
  private let scales: [Double]
  private let blocks: [Range<Int>]
  private let columns: [EncodedColumn]

  init(_ threat: ThreatModel) throws {
    norm = threat.norm
    epsilon = threat.epsilon
    categoryCost = threat.categoryCost
    features = threat.input.encodedFeatures
    range = threat.input.range
    scales = try threat.input.encodedScales(threat.scale)
    blocks = threat.input.categoricalBlocks
    columns = threat.input.encodedColumns
  }

  func violation(_ point: [Double], around clean: [Double]) -> ConstraintViolation? {
    for position in point.indices {
      guard point[position].isFinite else { return .notFinite(position: position) }
      guard point[position] != clean[position] else { continue }
      if let broken = rule(brokenBy: point[position], at: position, clean[position]) {
        return broken
      }
    }
    for block in blocks {
      if let broken = rule(brokenIn: block, point, clean) { return broken }
    }
    let distance = distance(point, from: clean, forgivingRounding: true)
    let limit = epsilon * (1 + ThreatModel.relativeTolerance)
    return distance <= limit ? nil : .budget(distance: distance, epsilon: epsilon)
  }

  private func rule(
    brokenBy value: Double, at position: Int, _ clean: Double
  ) -> ConstraintViolation? {
    let feature = features[position]
    let isLocked = feature?.isSwitch == true ? categoryCost == nil : scales[position] == 0
    if feature?.isMutable == false || isLocked { return .immutable(position: position) }
    if feature?.kind == .categorical { return nil }
    let allowed = feature?.direction ?? .any
    if allowed == .increase && value < clean || allowed == .decrease && value > clean {
      return .direction(position: position, allowed: allowed)
    }
    if feature?.isDiscrete == true, value != value.rounded() {
      return .notWhole(position: position, value: value)
    }
    guard let valid = feature?.validRange ?? range else { return nil }
    // Values are float32, and so are the bounds that they were clamped to.
    let low = min(valid.lower.map { Double(Float($0)) } ?? -.infinity, clean)
    let high = max(valid.upper.map { Double(Float($0)) } ?? .infinity, clean)
    return value >= low && value <= high
      ? nil : .outOfRange(position: position, value: value, range: valid)
  }

  private func rule(
    brokenIn block: Range<Int>, _ point: [Double], _ clean: [Double]
  ) -> ConstraintViolation? {
    guard block.contains(where: { point[$0] != clean[$0] }) else { return nil }
    let feature = columns[block.lowerBound].feature
    let ones = block.filter { point[$0] == 1 }
    guard ones.count == 1, block.allSatisfy({ point[$0] == 0 || point[$0] == 1 }) else {
      return .notOneHot(feature: feature)
    }
    guard let before = block.first(where: { clean[$0] == 1 }) else { return nil }
    let allowed = features[block.lowerBound]?.direction ?? .any
    let isBackward = allowed == .increase && ones[0] < before
    let isForward = allowed == .decrease && ones[0] > before
    return isBackward || isForward ? .direction(position: ones[0], allowed: allowed) : nil
  }

  func distance(
    _ point: [Double], from clean: [Double], forgivingRounding: Bool = false
  ) -> Double {
    var moves: [Double] = []
    for position in point.indices where point[position] != clean[position] {
      let feature = features[position]
      if feature?.kind == .categorical { continue }
      let rounding = forgivingRounding ? ThreatModel.rounding(point[position], clean[position]) : 0
      let move = max(abs(point[position] - clean[position]) - rounding, 0)
      if feature?.isSwitch == true {
        moves.append(move * (categoryCost ?? .infinity))
      } else {
        moves.append(scales[position] > 0 ? move / scales[position] : .infinity)
      }
    }
    for block in blocks where largest(block, of: point) != largest(block, of: clean) {
      moves.append(categoryCost ?? .infinity)
    }
    switch norm {
    case .linf: return moves.max() ?? 0
    case .l1: return moves.reduce(0, +)
    case .l2: return moves.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  private func largest(_ block: Range<Int>, of values: [Double]) -> Int {
    block.reduce(block.lowerBound) { values[$1] > values[$0] ? $1 : $0 }
  }
}
