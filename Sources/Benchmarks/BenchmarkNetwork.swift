package import Models
package import Tensors

/// A network that is timed, with random parameters that are the same at every start.
package struct BenchmarkNetwork: Sendable {
  package let name: String
  package let network: Network
  package let input: InputSpecification
  package let classCount: Int
  /// The number of samples that a user hands over at a time.
  package var batch: Int

  package static let all = [perceptron, convolutions, residual, tabular, recurrent]

  /// 784-256-128-10.
  static let perceptron = BenchmarkNetwork(
    "mlp", InputSpecification(layout: .array, shape: [784], range: ValueRange(0...1)), classes: 10
  ) {
    Dense(256)
    Relu()
    Dense(128)
    Relu()
    Dense(10)
  }

  /// Two 5 × 5 convolutions of 32 and 64 channels, each with pooling, then 1024 units.
  static let convolutions = BenchmarkNetwork("mnist_cnn", .image([1, 28, 28]), classes: 10) {
    Convolution(32, kernel: 5, padding: 2)
    Relu()
    MaxPool(2)
    Convolution(64, kernel: 5, padding: 2)
    Relu()
    MaxPool(2)
    Flatten()
    Dense(1024)
    Relu()
    Dense(10)
  }

  /// ResNet-18 for 32 × 32 pixels: a 3 × 3 stem, no max pooling, batch normalisation folded.
  ///
  /// - Source: He et al. 2016, arXiv:1512.03385; the stem as is usual for CIFAR-10.
  static let residual = BenchmarkNetwork(
    "resnet18_cifar", .image([3, 32, 32]), classes: 10, batch: 64
  ) {
    Convolution(64, kernel: 3, padding: 1)
    Relu()
    block(64)
    block(64)
    block(128, isSmaller: true)
    block(128)
    block(256, isSmaller: true)
    block(256)
    block(512, isSmaller: true)
    block(512)
    GlobalAveragePool()
    Dense(10)
  }

  /// Two 3 × 3 convolutions with their inputs added; half the size if `isSmaller`.
  @LayerBuilder
  private static func block(_ channels: Int, isSmaller: Bool = false) -> [any Layer] {
    Residual {
      Convolution(channels, kernel: 3, stride: isSmaller ? 2 : 1, padding: 1)
      Relu()
      Convolution(channels, kernel: 3, padding: 1)
    } projection: {
      if isSmaller { Convolution(channels, kernel: 1, stride: 2) }
    }
    Relu()
  }

  /// 30-64-32-2.
  static let tabular = BenchmarkNetwork(
    "tabular", InputSpecification(layout: .array, shape: [30], range: ValueRange(0...1)), classes: 2
  ) {
    Dense(64)
    Relu()
    Dense(32)
    Relu()
    Dense(2)
  }

  /// 140 steps of one number through an LSTM of 64 units; the last state to 5 classes.
  static let recurrent = BenchmarkNetwork(
    "lstm", InputSpecification(layout: .array, shape: [140, 1], range: ValueRange(0...1)),
    classes: 5
  ) {
    LongShortTermMemory(64)
    Dense(5)
  }

  private init(
    _ name: String, _ input: InputSpecification, classes: Int, batch: Int = 256,
    @LayerBuilder _ layers: () -> [any Layer]
  ) {
    self.name = name
    self.input = input
    self.batch = batch
    classCount = classes
    network = Network(input: input.shape, layers)
  }

  var classNames: [String] { (0..<classCount).map { "class \($0)" } }

  /// What the parameters are drawn with.
  static let seed: UInt64 = 1

  /// The network with its initial parameters.
  func model() throws -> Model {
    try network.model(
      name: name, input: input, classNames: classNames,
      parameters: network.initialParameters(seed: Self.seed))
  }

  /// Inputs that are uniform in the valid range.
  func inputs(_ count: Int) -> Tensor {
    var random = RandomStream(seed: 2, purpose: name)
    return random.uniform([count] + input.shape)
  }
}
