import Foundation
import Programs
import Tensors
import Testing

@testable import Interchange

@Suite("Ensembles of decision trees")
struct TreeEnsembleTests {
  /// Thresholds, of which 0.1 and 0.3 are no numbers of float32.
  private static let levels: [Float] = [-1, -0.1, 0, 0.1, 0.3, 1]

  /// All combinations of thresholds, their neighbours, infinities and NaN in three features.
  private static let samples: [[Float]] = {
    let values =
      [-1, 0.1, Float(0.1).nextUp, Float(0.1).nextDown, 0.3, .infinity, .nan]
    return values.flatMap { a in values.flatMap { b in values.map { [a, b, $0] } } }
  }()

  private static var input: Tensor {
    Tensor(samples.flatMap { $0 }, shape: [samples.count, 3])
  }

  private func trees(_ modes: [String], targets: Int, seed: UInt64) -> [DecisionTree] {
    var random = RandomStream(seed: seed, purpose: "trees")
    return (0..<4).map { _ in
      .random(depth: 5, modes: modes, levels: Self.levels, targets: targets, &random)
    }
  }

  @Test(
    "go where a walk from node to node goes, at thresholds and without a value",
    arguments: DecisionTree.modes.map { [$0] } + [DecisionTree.modes])
  func walks(_ modes: [String]) throws {
    for seed in 0..<4 {
      let trees = trees(modes, targets: 2, seed: UInt64(seed))
      let node = SingleNode(
        "TreeEnsembleRegressor",
        TreeAttributes(trees).attributes("target") + [.int("n_targets", 2)])
      let expected = Self.samples.flatMap { sample in
        (0..<2).map { target in
          Float(trees.reduce(0) { $0 + Double($1.weights(sample)[target]) })
        }
      }
      #expect(try node.result(Self.input).floats == expected)
    }
  }

  @Test("combine the weights of their leaves in four ways")
  func aggregates() throws {
    let trees = trees(DecisionTree.modes, targets: 1, seed: 9)
    let combine: [String: ([Double]) -> Double] = [
      "SUM": { $0.reduce(0, +) }, "AVERAGE": { $0.reduce(0, +) / 4 },
      "MIN": { $0.min() ?? 0 }, "MAX": { $0.max() ?? 0 },
    ]
    for (name, function) in combine {
      let node = SingleNode(
        "TreeEnsembleRegressor",
        TreeAttributes(trees).attributes("target") + [
          .string("aggregate_function", name), .floats("base_values", [0.5]),
        ])
      let expected = Self.samples.map { sample in
        0.5 + function(trees.map { Double($0.weights(sample)[0]) })
      }
      for (got, wanted) in zip(try node.result(Self.input).doubles, expected) {
        #expect(abs(got - wanted) < 1e-6, "\(name)")
      }
    }
  }

  @Test("compare doubles with thresholds of double precision")
  func doubles() throws {
    var attributes = TreeAttributes([
      .branch(
        mode: "BRANCH_LEQ", feature: 0, threshold: 0, missingTracksTrue: false,
        whenTrue: .leaf([1]), whenFalse: .leaf([2]))
    ]).attributes("target")
    attributes.removeAll { $0.name == "nodes_values" }
    attributes.append(.tensor("nodes_values_as_tensor", Tensor([0.1, 0, 0] as [Double])))
    let input = Tensor([0.1, 0.1.nextUp, Double(Float(0.1))] as [Double], shape: [3, 1])
    #expect(try SingleNode("TreeEnsembleRegressor", attributes).result(input).floats == [1, 2, 2])
  }

  @Test("ask for membership in a set, and share leaves")
  func membership() throws {
    let node = SingleNode(
      "TreeEnsemble",
      [
        .int("n_targets", 1), .ints("tree_roots", [0]), .ints("nodes_featureids", [0, 1]),
        .tensor("nodes_modes", Tensor([UInt8(6), 0])),
        .tensor("nodes_splits", Tensor([0, 0.5] as [Float])),
        .tensor("membership_values", Tensor([1, 3, 5, .nan] as [Float])),
        .ints("nodes_truenodeids", [1, 0]), .ints("nodes_trueleafs", [0, 1]),
        .ints("nodes_falsenodeids", [2, 1]), .ints("nodes_falseleafs", [1, 1]),
        .tensor("leaf_weights", Tensor([10, 20, 30] as [Float])),
        .ints("leaf_targetids", [0, 0, 0]),
      ], version: 5)
    let input = Tensor([1, 0, 3, 1, 5, 0.5, 2, 0, .nan, 0] as [Float], shape: [5, 2])
    #expect(try node.result(input).floats == [10, 20, 10, 30, 30])
  }

  @Test("label samples by the class with the most votes")
  func labels() throws {
    let trees = trees(DecisionTree.modes, targets: 3, seed: 5)
    let node = SingleNode(
      "TreeEnsembleClassifier",
      TreeAttributes(trees).attributes("class") + [.ints("classlabels_int64s", [7, 8, 9])])
    let expected = Self.samples.map { sample in
      let votes = (0..<3).map { target in
        trees.reduce(Float(0)) { $0 + $1.weights(sample)[target] }
      }
      return Int64(7 + (votes.firstIndex(of: votes.max() ?? 0) ?? 0))
    }
    #expect(try node.result(Self.input, output: "label").scalars(of: Int64.self) == expected)
  }

  // MARK: Files that are wrong

  /// Why trees are refused after a change to a small one.
  private func refusal(_ change: (inout TreeAttributes) -> Void) -> String {
    var attributes = TreeAttributes([
      .branch(
        mode: "BRANCH_LEQ", feature: 1, threshold: 0.5, missingTracksTrue: false,
        whenTrue: .leaf([1]), whenFalse: .leaf([2]))
    ])
    change(&attributes)
    return SingleNode("TreeEnsembleRegressor", attributes.attributes("target")).refusal()
  }

  private let place = "node that makes 'y' (ai.onnx.ml.TreeEnsembleRegressor, opset 3): "

  @Test("are refused in a whole sentence where they are none")
  func hostile() {
    #expect(refusal { _ in } == "not refused")
    #expect(
      refusal { $0.whenTrue[0] = 7 } == place
        + "leads to node 7 of tree 0, which does not exist")
    #expect(refusal { $0.whenFalse[0] = 0 } == place + "has a tree that leads back to itself")
    #expect(
      refusal {
        ($0.modes[1], $0.whenTrue[1], $0.whenFalse[1]) = ("BRANCH_LT", 2, 0)
      } == place + "has a tree that leads back to itself")
    #expect(
      refusal { $0.features.removeLast() } == place
        + "has attributes 'nodes_…' of different lengths")
    #expect(
      refusal { $0.weights.removeLast() } == place
        + "has attributes 'target_…' of different lengths")
    #expect(refusal { $0.nodes[2] = 1 } == place + "has node 1 of tree 0 twice")
    #expect(
      refusal { $0.modes[0] = "BRANCH_ODD" } == place
        + "has a node of mode 'BRANCH_ODD', which the standard lacks")
    #expect(refusal { $0.features[0] = 2 } == place + "asks for feature 2 of 2")
    #expect(refusal { $0.features[0] = -1 } == place + "asks for feature -1 of 2")
    #expect(refusal { $0.thresholds[0] = .nan } == place + "has a threshold that is NaN")
    #expect(refusal { $0.targets[0] = 1 } == place + "has a weight for target 1 of 1")
    #expect(
      refusal { ($0.weightNodes[0], $0.weightNodes[1]) = (2, 2) } == place
        + "has two weights of one leaf for target 0")
    #expect(refusal { $0 = TreeAttributes() } == place + "has no trees")
    #expect(
      refusal { $0.trees[1] = 1 } == place + "has trees whose nodes do not stand together")
  }

  @Test("are refused where they are deeper than a program may be long")
  func deep() {
    var tree = DecisionTree.leaf([0])
    for _ in 0..<3000 {
      tree = .branch(
        mode: "BRANCH_LEQ", feature: 0, threshold: 0, missingTracksTrue: false, whenTrue: tree,
        whenFalse: .leaf([1]))
    }
    let attributes = TreeAttributes([tree]).attributes("target")
    #expect(
      SingleNode("TreeEnsembleRegressor", attributes).refusal()
        == place + "has a tree of 3000 levels, more than 2048")
  }

  @Test("are refused with a transform of a single target, which programs disagree about")
  func singleTargets() {
    let attributes = TreeAttributes([.leaf([1])]).attributes("target")
    #expect(
      SingleNode(
        "TreeEnsembleRegressor", attributes + [.string("post_transform", "LOGISTIC")]
      ).refusal() == place + "post_transform LOGISTIC of a single target is left out by some "
        + "programs and applied by others: export the model without it")
  }
}
