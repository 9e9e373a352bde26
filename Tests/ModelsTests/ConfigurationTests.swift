import ConfigurationFiles
import Tensors
import Testing

@testable import Models

@Suite("Training configurations")
struct ConfigurationTests {
  static let text = """
    name: digits
    seed: 7
    data: {file: mnist.npz, test: 0.2}
    output: digits.safetensors
    network: [flatten, {dense: {units: 10, name: head}}]
    loss: {cross-entropy: {label-smoothing: 0.1}}
    class-weights: balanced
    optimizer: {sgd: {momentum: 0.9, nesterov: true}}
    learning-rate: 0.1
    schedule: {multi-step: {epochs: [3, 5], factor: 0.5}}
    epochs: 6
    batch-size: 100
    adversarial: {method: trades, epsilon: 0.3, steps: 7, beta: 1, epsilon-scale: std}
    validation: 0.1
    early-stopping: 3
    averaging: {exponential: 0.99}
    frozen: [head]
    """

  private func read(_ text: String) throws -> (TrainingConfiguration, TrainingFiles) {
    try TrainingConfiguration.read(ConfigurationNode(yaml: text, file: "train.yaml"))
  }

  @Test("a file says what the same settings say in Swift")
  func whole() throws {
    var expected = TrainingConfiguration(epochs: 6) {
      Flatten()
      Dense(10).named("head")
    }
    expected.name = "digits"
    expected.seed = 7
    expected.loss = .crossEntropy(labelSmoothing: 0.1)
    expected.classWeights = .balanced
    expected.optimizer = .sgd(momentum: 0.9, nesterov: true, weightDecay: 0)
    expected.learningRate = 0.1
    expected.schedule = .multiStep(epochs: [3, 5], factor: 0.5)
    expected.batchSize = 100
    expected.adversarial = AdversarialTraining(
      method: .trades, epsilon: 0.3, epsilonScale: .std, steps: 7, beta: 1)
    expected.validationFraction = 0.1
    expected.earlyStopping = EarlyStopping(patience: 3)
    expected.averaging = .exponential(decay: 0.99)
    expected.frozenLayers = ["head"]
    let (configuration, files) = try read(Self.text)
    #expect(configuration == expected)
    #expect(files.data == "mnist.npz")
    #expect(files.testFraction == 0.2)
    #expect(files.output == "digits.safetensors")
  }

  static let mistakes = [
    ("epochs: 6", "epocs: 6", "train.yaml:11:1: unknown key 'epocs'; did you mean 'epochs'?"),
    (
      "epsilon: 0.3", "epsilon: -1",
      "train.yaml:13:40: expected a number, 0.0 or more, got '-1'"
    ),
    ("dense:", "dens:", "train.yaml:5:21: unknown name 'dens'; did you mean 'dense'?"),
    ("trades", "trade", "train.yaml:13:23: unknown name 'trade'; did you mean 'trades'?"),
    (
      "validation: 0.1", "# none",
      "train.yaml:15:17: 'early-stopping' needs a share of the data for 'validation', such as 0.1"
    ),
    ("epochs: 6\n", "", "train.yaml:1:1: the key 'epochs' is missing"),
    ("seed: 7", "seed: 7\nseed: 8", "train.yaml"),
    ("name: digits", "name: {", "train.yaml"),
  ]

  @Test("mistakes are named with their place", arguments: mistakes.indices)
  func mistake(index: Int) throws {
    let (right, wrong, message) = Self.mistakes[index]
    let error = #expect(throws: ConfigurationError.self) {
      _ = try read(Self.text.replacing(right, with: wrong))
    }
    let description = error?.description ?? ""
    #expect(message.contains(": ") ? description == message : description.hasPrefix(message))
  }
}
