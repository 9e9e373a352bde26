import Programs
import Tensors

/// Ensembles of decision trees, of the domain "ai.onnx.ml".
enum MachineLearningTreeOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("TreeEnsembleClassifier", domain: "ai.onnx.ml", lower: classifier),
    .machineLearning("TreeEnsembleRegressor", regressor),
    .machineLearning("TreeEnsemble", since: 5, ensemble),
  ]

  private static func regressor(_ call: ONNXCall) throws -> Value {
    let targets = try call.int("n_targets", default: 1)
    let trees = try TreeEnsemble(call, weights: "target", targetCount: targets)
    let name = try call.string("aggregate_function", default: "SUM")
    guard let aggregate = TreeEnsemble.Aggregate(rawValue: name) else {
      throw call.error("the attribute 'aggregate_function' is '\(name)', which the standard lacks")
    }
    let values = try samples(call)
    var raw = trees.scores(try trees.leaves(values, call), aggregate, as: values.elementType)
    let base = try call.numbers("base_values")
    try call.require(
      base.isEmpty || base.count == targets,
      "has \(base.count) base values for \(targets) targets")
    if !base.isEmpty { raw = raw + raw.constant(Tensor(base)) }
    raw = raw.converted(to: .float32)
    let transform = try PostTransform(call)
    return targets == 1
      ? try transform.singleTarget(raw, call) : transform.scores(raw, call.tracer)
  }

  /// Version 5: settings are numbers, and the result has the type of the input.
  private static func ensemble(_ call: ONNXCall) throws -> Value {
    let aggregates: [TreeEnsemble.Aggregate] = [.average, .sum, .minimum, .maximum]
    let transforms: [PostTransform] = [.none, .softmax, .logistic, .softmaxZero, .probit]
    let aggregate = try call.int("aggregate_function", default: 1)
    let transform = try call.int("post_transform", default: 0)
    guard aggregates.indices.contains(aggregate), transforms.indices.contains(transform) else {
      throw call.error(
        "has aggregate_function \(aggregate) and post_transform \(transform), "
          + "which the standard lacks")
    }
    let trees = try TreeEnsemble(indexed: call)
    let values = try samples(call)
    let raw = trees.scores(
      try trees.leaves(values, call), aggregates[aggregate], as: values.elementType)
    return trees.targetCount == 1
      ? try transforms[transform].singleTarget(raw, call)
      : transforms[transform].scores(raw, call.tracer)
  }

  /// The first input; that the trees have no gradient is recorded.
  private static func samples(_ call: ONNXCall) throws -> Value {
    call.tracer.markGradientless(call.node.opType)
    return try call.samples(0, keepsDoubles: true)
  }

  private static func classifier(_ call: ONNXCall) throws -> [Operand?] {
    let classes = try ClassLabels(call, integers: "classlabels_int64s")
    try call.require(classes.count > 1, "has a single class: there is nothing to decide")
    let trees = try TreeEnsemble(call, weights: "class", targetCount: classes.count)
    let values = try samples(call)
    let leaves = try trees.leaves(values, call)
    let votes = Votes(
      trees: trees, leaves: leaves, base: try call.numbers("base_values"),
      sums: trees.scores(leaves, .sum, as: values.elementType))
    let targets = Set(trees.weights.map(\.target))
    if classes.count == 2, targets.count == 1 {
      return try votes.ofOneScore(isFirst: targets.contains(0), classes, call)
    }
    return try votes.ofAllClasses(classes, call)
  }
}

/// The sums of a classifier's trees, and what follows from them.
private struct Votes {
  let trees: TreeEnsemble
  let leaves: Value
  let base: [Double]
  let sums: Value

  /// Labels and scores where every class has a sum of its own.
  ///
  /// The label is the largest score's among the classes that a sample's leaves vote for.
  func ofAllClasses(_ classes: ClassLabels, _ call: ONNXCall) throws -> [Operand?] {
    // One base value for two classes, or two of them, mean different things to different programs.
    try call.require(
      base.isEmpty || (base.count == classes.count && classes.count > 2),
      "has \(base.count) base values for the scores of \(classes.count) classes")
    let raw = (base.isEmpty ? sums : sums + sums.constant(Tensor(base))).converted(to: .float32)
    let candidates =
      base.isEmpty && classes.numbers != nil
      ? trees.isScored(leaves).select(raw, raw.scalar(-.infinity)) : raw
    return [classes.labels(at: candidates.argMax(axis: 1)), try scores(raw, call)]
  }

  /// Labels and scores of two classes whose leaves all vote for one.
  ///
  /// Votes for the first class are what most exporters write for the score of the second one: a
  /// share of 1 if no weight is negative, else a margin about 0.
  func ofOneScore(
    isFirst: Bool, _ classes: ClassLabels, _ call: ONNXCall
  ) throws -> [Operand?] {
    try call.require(
      base.isEmpty || (base.count == 1 && isFirst),
      "has \(base.count) base values for the one score of two classes")
    let isShare = trees.weights.allSatisfy { $0.value >= 0 }
    let sum = sums.slice(axis: 1, isFirst ? 0..<1 : 1..<2)
    let score = (base.isEmpty ? sum : sum + base[0]).converted(to: .float32)
    let isSecond = score.select(axis: 1, 0)
      .compare(.lessOrEqual, score.scalar(isShare ? 0.5 : 0)).not()
    let labels = classes.labels(secondWhere: isSecond)
    guard isFirst else { return [labels, try scores(sums.converted(to: .float32), call)] }
    let transform = try PostTransform(call)
    let pair = try transform.pair(score, isSigned: !isShare, call)
    if transform == .none, isShare { call.tracer.markProbabilities(pair) }
    return [labels, Operand(pair)]
  }

  private func scores(_ raw: Value, _ call: ONNXCall) throws -> Operand {
    let transform = try PostTransform(call)
    let result = transform.scores(raw, call.tracer)
    if transform == .none, trees.weights.allSatisfy({ $0.value >= 0 }) {
      call.tracer.markProbabilities(result)
    }
    return Operand(result)
  }
}
