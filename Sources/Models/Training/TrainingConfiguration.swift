import Tensors

/// Everything that decides the result of a training but the data.
///
/// `read(_:)` reads it from a configuration file.
public struct TrainingConfiguration: Hashable, Sendable, Codable {
  /// What reports call the model.
  public var name = "model"
  public var seed: UInt64 = 0
  public var network: LayerSequence
  public var normalization = InputScaling.Method.automatic
  /// A file of parameters to begin with: those of the same name and shape are taken.
  public var initialFile: String?
  /// The names of the layers that keep their parameters.
  public var frozenLayers: [String] = []

  public var loss = Loss.crossEntropy()
  public var classWeights = ClassWeights.equal
  public var optimizer = Optimizer.adam()
  /// nil for the optimizer's usual one.
  public var learningRate: Double?
  public var schedule = LearningRateSchedule.constant
  /// Over how many epochs the learning rate rises from 0 before the schedule alone decides.
  public var warmUpEpochs = 0.0
  /// The largest Euclidean length of the gradient of all parameters; longer ones are shortened.
  public var gradientClip: Double?

  public var epochs: Int
  public var batchSize = 64
  /// How many samples a worker takes at a time; nil for an even share of the batch, at most 32.
  public var microBatch: Int?
  public var augmentation: Augmentation?
  public var adversarial: AdversarialTraining?

  /// The share of the training data that is kept apart to validate.
  public var validationFraction = 0.0
  public var earlyStopping: EarlyStopping?
  public var averaging: WeightAveraging?
  /// After how many updates within an epoch a checkpoint is written; nil for epochs alone.
  public var checkpointSteps: Int?

  public init(epochs: Int, network: LayerSequence) {
    self.epochs = epochs
    self.network = network
  }

  public init(epochs: Int, @LayerBuilder network: () -> [any Layer]) {
    self.init(epochs: epochs, network: LayerSequence(network()))
  }
}

/// How much each class counts in the loss.
public enum ClassWeights: Hashable, Sendable, Codable {
  case equal
  /// N / (K · N_k): every class counts alike, however rare it is.
  case balanced
  case given([Double])

  /// The weight of each class for the labels of the training data.
  func weights(labels: [Int64], classCount: Int) -> [Float] {
    switch self {
    case .equal: return [Float](repeating: 1, count: classCount)
    case .given(let weights): return weights.map { Float($0) }
    case .balanced:
      var counts = [Int](repeating: 0, count: classCount)
      for label in labels { counts[Int(label)] += 1 }
      return counts.map {
        $0 == 0 ? 0 : Float(Double(labels.count) / Double(classCount * $0))
      }
    }
  }
}

/// Ends a training when the validation loss no longer falls.
public struct EarlyStopping: Hashable, Sendable, Codable {
  /// How many epochs without improvement are allowed.
  public var patience: Int
  /// What counts as an improvement.
  public var minimumImprovement = 0.0
  /// Whether the parameters of the best epoch are returned, or the last ones.
  public var restoresBest = true

  public init(patience: Int, minimumImprovement: Double = 0, restoresBest: Bool = true) {
    self.patience = patience
    self.minimumImprovement = minimumImprovement
    self.restoresBest = restoresBest
  }
}

/// An average of the parameters over the training, which is what is validated and returned.
public enum WeightAveraging: Hashable, Sendable, Codable {
  /// After each update: a ← decay · a + (1 − decay) · p.
  case exponential(decay: Double)
  /// The mean over the ends of the epochs from this one on, counted from 0.
  ///
  /// - Source: Izmailov et al. 2018, arXiv:1803.05407.
  case stochastic(fromEpoch: Int)
}
