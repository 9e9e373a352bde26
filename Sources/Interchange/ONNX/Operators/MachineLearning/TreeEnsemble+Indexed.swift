import Tensors

extension TreeEnsemble {
  /// The trees of a TreeEnsemble (version 5): branches and leaves are two lists, and a node leads to
  /// a place in either.
  init(indexed call: ONNXCall) throws {
    let columns = try BranchColumns(call)
    let targets = try call.optionalInts("leaf_targetids") ?? []
    let leafWeights = try call.tensorAttribute("leaf_weights")?.0.doubles ?? []
    try call.require(
      targets.count == leafWeights.count, "has attributes 'leaf_…' of different lengths")
    let branches = columns.features.count
    func place(_ index: Int, isLeaf: Bool) throws -> Int {
      guard (0..<(isLeaf ? targets.count : branches)).contains(index) else {
        throw call.error("leads to \(isLeaf ? "leaf" : "node") \(index), which does not exist")
      }
      return isLeaf ? branches + index : index
    }
    var nodes = (0..<branches + targets.count).map { Node.leaf(at: $0) }
    for index in 0..<branches {
      let whenTrue = try place(columns.whenTrue[index], isLeaf: columns.isTrueLeaf[index])
      let whenFalse = try place(columns.whenFalse[index], isLeaf: columns.isFalseLeaf[index])
      func branch(_ mode: Mode, _ threshold: Double, otherwise: Int) -> Node {
        .branch(
          mode, feature: columns.features[index], threshold: threshold, whenTrue: whenTrue,
          whenFalse: otherwise, missingTracksTrue: columns.missingTracksTrue[index])
      }
      if let mode = columns.modes[index] {
        nodes[index] = branch(mode, columns.thresholds[index], otherwise: whenFalse)
        continue
      }
      // Membership: one comparison after the other, each but the first at the end of the list.
      var place = index
      let members = columns.members[index] ?? []
      for (position, member) in members.enumerated() {
        let isLast = position == members.count - 1
        nodes[place] = branch(.equal, member, otherwise: isLast ? whenFalse : nodes.count)
        place = nodes.count
        if !isLast { nodes.append(.leaf(at: place)) }
      }
    }
    let roots = try (call.optionalInts("tree_roots") ?? []).map { try place($0, isLeaf: false) }
    let weights = targets.indices.map {
      Weight(leaf: branches + $0, target: targets[$0], value: leafWeights[$0])
    }
    do {
      try self.init(
        nodes: nodes, roots: roots, weights: weights,
        targetCount: try call.requiredInt("n_targets"))
    } catch let problem as Problem {
      throw call.error(problem.reason)
    }
  }
}

/// The attributes 'nodes_…', an entry per branch.
private struct BranchColumns {
  let features: [Int]
  let thresholds: [Double]
  /// Nil for a node that asks for membership.
  let modes: [TreeEnsemble.Mode?]
  /// The sets of the nodes that ask for membership, by node.
  let members: [Int: [Double]]
  let whenTrue: [Int]
  let whenFalse: [Int]
  let isTrueLeaf: [Bool]
  let isFalseLeaf: [Bool]
  let missingTracksTrue: [Bool]

  /// The modes in the order of their numbers; 6 is membership.
  private static let order: [TreeEnsemble.Mode?] = [
    .lessOrEqual, .less, .greaterOrEqual, .greater, .equal, .notEqual, nil,
  ]

  init(_ call: ONNXCall) throws {
    features = try call.optionalInts("nodes_featureids") ?? []
    let numbers = try call.tensorAttribute("nodes_modes")?.0.doubles ?? []
    let splits = try call.tensorAttribute("nodes_splits")?.0.doubles ?? []
    whenTrue = try call.optionalInts("nodes_truenodeids") ?? []
    whenFalse = try call.optionalInts("nodes_falsenodeids") ?? []
    isTrueLeaf = (try call.optionalInts("nodes_trueleafs") ?? []).map { $0 != 0 }
    isFalseLeaf = (try call.optionalInts("nodes_falseleafs") ?? []).map { $0 != 0 }
    let missing = try call.optionalInts("nodes_missing_value_tracks_true") ?? []
    let count = features.count
    missingTracksTrue =
      missing.isEmpty ? Array(repeating: false, count: count) : missing.map { $0 != 0 }
    try call.require(
      [
        numbers.count, splits.count, whenTrue.count, whenFalse.count, isTrueLeaf.count,
        isFalseLeaf.count, missingTracksTrue.count,
      ].allSatisfy { $0 == count }, "has attributes 'nodes_…' of different lengths")
    modes = try numbers.map { number in
      guard let place = Int(exactly: number), Self.order.indices.contains(place) else {
        throw call.error("has a node of mode \(number), which the standard lacks")
      }
      return Self.order[place]
    }
    thresholds = splits
    members = try Self.members(call, modes)
  }

  /// The sets of the nodes that ask for membership, each ended by a NaN.
  private static func members(
    _ call: ONNXCall, _ modes: [TreeEnsemble.Mode?]
  ) throws -> [Int: [Double]] {
    let asking = modes.indices.filter { modes[$0] == nil }
    let values = try call.tensorAttribute("membership_values")?.0.doubles ?? []
    let sets = values.split(whereSeparator: \.isNaN).map(Array.init)
    try call.require(
      sets.count == asking.count,
      "has \(sets.count) sets of members that are not empty for \(asking.count) nodes")
    return Dictionary(uniqueKeysWithValues: zip(asking, sets))
  }
}
