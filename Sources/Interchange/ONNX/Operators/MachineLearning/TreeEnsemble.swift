/// Decision trees as one list of nodes, checked: every walk from a root ends at a leaf.
struct TreeEnsemble {
  /// How a feature x is compared with the threshold t.
  enum Mode: String, CaseIterable {
    case lessOrEqual = "BRANCH_LEQ"
    case less = "BRANCH_LT"
    case greaterOrEqual = "BRANCH_GTE"
    case greater = "BRANCH_GT"
    case equal = "BRANCH_EQ"
    case notEqual = "BRANCH_NEQ"

    /// Whether the relation holds for x below, at and above t, and for x that is NaN.
    var outcomes: Outcomes<Bool> {
      switch self {
      case .lessOrEqual: Outcomes(unordered: false, above: false, below: true, equal: true)
      case .less: Outcomes(unordered: false, above: false, below: true, equal: false)
      case .greaterOrEqual: Outcomes(unordered: false, above: true, below: false, equal: true)
      case .greater: Outcomes(unordered: false, above: true, below: false, equal: false)
      case .equal: Outcomes(unordered: false, above: false, below: false, equal: true)
      case .notEqual: Outcomes(unordered: true, above: true, below: true, equal: false)
      }
    }
  }

  /// Something for each way in which two numbers can lie to each other.
  struct Outcomes<Result> {
    var unordered: Result
    var above: Result
    var below: Result
    var equal: Result
  }

  /// A node: a leaf leads to itself.
  struct Node {
    var feature: Int
    /// A number of float32, unless the file states doubles.
    var threshold: Double
    var next: Outcomes<Int>
    var isLeaf = false

    /// A leaf at this place of the list.
    static func leaf(at index: Int) -> Node {
      Node(
        feature: 0, threshold: 0,
        next: Outcomes(unordered: index, above: index, below: index, equal: index),
        isLeaf: true)
    }

    static func branch(
      _ mode: Mode, feature: Int, threshold: Double, whenTrue: Int, whenFalse: Int,
      missingTracksTrue: Bool
    ) -> Node {
      let outcomes = mode.outcomes
      func target(_ holds: Bool) -> Int { holds ? whenTrue : whenFalse }
      return Node(
        feature: feature, threshold: threshold,
        next: Outcomes(
          unordered: target(outcomes.unordered || missingTracksTrue),
          above: target(outcomes.above), below: target(outcomes.below),
          equal: target(outcomes.equal)))
    }

    var children: [Int] { [next.unordered, next.above, next.below, next.equal] }
  }

  /// What a leaf adds to a target.
  struct Weight {
    var leaf: Int
    var target: Int
    var value: Double
  }

  let nodes: [Node]
  let roots: [Int]
  let weights: [Weight]
  let targetCount: Int
  /// The steps of the longest walk.
  let depth: Int

  /// Each step of a walk is a few equations of the program.
  static let largestDepth = 2048
  /// Nodes, and numbers in the table of weights, that are laid out at most.
  static let largestCount = 1 << 26

  /// - Throws: `Problem` where the trees are none.
  init(nodes: [Node], roots: [Int], weights: [Weight], targetCount: Int) throws {
    guard !roots.isEmpty else { throw Problem("has no trees") }
    guard targetCount > 0, nodes.count <= Self.largestCount,
      targetCount <= Self.largestCount / nodes.count
    else { throw Problem("has \(nodes.count) nodes for \(targetCount) targets") }
    for node in nodes where node.threshold.isNaN { throw Problem("has a threshold that is NaN") }
    self.nodes = nodes
    self.roots = roots
    self.targetCount = targetCount
    depth = try Self.depth(of: nodes, from: roots)
    self.weights = try Self.checked(weights, nodes, targetCount)
  }

  /// Why numbers do not describe trees.
  struct Problem: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  private static func checked(
    _ weights: [Weight], _ nodes: [Node], _ targetCount: Int
  ) throws -> [Weight] {
    var seen: Set<[Int]> = []
    return try weights.filter { weight in
      guard (0..<targetCount).contains(weight.target) else {
        throw Problem("has a weight for target \(weight.target) of \(targetCount)")
      }
      guard nodes[weight.leaf].isLeaf else { return false }
      guard seen.insert([weight.leaf, weight.target]).inserted else {
        throw Problem("has two weights of one leaf for target \(weight.target)")
      }
      return true
    }
  }

  /// The length of the longest walk from a root to a leaf.
  private static func depth(of nodes: [Node], from roots: [Int]) throws -> Int {
    var depths = [Int?](repeating: nil, count: nodes.count)
    var isOpen = [Bool](repeating: false, count: nodes.count)
    // A stack of its own: a tree may be deeper than the program's stack.
    var stack = roots
    while let index = stack.last {
      let children = nodes[index].isLeaf ? [] : Set(nodes[index].children)
      if depths[index] != nil {
        stack.removeLast()
      } else if isOpen[index] {
        depths[index] = 1 + (children.compactMap { depths[$0] }.max() ?? -1)
        isOpen[index] = false
        stack.removeLast()
      } else {
        isOpen[index] = true
        for child in children where depths[child] == nil {
          guard !isOpen[child] else { throw Problem("has a tree that leads back to itself") }
          stack.append(child)
        }
      }
    }
    let depth = roots.compactMap { depths[$0] }.max() ?? 0
    guard depth <= largestDepth else {
      throw Problem("has a tree of \(depth) levels, more than \(largestDepth)")
    }
    return depth
  }
}
