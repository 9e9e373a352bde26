import ConfigurationFiles
import Execution
import Foundation
import Programs
import Tensors
import Testing

@testable import Models

@Suite("Training")
struct TrainerTests {
  /// Two classes of points on either side of x + y = 0, at a distance of at least 0.5.
  static func separable(_ count: Int = 64, seed: UInt64 = 3) throws -> TrainingData {
    var random = RandomStream(seed: seed, purpose: "points")
    var points: [Float] = []
    var labels: [Int64] = []
    for index in 0..<count {
      let label = index % 2
      let along = Float(random.uniform() * 2 - 1)
      let across = Float(0.5 + random.uniform()) * (label == 1 ? 1 : -1)
      points.append((across + along) / Float(2).squareRoot())
      points.append((across - along) / Float(2).squareRoot())
      labels.append(Int64(label))
    }
    return try TrainingData(
      inputs: Tensor(points, shape: [count, 2]), targets: Tensor(labels), input: table)
  }

  static let table = InputSpecification.table([Feature(name: "x"), Feature(name: "y")])

  static func configuration() -> TrainingConfiguration {
    var configuration = TrainingConfiguration(epochs: 6) {
      Dense(8)
      Relu()
      Dropout(0.1)
      Dense(2)
    }
    configuration.learningRate = 0.02
    configuration.batchSize = 24
    configuration.microBatch = 7
    configuration.validationFraction = 0.25
    configuration.averaging = .exponential(decay: 0.9)
    configuration.augmentation = Augmentation(noise: 0.05)
    configuration.gradientClip = 1
    configuration.seed = 5
    return configuration
  }

  static func trainer(
    _ configuration: TrainingConfiguration, threads: Int = 1
  ) throws -> Trainer {
    try Trainer(
      configuration, data: separable(), input: table, classNames: ["no", "yes"],
      on: ReferenceBackend(), threads: threads)
  }

  @Test("a small problem is learnt, and the same seed makes the same weights on any threads")
  func learns() throws {
    let first = try Self.trainer(Self.configuration()).train()
    let second = try Self.trainer(Self.configuration(), threads: 2).train()
    #expect(first.parameters == second.parameters)
    #expect(first.trainingRecord == second.trainingRecord)
    var other = Self.configuration()
    other.seed = 6
    #expect(try Self.trainer(other).train().parameters != first.parameters)

    let data = try Self.separable(200, seed: 9)
    let classifier = try ProgramClassifier(first, on: ReferenceBackend())
    let predictions = try classifier.predictions(data.inputs).scalars(of: Int64.self)
    let labels = data.targets.scalars(of: Int64.self)
    #expect(zip(predictions, labels).count { $0 == $1 } >= 196)
  }

  struct Killed: Error {}

  @Test("a killed training resumes and ends with the same bytes", arguments: [1, 3, 4, 7])
  func resumes(after stop: Int) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).checkpoint").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var configuration = Self.configuration()
    configuration.checkpointSteps = 1
    configuration.earlyStopping = EarlyStopping(patience: 5)
    configuration.schedule = .plateau(factor: 0.5, patience: 0)
    let whole = try Self.trainer(configuration).train()
    var reports = 0
    #expect(throws: Killed.self) {
      _ = try Self.trainer(configuration).train(checkpoint: path) { _ in
        reports += 1
        if reports == stop { throw Killed() }
      }
    }
    var resumed = 0
    let model = try Self.trainer(configuration).train(checkpoint: path) { _ in resumed += 1 }
    #expect(model.parameters == whole.parameters)
    #expect(model.trainingRecord == whole.trainingRecord)
    #expect(resumed < 12)

    var other = configuration
    other.learningRate = 0.5
    let error = #expect(throws: ModelError.self) {
      _ = try Self.trainer(other).train(checkpoint: path)
    }
    #expect(error?.fact == .otherTraining)
  }

  @Test("frozen layers keep their parameters, and unknown ones are named")
  func freezes() throws {
    var configuration = Self.configuration()
    configuration.frozenLayers = ["dense1"]
    let trainer = try Self.trainer(configuration)
    let before = try trainer.network.initialParameters(seed: configuration.seed)
    let after = try trainer.train().parameters
    #expect(after["dense1.weight"] == before["dense1.weight"])
    #expect(after["dense1.bias"] == before["dense1.bias"])
    #expect(after["dense2.weight"] != before["dense2.weight"])
    configuration.frozenLayers = ["dense3x"]
    let error = #expect(throws: ModelError.self) { _ = try Self.trainer(configuration) }
    #expect(
      error?.description
        == "there is no layer 'dense3x'; did you mean 'dense1'?")
  }

  @Test("a saved model is where another training begins")
  func fineTunes() throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try Self.trainer(Self.configuration()).train()
    try ModelFile.save(first, to: path)
    var configuration = Self.configuration()
    configuration.initialFile = path
    configuration.frozenLayers = ["dense1", "dense2"]
    configuration.averaging = nil
    let second = try Self.trainer(configuration).train()
    #expect(second.parameters == first.parameters)
  }

  @Test("batch normalisation trains on whole batches and keeps running statistics")
  func batchNormalization() throws {
    var configuration = TrainingConfiguration(epochs: 10) {
      Dense(8)
      BatchNormalization()
      Relu()
      Dense(2)
    }
    configuration.batchSize = 32
    configuration.learningRate = 0.02
    let trainer = try Self.trainer(configuration, threads: 2)
    #expect(trainer.microBatch == 32)
    let model = try trainer.train()
    #expect(model.parameters["norm1.running_mean"] != Tensor(zeros: [8]))
    let data = try Self.separable()
    let classifier = try ProgramClassifier(model, on: ReferenceBackend())
    let predictions = try classifier.predictions(data.inputs).scalars(of: Int64.self)
    #expect(zip(predictions, data.targets.scalars(of: Int64.self)).count { $0 == $1 } >= 62)
  }

  @Test("a regression answers in the targets' unit")
  func regression() throws {
    let points = try Self.separable()
    let coordinates = points.inputs.floats
    var numbers: [Float] = []
    for index in 0..<points.count {
      let (x, y) = (coordinates[2 * index], coordinates[2 * index + 1])
      numbers.append(1000 + 30 * x - 20 * y)
    }
    var configuration = TrainingConfiguration(epochs: 120) { Dense(1) }
    configuration.loss = Loss.huber(delta: 1)
    configuration.optimizer = Optimizer.sgd(momentum: 0.9, nesterov: true, weightDecay: 0)
    configuration.learningRate = 0.1
    let data = try TrainingData(
      inputs: points.inputs, targets: Tensor(numbers), input: Self.table)
    let trainer = try Trainer(
      configuration, data: data, input: Self.table, classNames: [], on: ReferenceBackend())
    let program = try trainer.train().bound().bound(batch: points.count)
    let executable = try ReferenceBackend().compile(program)
    let values = try executable([points.inputs])[0].floats
    for index in 0..<points.count {
      let difference = abs(values[index] - numbers[index])
      #expect(difference < 0.5)
    }
  }

  @Test("class weights that balance make rare classes count alike")
  func balancedWeights() {
    #expect(ClassWeights.balanced.weights(labels: [0, 0, 0, 1], classCount: 2) == [2.0 / 3, 2])
  }
}

@Suite("Adversarial training")
struct AdversarialTrainingTests {
  /// The share of points that a linear model keeps for every change within ε, in closed form.
  ///
  /// The margin of (x, y) is m = (w₁ − w₀)·x + b₁ − b₀; it falls by at most ε ‖w₁ − w₀‖_q.
  private func robustShare(
    _ model: Model, _ data: TrainingData, epsilon: Float, norm: Norm
  ) throws -> Double {
    func outputs(_ inputs: Tensor) throws -> [Float] {
      let program = try model.bound().bound(batch: inputs.shape[0])
      let executable = try ReferenceBackend().compile(program)
      return try executable([inputs])[0].floats
    }
    let logits = try outputs(data.inputs)
    let offset = try outputs(Tensor([0, 0, 1, 0, 0, 1] as [Float], shape: [3, 2]))
    let margins = stride(from: 0, to: offset.count, by: 2).map { offset[$0 + 1] - offset[$0] }
    let slope = [margins[1] - margins[0], margins[2] - margins[0]]
    let length =
      norm == .linf
      ? abs(slope[0]) + abs(slope[1])
      : (slope[0] * slope[0] + slope[1] * slope[1]).squareRoot()
    let labels = data.targets.scalars(of: Int64.self)
    let kept = labels.indices.count { index in
      let margin = logits[2 * index + 1] - logits[2 * index]
      return (labels[index] == 1 ? margin : -margin) > epsilon * length
    }
    return Double(kept) / Double(labels.count)
  }

  @Test("a linear model is made provably robust", arguments: AdversarialTraining.Method.allCases)
  func toy(method: AdversarialTraining.Method) throws {
    var configuration = TrainingConfiguration(epochs: 30) { Dense(2) }
    configuration.learningRate = 0.05
    configuration.batchSize = 16
    configuration.normalization = .none
    configuration.validationFraction = 0.25
    let norm: Norm = method == .fgsm ? .l2 : .linf
    // The closest points lie 0.5 from the other class in L2, 0.35 in L∞.
    let epsilon: Float = method == .fgsm ? 0.4 : 0.3
    configuration.adversarial = AdversarialTraining(
      method: method, norm: norm, epsilon: Double(epsilon), steps: 3, warmUpEpochs: 2)
    let model = try TrainerTests.trainer(configuration, threads: 2).train()
    let data = try TrainerTests.separable(200, seed: 12)
    #expect(try robustShare(model, data, epsilon: epsilon, norm: norm) >= 0.97)
    let record = try JSONDecoder().decode(
      TrainingRecord.self, from: Data(model.trainingRecord.utf8))
    #expect(record.history.first?.epsilon ?? 1 < Double(epsilon))
    #expect(record.history.last?.validationRobustAccuracy ?? 0 >= 0.9)
  }

  @Test("steps stay in the ball and the valid range, and leave fixed columns alone")
  func stays() throws {
    let input = InputSpecification.table([
      Feature(name: "income", range: ValueRange(0...10)),
      Feature(name: "age", isMutable: false),
      Feature(name: "savings", direction: .increase),
      Feature(name: "housing", kind: .categorical, categories: ["rent", "own"]),
    ])
    let raw = Tensor(
      [0.1, 30, 5, 0, 9.9, 40, 6, 1, 5, 50, 7, 1] as [Float], shape: [3, 4])
    let data = try TrainingData(inputs: raw, targets: Tensor([Int64(0), 1, 1]), input: input)
    for norm in [Norm.linf, .l2] {
      var configuration = TrainingConfiguration(epochs: 1) { Dense(2) }
      configuration.adversarial = AdversarialTraining(
        norm: norm, epsilon: 0.5, steps: 4, stepSize: 0.4)
      let trainer = try Trainer(
        configuration, data: data, input: input, classNames: ["a", "b"], on: ReferenceBackend())
      let parameters = try trainer.network.initialParameters(seed: 0)
      let values = trainer.programs.structure.parameters.compactMap { parameters[$0.name] }
      let batch = trainer.batch([0, 1, 2], of: data, augmentedFor: nil)
      let adversarial = try #require(configuration.adversarial)
      let moved = try trainer.perturbed(
        batch, values, epsilon: 0.5, adversarial, purpose: "test", step: 0)
      let (before, after) = (batch.inputs.floats, moved.floats)
      #expect(before != after)
      for row in 0..<3 {
        let change = (0..<5).map { after[row * 5 + $0] - before[row * 5 + $0] }
        #expect(change[1] == 0 && change[3] == 0 && change[4] == 0)
        #expect(change[2] >= 0)
        #expect((0...10).contains(after[row * 5]))
        let length =
          norm == .linf
          ? max(abs(change[0]), abs(change[2]))
          : (change[0] * change[0] + change[2] * change[2]).squareRoot()
        #expect(length <= 0.5 + 1e-5)
      }
    }
  }
}
