import Tensors

extension TreeEnsemble {
  /// The trees of a TreeEnsembleClassifier ("class") or a TreeEnsembleRegressor ("target"): nodes
  /// are named by tree and number, and a tree begins with its root.
  init(_ call: ONNXCall, weights prefix: String, targetCount: Int) throws {
    let columns = try NodeColumns(call)
    var places: [[Int]: Int] = [:]
    var roots: [Int] = []
    for index in columns.trees.indices {
      let (tree, node) = (columns.trees[index], columns.numbers[index])
      if index == 0 || columns.trees[index - 1] != tree { roots.append(index) }
      guard places.updateValue(index, forKey: [tree, node]) == nil else {
        throw call.error("has node \(node) of tree \(tree) twice")
      }
    }
    guard Set(columns.trees).count == roots.count else {
      throw call.error("has trees whose nodes do not stand together")
    }
    func place(_ tree: Int, _ node: Int) throws -> Int {
      guard let place = places[[tree, node]] else {
        throw call.error("leads to node \(node) of tree \(tree), which does not exist")
      }
      return place
    }
    let nodes = try columns.trees.indices.map { index -> Node in
      guard columns.modes[index] != "LEAF" else { return .leaf(at: index) }
      guard let mode = Mode(rawValue: columns.modes[index]) else {
        throw call.error("has a node of mode '\(columns.modes[index])', which the standard lacks")
      }
      let tree = columns.trees[index]
      return .branch(
        mode, feature: columns.features[index], threshold: columns.thresholds[index],
        whenTrue: try place(tree, columns.whenTrue[index]),
        whenFalse: try place(tree, columns.whenFalse[index]),
        missingTracksTrue: columns.missingTracksTrue[index])
    }
    let weights = try Self.weights(call, prefix, place: place)
    do {
      try self.init(nodes: nodes, roots: roots, weights: weights, targetCount: targetCount)
    } catch let problem as Problem {
      throw call.error(problem.reason)
    }
  }

  private static func weights(
    _ call: ONNXCall, _ prefix: String, place: (Int, Int) throws -> Int
  ) throws -> [Weight] {
    let trees = try call.optionalInts("\(prefix)_treeids") ?? []
    let nodes = try call.optionalInts("\(prefix)_nodeids") ?? []
    let targets = try call.optionalInts("\(prefix)_ids") ?? []
    let values = try call.numbers("\(prefix)_weights")
    try call.require(
      [nodes.count, targets.count, values.count].allSatisfy { $0 == trees.count },
      "has attributes '\(prefix)_…' of different lengths")
    return try trees.indices.map {
      Weight(leaf: try place(trees[$0], nodes[$0]), target: targets[$0], value: values[$0])
    }
  }
}

/// The attributes 'nodes_…', an entry per node.
private struct NodeColumns {
  let trees: [Int]
  let numbers: [Int]
  let features: [Int]
  let thresholds: [Double]
  let modes: [String]
  let whenTrue: [Int]
  let whenFalse: [Int]
  let missingTracksTrue: [Bool]

  init(_ call: ONNXCall) throws {
    trees = try call.optionalInts("nodes_treeids") ?? []
    numbers = try call.optionalInts("nodes_nodeids") ?? []
    features = try call.optionalInts("nodes_featureids") ?? []
    thresholds = try call.numbers("nodes_values")
    modes = try call.strings("nodes_modes") ?? []
    whenTrue = try call.optionalInts("nodes_truenodeids") ?? []
    whenFalse = try call.optionalInts("nodes_falsenodeids") ?? []
    let missing = try call.optionalInts("nodes_missing_value_tracks_true") ?? []
    let count = trees.count
    missingTracksTrue =
      missing.isEmpty ? Array(repeating: false, count: count) : missing.map { $0 != 0 }
    try call.require(
      [
        numbers.count, features.count, thresholds.count, modes.count, whenTrue.count,
        whenFalse.count, missingTracksTrue.count,
      ].allSatisfy { $0 == count }, "has attributes 'nodes_…' of different lengths")
  }
}

extension ONNXCall {
  /// Numbers in float32 or, in the attribute with "_as_tensor" to its name, of any precision.
  func numbers(_ name: String) throws -> [Double] {
    if let (tensor, _) = try tensorAttribute("\(name)_as_tensor") { return tensor.doubles }
    return try floats(name)?.map(Double.init) ?? []
  }
}
