import Foundation
import Tensors

@testable import Interchange

/// A decision tree as the standard describes it: the slow and obvious definition.
indirect enum DecisionTree {
  case leaf([Float])
  case branch(
    mode: String, feature: Int, threshold: Float, missingTracksTrue: Bool, whenTrue: DecisionTree,
    whenFalse: DecisionTree)

  static let modes = [
    "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ",
  ]

  /// The weights of the leaf that a sample reaches.
  func weights(_ sample: [Float]) -> [Float] {
    switch self {
    case .leaf(let weights): return weights
    case .branch(let mode, let feature, let threshold, let tracksTrue, let whenTrue, let whenFalse):
      let x = sample[feature]
      let holds =
        switch mode {
        case "BRANCH_LEQ": x <= threshold
        case "BRANCH_LT": x < threshold
        case "BRANCH_GTE": x >= threshold
        case "BRANCH_GT": x > threshold
        case "BRANCH_EQ": x == threshold
        default: x != threshold
        }
      return (holds || (tracksTrue && x.isNaN) ? whenTrue : whenFalse).weights(sample)
    }
  }

  /// A tree over features 0 to 2, whose thresholds are among some levels.
  static func random(
    depth: Int, modes: [String], levels: [Float], targets: Int, _ random: inout RandomStream
  ) -> DecisionTree {
    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    if depth == 0 || pick(6) == 0 {
      return .leaf((0..<targets).map { _ in Float(pick(1024)) / 512 - 1 })
    }
    let (mode, feature, level) = (modes[pick(modes.count)], pick(3), levels[pick(levels.count)])
    let tracksTrue = pick(2) == 0
    func subtree(_ random: inout RandomStream) -> DecisionTree {
      .random(depth: depth - 1, modes: modes, levels: levels, targets: targets, &random)
    }
    let whenTrue = subtree(&random)
    return .branch(
      mode: mode, feature: feature, threshold: level, missingTracksTrue: tracksTrue,
      whenTrue: whenTrue, whenFalse: subtree(&random))
  }
}

/// The attributes of trees, as files have them.
struct TreeAttributes {
  var trees: [Int] = []
  var nodes: [Int] = []
  var features: [Int] = []
  var thresholds: [Float] = []
  var modes: [String] = []
  var whenTrue: [Int] = []
  var whenFalse: [Int] = []
  var missing: [Int] = []
  var weightTrees: [Int] = []
  var weightNodes: [Int] = []
  var targets: [Int] = []
  var weights: [Float] = []

  init() {}

  init(_ trees: [DecisionTree]) {
    for (number, tree) in trees.enumerated() {
      var count = 0
      _ = append(tree, number, &count)
    }
  }

  private mutating func append(_ tree: DecisionTree, _ number: Int, _ count: inout Int) -> Int {
    let (node, place) = (count, nodes.count)
    count += 1
    trees.append(number)
    nodes.append(node)
    features.append(0)
    thresholds.append(0)
    modes.append("LEAF")
    whenTrue.append(0)
    whenFalse.append(0)
    missing.append(0)
    switch tree {
    case .leaf(let values):
      for (target, value) in values.enumerated() {
        weightTrees.append(number)
        weightNodes.append(node)
        targets.append(target)
        weights.append(value)
      }
    case .branch(let mode, let feature, let threshold, let tracksTrue, let first, let second):
      (modes[place], features[place], thresholds[place]) = (mode, feature, threshold)
      missing[place] = tracksTrue ? 1 : 0
      whenTrue[place] = append(first, number, &count)
      whenFalse[place] = append(second, number, &count)
    }
    return node
  }

  /// The attributes for weights of a "class" or of a "target".
  func attributes(_ prefix: String) -> [ONNXAttribute] {
    [
      .ints("nodes_treeids", trees), .ints("nodes_nodeids", nodes),
      .ints("nodes_featureids", features), .floats("nodes_values", thresholds),
      .strings("nodes_modes", modes), .ints("nodes_truenodeids", whenTrue),
      .ints("nodes_falsenodeids", whenFalse), .ints("nodes_missing_value_tracks_true", missing),
      .ints("\(prefix)_treeids", weightTrees), .ints("\(prefix)_nodeids", weightNodes),
      .ints("\(prefix)_ids", targets), .floats("\(prefix)_weights", weights),
    ]
  }
}
