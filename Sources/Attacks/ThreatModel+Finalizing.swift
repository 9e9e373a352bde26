import Foundation
public import Tensors

extension ThreatModel {
  /// Points that are valid inputs: numbers whole where they must be, one category per block.
  ///
  /// Integers are cut toward the clean value, so that no step is longer than the one that was
  /// found; binary values go to the nearer one; a block becomes its largest column. Switches are
  /// kept while they fit the budget, the most decided first; numbers share what is left. A point
  /// that is valid already is returned as it is, up to rounding to float32.
  ///
  /// - Shapes: `[N] + encodedShape` both.
  public func finalized(_ perturbed: Tensor, around original: Tensor) -> Tensor {
    precondition(
      perturbed.shape == original.shape,
      "expected points of shape \(original.shape), got \(perturbed.shape)")
    let finalizer = Finalizer(self)
    let (points, clean) = (perturbed.doubles, original.doubles)
    let width = input.encodedShape.count
    var result: [Float] = []
    result.reserveCapacity(points.count)
    for start in stride(from: 0, to: points.count, by: max(width, 1)) {
      result += finalizer.finalized(
        Array(points[start..<start + width]), around: Array(clean[start..<start + width]))
    }
    return Tensor(result, shape: original.shape)
  }
}

/// The rules as plain numbers, applied to one sample at a time in double precision.
private struct Finalizer {
  private let norm: Norm
  private let epsilon: Double
  private let lower: [Double]
  private let upper: [Double]
  private let canIncrease: [Bool]
  private let canDecrease: [Bool]
  private let scale: [Double]
  private let features: [Feature?]
  private let isBlock: [Bool]
  private let blocks: [Range<Int>]
  private let switchCost: Double

  init(_ threat: ThreatModel) {
    let constraints = threat.constraints
    norm = threat.norm
    epsilon = threat.epsilon
    lower = constraints.lower.doubles
    upper = constraints.upper.doubles
    canIncrease = constraints.canIncrease.floats.map { $0 == 1 }
    canDecrease = constraints.canDecrease.floats.map { $0 == 1 }
    scale = constraints.scale.doubles
    features = threat.input.encodedFeatures
    isBlock = constraints.isBlock.floats.map { $0 == 1 }
    blocks = constraints.blocks
    switchCost = constraints.switchCost
  }

  /// A changed block or binary value, with the weight that the attack gave to the change.
  private struct Switch {
    let positions: Range<Int>
    let weight: Double
  }

  func finalized(_ point: [Double], around clean: [Double]) -> [Float] {
    var result = clean
    for position in point.indices where !isBlock[position] && point[position].isFinite {
      result[position] = snapped(point[position], at: position, clean[position])
    }
    var switches: [Switch] = []
    for position in point.indices where features[position]?.kind == .binary {
      guard result[position] != clean[position] else { continue }
      switches.append(
        Switch(
          positions: position..<position + 1, weight: abs(point[position] - clean[position])))
    }
    for block in blocks {
      guard let change = chosen(block, of: point, around: clean) else { continue }
      for column in block { result[column] = column == change.column ? 1 : 0 }
      switches.append(Switch(positions: block, weight: change.weight))
    }
    let budget = revert(switches, in: &result, to: clean)
    fit(&result, to: clean, budget: budget)
    return result.map { Float($0) }
  }

  /// A number in its valid range and direction, whole where it has to be.
  private func snapped(_ value: Double, at position: Int, _ clean: Double) -> Double {
    let low = canDecrease[position] ? min(lower[position], clean) : clean
    let high = canIncrease[position] ? max(upper[position], clean) : clean
    let valid = min(max(value, low), high)
    switch features[position]?.kind {
    case .integer: return whole(valid, toward: clean, in: low...high)
    case .binary: return abs(valid - clean) >= 0.5 ? min(max(1 - clean, low), high) : clean
    case .continuous, .categorical, nil: return valid
    }
  }

  /// The last whole number between the clean value and this one, forgiving rounding errors.
  private func whole(
    _ value: Double, toward clean: Double, in range: ClosedRange<Double>
  ) -> Double {
    let slack = 1e-4
    let cut =
      value >= clean
      ? max((value + slack).rounded(.down), clean) : min((value - slack).rounded(.up), clean)
    if range.contains(cut) { return cut }
    return value >= clean
      ? max(value.rounded(.down), clean) : min(value.rounded(.up), clean)
  }

  /// The column that a block's largest value chooses, where that changes the category.
  private func chosen(
    _ block: Range<Int>, of point: [Double], around clean: [Double]
  ) -> (column: Int, weight: Double)? {
    guard let current = block.first(where: { clean[$0] == 1 }), canIncrease[current] else {
      return nil
    }
    let direction = features[current]?.direction ?? .any
    var best = current
    for column in block where point[column] > point[best] {
      guard direction != .increase || column > current else { continue }
      guard direction != .decrease || column < current else { continue }
      best = column
    }
    return best == current ? nil : (best, 1 - point[current])
  }

  /// Takes back the switches that do not fit; returns what is left for numbers.
  private func revert(
    _ switches: [Switch], in result: inout [Double], to clean: [Double]
  ) -> Double {
    let limit = epsilon * (1 + ThreatModel.relativeTolerance)
    let affordable: Int
    switch norm {
    case .linf: affordable = switchCost <= limit ? switches.count : 0
    case .l1: affordable = Int(min(limit / switchCost, Double(switches.count)))
    case .l2:
      affordable = Int(min((limit / switchCost) * (limit / switchCost), Double(switches.count)))
    }
    let ordered = switches.indices.sorted {
      (-switches[$0].weight, $0) < (-switches[$1].weight, $1)
    }
    for index in ordered.dropFirst(affordable) {
      for position in switches[index].positions { result[position] = clean[position] }
    }
    let spent = Double(min(affordable, switches.count)) * switchCost
    switch norm {
    case .linf: return epsilon
    case .l1: return max(epsilon - spent, 0)
    case .l2: return max(epsilon * epsilon - spent * switchCost, 0).squareRoot()
    }
  }

  /// Shortens the moves of numbers until they fit the budget.
  private func fit(_ result: inout [Double], to clean: [Double], budget: Double) {
    let limit = budget * (1 + ThreatModel.relativeTolerance)
    let moved = result.indices.filter {
      features[$0]?.isSwitch != true && result[$0] != clean[$0]
    }
    var total = 0.0
    for position in moved {
      let move = abs(result[position] - clean[position])
      let rounding = ThreatModel.rounding(result[position], clean[position])
      let excess = max(move - rounding, 0) / scale[position]
      switch norm {
      case .linf:
        if excess > limit {
          shorten(&result, at: position, clean, by: budget * scale[position] / move)
        }
      case .l1: total += excess
      case .l2: total += excess * excess
      }
    }
    let length = norm == .l2 ? total.squareRoot() : total
    guard length > limit else { return }
    for position in moved { shorten(&result, at: position, clean, by: budget / length) }
  }

  private func shorten(
    _ result: inout [Double], at position: Int, _ clean: [Double], by factor: Double
  ) {
    let value = clean[position] + (result[position] - clean[position]) * factor
    result[position] = snapped(value, at: position, clean[position])
  }
}
