import Attacks
import Execution
import Explanations
import Foundation
import Models
import NativeBackend
import Programs
import Tensors

/// What each task's result is held against before its figure may be printed.
extension BenchmarkSubject {
  private func require(_ holds: Bool, _ what: String) throws {
    guard holds else { throw BenchmarkError("\(network.name): \(what)") }
  }

  /// Logits of one sample, against plain loops in double precision.
  func checkForward() throws {
    let first = inputs.rows(0..<1)
    let executable = try ReferenceBackend().compile(classifier.program.bound(batch: 1))
    let reference = try executable([first])[0]
    let found = try forward([inputs], threads: threads)[0].rows(0..<1)
    try require(
      found.isClose(to: reference, tolerance: 1e-4), "the logits are not those of the reference")
  }

  /// The gradient of one sample, against plain loops in double precision.
  func checkGradient() throws {
    let program = try Self.gradient(of: classifier.program, input: network.input)
    let executable = try ReferenceBackend().compile(program.bound(batch: 1))
    let expected = try executable([inputs.rows(0..<1), classes.rows(0..<1)])
    let found = try gradient([inputs, classes], threads: threads)
    try require(
      found[0].rows(0..<1).isClose(to: expected[0], tolerance: 1e-3),
      "the gradient is not that of the reference")
  }

  /// Points in the ball, and of some samples the objective that a loop over gradients reaches.
  func check(
    _ outcomes: [AttackOutcome], steps: Int, epsilon: Double, relativeStep: Double
  ) throws {
    try checkGradient()
    for (row, outcome) in outcomes.enumerated() {
      let clean = inputs.row(row).floats
      let isInside = zip(outcome.perturbed.floats, clean).allSatisfy {
        abs(Double($0) - Double($1)) <= epsilon * (1 + 1e-3) + 1e-7 && (0...1).contains($0)
      }
      try require(isInside, "an attack left the ball or the valid range")
      try require(!outcome.trace.claimsSuccess, "a sample was broken, so that steps were left out")
      try require(
        outcome.trace.passes.backward == steps,
        "\(outcome.trace.passes.backward) of \(steps) steps were taken")
    }
    let rows = Array(0..<min(4, count))
    let expected = try bestObjectives(rows, steps: steps, epsilon: epsilon, relativeStep)
    for (row, best) in zip(rows, expected) {
      let found = outcomes[row].trace.bestObjective ?? .nan
      try require(
        abs(found - best) <= 1e-4 * max(abs(best), 1e-3),
        "an attack reached \(found), a loop over gradients \(best)")
    }
  }

  /// x ← clip(x + α sign ∇), over and over: the largest objective of each sample on the way.
  private func bestObjectives(
    _ rows: [Int], steps: Int, epsilon: Double, _ relativeStep: Double
  ) throws -> [Double] {
    let clean = inputs.rows(rows)
    let labels = classes.rows(rows)
    var point = clean
    var best = rows.map { _ in -Double.infinity }
    for step in 0...steps {
      let found = try gradient([point, labels], threads: 1)
      for (row, value) in found[1].doubles.enumerated() { best[row] = max(best[row], value) }
      guard step < steps else { break }
      let (length, radius) = (Float(relativeStep * epsilon), Float(epsilon))
      let next = zip(zip(point.floats, found[0].floats), clean.floats).map { pair, origin in
        let moved = pair.0 + (pair.1 > 0 ? length : pair.1 < 0 ? -length : 0)
        return min(max(min(max(moved, origin - radius), origin + radius), 0), 1)
      }
      point = Tensor(next, shape: clean.shape)
    }
    return best
  }

  /// The slope of one sample, against plain loops in double precision.
  func checkSaliency(_ found: Attribution) throws {
    let expected = try referenceSaliency(inputs.rows(0..<1))
    try require(
      found.attributions.rows(0..<1).isClose(to: expected, tolerance: 1e-3),
      "the saliency is not that of the reference")
  }

  private func referenceSaliency(_ points: Tensor) throws -> Tensor {
    let reference = try ProgramClassifier(model, on: ReferenceBackend(), microBatch: 1)
    let target = classes.rows([Int](repeating: 0, count: points.shape[0]))
    return try reference.gradient(of: .logit, classes: target, at: points).gradient
  }

  /// Attributions that sum to the change of the output: the method's own promise.
  func checkCompleteness(_ found: Attribution) throws {
    try checkForward()
    let target = classes.scalars(of: Int64.self)
    let ends = [inputs, Tensor(zeros: inputs.shape)]
    let logits = try ends.map { try forward([$0], threads: threads)[0].doubles }
    for row in 0..<count {
      let place = row * network.classCount + Int(target[row])
      let change = logits[0][place] - logits[1][place]
      let sum = found.values(row).reduce(0, +)
      try require(
        abs(sum - change) <= 0.05 * max(abs(change), 0.05),
        "attributions sum to \(sum), the output changes by \(change)")
    }
  }

  /// Means over noisy copies, which are near the slope where there is no noise.
  func checkSmoothGrad(_ found: Attribution) throws {
    let request = AttributionRequest(
      inputs: inputs.rows(0..<2), classes: classes.scalars(of: Int64.self).prefix(2).map(Int.init),
      seed: 4)
    let method = try AttributionRegistry.method(
      named: "smoothgrad", settings: ["samples": .int(20)])
    let expected = try Explainer.explain(
      method, request, ProgramClassifier(model, on: NativeBackend(), microBatch: 1))
    try require(
      found.attributions.rows(0..<2).isClose(to: expected.attributions, tolerance: 1e-3),
      "the mean over noisy copies depends on how they are taken together")
    let still = try AttributionRegistry.method(
      named: "smoothgrad", settings: ["samples": .int(1), "noise": .double(0)])
    let slope = try Explainer.explain(still, request, classifier).attributions.rows(0..<1)
    try require(
      slope.isClose(to: referenceSaliency(inputs.rows(0..<1)), tolerance: 1e-3),
      "without noise the mean is not the slope")
  }

  /// An update that lowers the loss as its gradient says, to first order.
  func checkTraining(_ configuration: TrainingConfiguration) throws {
    let rate = 1e-3
    let data = try trainingData(32)
    var short = configuration
    short.optimizer = .sgd()
    short.learningRate = rate
    short.batchSize = data.count
    let trained = try Trainer(
      short, data: data, input: network.input, classNames: network.classNames,
      on: NativeBackend(), threads: threads
    ).train()
    let classes = data.targets
    let before = try loss(of: model, data.inputs, classes)
    let after = try loss(of: trained, data.inputs, classes)
    var squared = 0.0
    for (name, value) in trained.parameters {
      guard let initial = model.parameters[name] else {
        throw BenchmarkError("\(network.name): training made a parameter '\(name)'")
      }
      squared += zip(value.doubles, initial.doubles).reduce(0) { sum, pair in
        sum + (pair.0 - pair.1) * (pair.0 - pair.1)
      }
    }
    // p′ = p − η g: the loss falls by η |g|² = |p′ − p|² / η.
    let expected = squared / rate
    try require(
      abs(before - after - expected) <= 0.1 * expected + 1e-5,
      "an update lowered the loss by \(before - after), its gradient promised \(expected)")
  }

  private func loss(of model: Model, _ inputs: Tensor, _ classes: Tensor) throws -> Double {
    let program = try Self.gradient(of: model.bound(), input: network.input)
    let value = MicroBatchedFunction(program, on: NativeBackend(), microBatch: 16)
    let losses = try value([inputs, classes], threads: threads)[1].doubles
    return losses.reduce(0, +) / Double(losses.count)
  }
}

extension Tensor {
  /// Whether numbers agree in units of the largest of them.
  fileprivate func isClose(to other: Tensor, tolerance: Double) -> Bool {
    let (left, right) = (doubles, other.doubles)
    let scale = right.map { abs($0) }.max() ?? 0
    return left.count == right.count
      && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max(scale, 1e-12) }
  }
}
