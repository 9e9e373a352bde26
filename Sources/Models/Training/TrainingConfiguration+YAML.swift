public import ConfigurationFiles

/// What a configuration file says beside the training itself: where data come from and go to.
public struct TrainingFiles: Hashable, Sendable, Codable {
  public var data: String
  public var schema: String?
  /// The share of the samples that is never trained on.
  public var testFraction = 0.0
  /// Where the model is written.
  public var output: String?
}

extension TrainingConfiguration {
  static let keys = [
    "name", "seed", "data", "output", "network", "normalization", "from", "frozen", "loss",
    "class-weights", "optimizer", "learning-rate", "schedule", "warm-up-epochs",
    "gradient-clip", "epochs", "batch-size", "micro-batch", "augmentation", "adversarial",
    "validation", "early-stopping", "averaging", "checkpoint-steps",
  ]

  /// Reads a configuration file.
  ///
  ///     name: digits
  ///     data: {file: mnist.npz, schema: mnist.yaml, test: 0.2}      # or just the file
  ///     output: digits.safetensors
  ///     network:
  ///       - convolution: {channels: 16, kernel: 5, padding: 2}
  ///       - relu
  ///       - max-pool: 2
  ///       - flatten
  ///       - dense: 10
  ///     loss: cross-entropy
  ///     optimizer: {sgd: {momentum: 0.9, nesterov: true}}
  ///     learning-rate: 0.1
  ///     schedule: cosine
  ///     epochs: 20
  ///     batch-size: 100
  ///     augmentation: {shift: 2, rotation: 10, scale: 0.1}
  ///     adversarial: {method: pgd, epsilon: 0.3, steps: 7, warm-up-epochs: 5}
  ///
  /// - Throws: `ConfigurationError` with file, line and column.
  public static func read(_ file: String) throws -> (TrainingConfiguration, TrainingFiles) {
    try read(ConfigurationNode(file: file))
  }

  public static func read(
    _ node: ConfigurationNode
  ) throws -> (TrainingConfiguration, TrainingFiles) {
    let keys = try node.mapping(keys: Self.keys)
    var result = TrainingConfiguration(
      epochs: try keys.required("epochs").integer(in: 1...100_000),
      network: try LayerSequence(keys.required("network")))
    try result.readModel(keys)
    try result.readUpdates(keys)
    try result.readBatches(keys)
    return (result, try TrainingFiles(keys))
  }

  private mutating func readModel(_ keys: ConfigurationMapping) throws {
    name = try keys.string("name") ?? name
    seed = UInt64(try keys.integer("seed", in: 0...) ?? 0)
    normalization = try keys.choice("normalization", of: InputScaling.Method.self) ?? .automatic
    initialFile = try keys.string("from")
    frozenLayers = try keys["frozen"]?.items.map { try $0.string() } ?? []
  }

  private mutating func readUpdates(_ keys: ConfigurationMapping) throws {
    loss = try keys["loss"].map(Loss.init) ?? loss
    classWeights = try keys["class-weights"].map(ClassWeights.init) ?? .equal
    optimizer = try keys["optimizer"].map(Optimizer.init) ?? optimizer
    learningRate = try keys.number("learning-rate", in: 0...)
    schedule = try keys["schedule"].map(LearningRateSchedule.init) ?? schedule
    warmUpEpochs = try keys.number("warm-up-epochs", in: 0...) ?? 0
    gradientClip = try keys.number("gradient-clip", in: 1e-12...)
    averaging = try keys["averaging"].map(WeightAveraging.init)
  }

  private mutating func readBatches(_ keys: ConfigurationMapping) throws {
    batchSize = try keys.integer("batch-size", in: 1...1 << 20) ?? batchSize
    microBatch = try keys.integer("micro-batch", in: 1...1 << 20)
    augmentation = try keys["augmentation"].map(Augmentation.init)
    adversarial = try keys["adversarial"].map(AdversarialTraining.init)
    validationFraction = try keys.number("validation", in: 0..<1) ?? 0
    earlyStopping = try keys["early-stopping"].map(EarlyStopping.init)
    checkpointSteps = try keys.integer("checkpoint-steps", in: 1...)
    var needsValidation = earlyStopping == nil ? nil : "early-stopping"
    if case .plateau = schedule { needsValidation = "schedule" }
    if let key = needsValidation, validationFraction == 0, let node = keys[key] {
      throw node.error(.invalid("'\(key)' needs a share of the data for 'validation', such as 0.1"))
    }
  }
}

extension TrainingFiles {
  fileprivate init(_ keys: ConfigurationMapping) throws {
    output = try keys.string("output")
    let node = try keys.required("data")
    if case .scalar = node.content {
      data = try node.string()
      return
    }
    let keys = try node.mapping(keys: ["file", "schema", "test"])
    data = try keys.required("file").string()
    schema = try keys.string("schema")
    testFraction = try keys.number("test", in: 0..<1) ?? 0
  }
}

extension ClassWeights {
  fileprivate init(_ node: ConfigurationNode) throws {
    guard case .list(let items) = node.content else {
      switch try node.string() {
      case "equal": self = .equal
      case "balanced": self = .balanced
      default: throw node.expected("'balanced', 'equal' or a list of numbers")
      }
      return
    }
    self = .given(try items.map { try $0.number(in: 0...) })
  }
}

extension EarlyStopping {
  fileprivate init(_ node: ConfigurationNode) throws {
    if case .scalar = node.content {
      self.init(patience: try node.integer(in: 0...))
      return
    }
    let keys = try node.mapping(keys: ["patience", "minimum-improvement", "restore-best"])
    self.init(
      patience: try keys.required("patience").integer(in: 0...),
      minimumImprovement: try keys.number("minimum-improvement", in: 0...) ?? 0,
      restoresBest: try keys.boolean("restore-best") ?? true)
  }
}

extension WeightAveraging {
  /// Reads `exponential: 0.999` or `stochastic: 10`.
  fileprivate init(_ node: ConfigurationNode) throws {
    let (name, settings) = try node.named()
    switch try name.string() {
    case "exponential": self = .exponential(decay: try settings.number(in: 0..<1))
    case "stochastic": self = .stochastic(fromEpoch: try settings.integer(in: 0...))
    case let other:
      throw name.error(.unknownName(other, known: ["exponential", "stochastic"]))
    }
  }
}
