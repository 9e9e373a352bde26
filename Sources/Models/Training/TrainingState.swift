import Tensors

/// Everything that changes while a network is trained; a checkpoint holds all of it.
struct TrainingState: Sendable {
  /// In the order of the network's structure.
  var parameters: [Tensor]
  /// The optimizer's tensors for each trained parameter.
  var slots: [[Tensor]]
  var average: [Tensor]?
  /// The parameters of the epoch with the smallest validation loss.
  var best: [Tensor]?
  var progress = Progress()

  struct Progress: Hashable, Sendable, Codable {
    var epoch = 0
    /// The number of updates made in this epoch.
    var step = 0
    /// The number of updates made in all.
    var updates = 0
    var sums = BatchTotals()
    var history: [EpochMetrics] = []
    var averaged = 0
    var bestLoss: Double?
    var epochsWithoutImprovement = 0
    var plateauLoss: Double?
    var plateauEpochs = 0
    /// How often the learning rate was reduced on a plateau.
    var reductions = 0
    var isStopped = false
  }

  /// The parameters that are validated: their average where there is one.
  var current: [Tensor] { average ?? parameters }

  /// The parameters of the finished training.
  func result(_ stopping: EarlyStopping?) -> [Tensor] {
    stopping?.restoresBest == true ? best ?? current : current
  }
}

/// Sums over samples, of an epoch or of a part of one.
struct BatchTotals: Hashable, Sendable, Codable {
  var loss = 0.0
  var weight = 0.0
  var correct = 0.0
  var count = 0.0

  static func += (left: inout BatchTotals, right: BatchTotals) {
    left.loss += right.loss
    left.weight += right.weight
    left.correct += right.correct
    left.count += right.count
  }

  var meanLoss: Double { weight > 0 ? loss / weight : 0 }
  var accuracy: Double { count > 0 ? correct / count : 0 }
}

/// How an epoch went: what the training record keeps of it.
public struct EpochMetrics: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var epoch: Int
  public var learningRate: Double
  /// The mean loss over the epoch, on what the network was trained on.
  public var loss: Double
  /// nil for a regression; on perturbed inputs in adversarial training.
  public var accuracy: Double?
  /// The ε at the end of the epoch; nil without adversarial training.
  public var epsilon: Double?
  public var validationLoss: Double?
  public var validationAccuracy: Double?
  /// Against the training's own attack at the full ε.
  public var validationRobustLoss: Double?
  public var validationRobustAccuracy: Double?
}

/// How far a training has come: what a progress bar shows.
public struct TrainingProgress: Hashable, Sendable {
  /// Counted from 1.
  public var epoch: Int
  public var epochs: Int
  /// The number of updates made in this epoch.
  public var step: Int
  public var steps: Int
  /// The means over the epoch so far.
  public var loss: Double
  public var accuracy: Double?
  /// How long the rest will take at the present pace, if no early stop comes; nil at the start.
  public var secondsLeft: Double?
  /// The finished epoch's measures, in the report after its last step.
  public var metrics: EpochMetrics?
}

/// How a model came about: the JSON text in its file.
public struct TrainingRecord: Hashable, Sendable, Codable {
  public var configuration: TrainingConfiguration
  /// What the data are called, and how many samples were trained and validated on.
  public var data: String
  public var trainingSamples: Int
  public var validationSamples: Int
  public var history: [EpochMetrics]
  /// The parameters that a file of initial parameters did not have, or had in another shape.
  public var newParameters: [String]
  public var versions: [String: String]
}
