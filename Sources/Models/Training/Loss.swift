import ConfigurationFiles
public import Programs
import Tensors

/// What a training makes small: a number per sample, never averaged over the batch here.
public enum Loss: Hashable, Sendable, Codable {
  /// −Σ q log softmax(z), with q the label's class, of which `labelSmoothing` is spread evenly.
  case crossEntropy(labelSmoothing: Double = 0)
  /// log(1 + eᶻ) − y z, the mean over the outputs; two classes may share one output.
  case binaryCrossEntropy
  /// (z − y)²
  case meanSquaredError
  /// (z − y)² / 2 up to a distance of δ, and δ (|z − y| − δ / 2) beyond.
  case huber(delta: Double = 1)

  /// Whether the targets are classes; otherwise they are numbers.
  public var isClassification: Bool {
    switch self {
    case .crossEntropy, .binaryCrossEntropy: true
    case .meanSquaredError, .huber: false
    }
  }

  /// The loss of each sample.
  ///
  /// - Shapes: outputs `[N, K]`, targets `[N]`: int64 classes or float32 numbers; result `[N]`.
  public func callAsFunction(_ outputs: Value, targets: Value) -> Value {
    switch self {
    case .crossEntropy(let smoothing):
      let logProbabilities = outputs.logSoftmax(axis: 1)
      let classes = outputs.shape[1]
      let chosen = targets.oneHot(count: classes, elementType: outputs.elementType)
      let likelihood = (logProbabilities * chosen).sum(over: [1])
      guard smoothing > 0 else { return -likelihood }
      let spread = logProbabilities.sum(over: [1]) * (smoothing / Double(classes))
      return -(likelihood * (1 - smoothing) + spread)
    case .binaryCrossEntropy:
      let labels =
        outputs.shape[1] == 1
        ? targets.converted(to: outputs.elementType).expanded(axis: 1)
        : targets.oneHot(count: outputs.shape[1], elementType: outputs.elementType)
      return (outputs.softplus() - labels * outputs).mean(over: [1])
    case .meanSquaredError:
      return (outputs - targets.expanded(axis: 1)).squared().mean(over: [1])
    case .huber(let delta):
      let distance = (outputs - targets.expanded(axis: 1)).absoluteValue()
      let near = distance.minimum(distance.scalar(delta))
      return (near * (distance - near * 0.5)).mean(over: [1])
    }
  }

  /// 1 for each sample that the outputs assign to the right class, else 0.
  func correct(_ outputs: Value, targets: Value) -> Value {
    let predicted =
      outputs.shape[1] == 1
      ? outputs.step().reshaped(to: [outputs.shape[0]]).converted(to: .int64)
      : outputs.argMax(axis: 1)
    return predicted.compare(.equal, targets).converted(to: outputs.elementType)
  }
}

extension Loss {
  private enum Name: String, CaseIterable {
    case crossEntropy = "cross-entropy"
    case binaryCrossEntropy = "binary-cross-entropy"
    case meanSquaredError = "mean-squared-error"
    case huber
  }

  /// Reads `cross-entropy`, `cross-entropy: {label-smoothing: 0.1}`, `huber: {delta: 1}`, ….
  init(_ node: ConfigurationNode) throws {
    let (nameNode, settings) = try node.named()
    switch try nameNode.choice(of: Name.self) {
    case .crossEntropy:
      let keys = try settings.settings(keys: ["label-smoothing"])
      self = .crossEntropy(labelSmoothing: try keys?.number("label-smoothing", in: 0..<1) ?? 0)
    case .binaryCrossEntropy:
      _ = try settings.settings(keys: [])
      self = .binaryCrossEntropy
    case .meanSquaredError:
      _ = try settings.settings(keys: [])
      self = .meanSquaredError
    case .huber:
      let keys = try settings.settings(keys: ["delta"])
      self = .huber(delta: try keys?.number("delta", in: 1e-9...) ?? 1)
    }
  }
}

extension ConfigurationNode {
  /// The settings behind a name, nil where there are none.
  func settings(keys: [String]) throws -> ConfigurationMapping? {
    isNull ? nil : try mapping(keys: keys)
  }
}
