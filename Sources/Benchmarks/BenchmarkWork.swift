import Attacks
import Execution
import Explanations
import Models
import NativeBackend
import Tensors

/// A task on a network: one call of it, what the call computes, and how its result is checked.
struct BenchmarkWork {
  /// The samples of a call.
  let samples: Int
  /// The floating-point operations of products and convolutions for a sample.
  let operations: Double
  let run: () throws -> Void
  /// Computes the result once and holds it against something else.
  let check: () throws -> Void
}

extension BenchmarkSubject {
  func work(_ task: BenchmarkTask) throws -> BenchmarkWork {
    let (forward, gradient) = try operations
    switch task {
    case .forward:
      return BenchmarkWork(
        samples: count, operations: forward,
        run: { _ = try self.forward([inputs], threads: threads) }, check: checkForward)
    case .gradient:
      return BenchmarkWork(
        samples: count, operations: gradient,
        run: { _ = try self.gradient([inputs, classes], threads: threads) },
        check: checkGradient)
    case .fgsm: return try attack("fgsm", steps: 1, [:], gradient, forward)
    case .pgd:
      let steps = network.name == "resnet18_cifar" ? 10 : 40
      return try attack(
        "pgd", steps: steps, ["steps": .int(steps), "random-start": .bool(false)], gradient, forward
      )
    case .saliency: return try explanation("saliency", [:], gradient, check: checkSaliency)
    case .integratedGradients:
      return try explanation(
        "integrated-gradients", ["steps": .int(50)], 50 * gradient, check: checkCompleteness)
    case .smoothGrad:
      return try explanation(
        "smoothgrad", ["samples": .int(20)], 20 * gradient, check: checkSmoothGrad)
    case .trainSGD: return try training(.sgd(momentum: 0.9), forward)
    case .trainAdam: return try training(.adam(), forward)
    }
  }

  // MARK: Attacks

  /// The radius of attacks: too small to break a sample, so that every step is taken.
  private static let epsilon = 1e-6

  private func attack(
    _ name: String, steps: Int, _ settings: [String: SettingValue], _ gradient: Double,
    _ forward: Double
  ) throws -> BenchmarkWork {
    let attack = try AttackRegistry.attack(named: name, settings: settings)
    let threat = try ThreatModel(norm: .linf, epsilon: Self.epsilon, input: network.input)
    let samples = AttackSamples(inputs: inputs, classes: classes, ids: Array(0..<count))
    let outcomes = {
      try AttackRunner(model: classifier, seed: 3, threads: threads)
        .run(attack, under: threat, on: samples)
    }
    return BenchmarkWork(
      samples: count, operations: Double(steps) * gradient + forward,
      run: { _ = try outcomes() },
      check: {
        try check(
          outcomes(), steps: steps, epsilon: Self.epsilon, relativeStep: steps > 1 ? 0.1 : 1)
      })
  }

  // MARK: Explanations

  private func explanation(
    _ name: String, _ settings: [String: SettingValue], _ operations: Double,
    check: @escaping (Attribution) throws -> Void
  ) throws -> BenchmarkWork {
    let method = try AttributionRegistry.method(named: name, settings: settings)
    let request = AttributionRequest(
      inputs: inputs, classes: classes.scalars(of: Int64.self).map(Int.init), seed: 4)
    let explain = { try Explainer.explain(method, request, classifier, threads: threads) }
    return BenchmarkWork(
      samples: count, operations: operations, run: { _ = try explain() },
      check: { try check(explain()) })
  }

  // MARK: Training

  /// The number of updates in a call.
  private static let updates = 4

  private func training(_ optimizer: Optimizer, _ forward: Double) throws -> BenchmarkWork {
    var configuration = TrainingConfiguration(epochs: 1, network: network.network.layers)
    configuration.seed = BenchmarkNetwork.seed
    configuration.optimizer = optimizer
    configuration.batchSize = 128
    configuration.normalization = .none
    let count = configuration.batchSize * Self.updates
    let data = try trainingData(count)
    let trainer = try Trainer(
      configuration, data: data, input: network.input, classNames: network.classNames,
      on: NativeBackend(), threads: threads)
    return BenchmarkWork(
      samples: count, operations: 3 * forward, run: { _ = try trainer.train() },
      check: { try checkTraining(configuration) })
  }

  func trainingData(_ count: Int) throws -> TrainingData {
    let labels = Tensor((0..<count).map { Int64($0 % network.classCount) })
    return try TrainingData(
      inputs: network.inputs(count), targets: labels, input: network.input)
  }
}
