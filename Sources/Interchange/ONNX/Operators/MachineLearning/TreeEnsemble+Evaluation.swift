import Programs
import Tensors

extension TreeEnsemble {
  /// How the weights of the leaves that a sample reaches become one number.
  enum Aggregate: String {
    case sum = "SUM"
    case average = "AVERAGE"
    case minimum = "MIN"
    case maximum = "MAX"
  }

  /// The leaf of each tree that each of the samples `[N, F]` reaches: int32 `[N, T]`.
  ///
  /// All samples take a step in all trees at once, as many as the longest walk has; who is at a leaf
  /// already steps on the spot.
  ///
  /// - Throws: `NodeError` if a node asks for a feature that is not there.
  func leaves(_ samples: Value, _ call: ONNXCall) throws -> Value {
    let featureCount = min(samples.shape[1], Int(Int32.max))
    try call.requireTable([nodes.count, targetCount])
    for node in nodes where !(0..<featureCount).contains(node.feature) {
      throw call.error("asks for feature \(node.feature) of \(featureCount)")
    }
    let features = call.constant(Tensor(nodes.map { Int32($0.feature) }))
    let thresholds = samples.constant(Tensor(nodes.map(\.threshold)))
    let children = call.constant(Tensor(childTable))
    var place = call.constant(Tensor(roots.map(Int32.init)))
      .broadcast(to: [samples.shape[0], roots.count])
    for _ in 0..<depth {
      let value = samples.gatherElements(features.gather(place, axis: 0), axis: 1)
      let threshold = thresholds.gather(place, axis: 0)
      var outcome = value.compare(.lessOrEqual, threshold).converted(to: .int32)
      if !isBinary {
        let isNotBelow = threshold.compare(.lessOrEqual, value).converted(to: .int32)
        outcome = outcome + outcome + isNotBelow
      }
      place = children.gather(place * (isBinary ? 2 : 4) + outcome, axis: 0)
    }
    return place
  }

  /// Whether every node asks only if its feature is at most its threshold.
  private var isBinary: Bool {
    nodes.allSatisfy { $0.next.unordered == $0.next.above && $0.next.below == $0.next.equal }
  }

  /// Where each node leads, by the outcome of its comparisons: at 2 (x ≤ t) + (t ≤ x), or, if the
  /// second does not matter, at (x ≤ t).
  private var childTable: [Int32] {
    let isBinary = isBinary
    return nodes.flatMap { node in
      (isBinary ? [node.next.above, node.next.equal] : node.children).map(Int32.init)
    }
  }

  /// The weights of leaves `[N, T]`, aggregated over the trees: `[N, targets]`.
  ///
  /// A target that none of a sample's leaves has a weight for gets 0.
  func scores(_ leaves: Value, _ aggregate: Aggregate, as type: ElementType) -> Value {
    switch aggregate {
    case .sum: return gathered(leaves, missing: 0, type).sum(over: [1])
    case .average:
      return gathered(leaves, missing: 0, type).sum(over: [1]) / Double(roots.count)
    case .minimum:
      return Self.finite(-(-gathered(leaves, missing: .infinity, type)).maximum(over: [1]))
    case .maximum:
      return Self.finite(gathered(leaves, missing: -.infinity, type).maximum(over: [1]))
    }
  }

  /// Whether each target has a weight in one of a sample's leaves: bools `[N, targets]`.
  func isScored(_ leaves: Value) -> Value {
    var table = [Float](repeating: 0, count: nodes.count * targetCount)
    for weight in weights { table[weight.leaf * targetCount + weight.target] = 1 }
    let tensor = Tensor(table, shape: [nodes.count, targetCount])
    let count = leaves.builder.constant(tensor).gather(leaves, axis: 0).maximum(over: [1])
    return count.compare(.equal, count.scalar(1))
  }

  private func gathered(_ leaves: Value, missing: Double, _ type: ElementType) -> Value {
    var table = [Double](repeating: missing, count: nodes.count * targetCount)
    for weight in weights { table[weight.leaf * targetCount + weight.target] = weight.value }
    let tensor = Tensor(table, shape: [nodes.count, targetCount]).converted(to: type)
    return leaves.builder.constant(tensor).gather(leaves, axis: 0)
  }

  private static func finite(_ value: Value) -> Value {
    value.absoluteValue().compare(.equal, value.scalar(.infinity)).select(value.scalar(0), value)
  }
}
