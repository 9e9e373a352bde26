import Interchange
import Programs
import Tensors

/// How an output of a network becomes logits, or a value.
struct OutputAdaptation {
  /// The value of the network's program that is used: the output, or what its last activation takes.
  let source: Int
  let head: Head
  let classNames: [String]
  let task: Model.Task
  /// What a reader should know about the choice.
  let note: String?

  enum Head: Hashable {
    case logits
    /// z becomes (0, z), whose softmax is the logistic function of z.
    case binary
    /// p becomes log p.
    case logarithm
    /// p becomes (log (1 − p), log p).
    case binaryLogarithm
    case value
  }

  /// The smallest probability that is told from none.
  private static let smallestProbability = 1e-12

  /// Finds out what an output means.
  ///
  /// - Parameters:
  ///   - network: The network, with the chosen output as its only one.
  ///   - width: How many numbers a sample has in it.
  ///   - options: What the caller knows.
  /// - Throws: `ModelError` if classes and numbers do not agree.
  init(_ network: ImportedNetwork, width: Int, options: ImportOptions) throws {
    let name = network.program.outputNames[0]
    let output = network.program.outputs[0]
    let isBinary = width == 1
    switch network.origins[0] {
    case .softmax(let logits):
      (source, head) = (logits, .logits)
      note =
        "The output '\(name)' ends in a softmax: the model is attacked and explained through the "
        + "logits before it."
    case .logistic(let logits):
      (source, head) = (logits, isBinary ? .binary : .logits)
      note =
        "The output '\(name)' ends in a logistic function: the model is attacked and explained "
        + "through what goes into it"
        + (isBinary ? "." : "; the class with the largest value counts as predicted.")
    case .probabilities:
      (source, head) = (output, isBinary ? .binaryLogarithm : .logarithm)
      note = "The output '\(name)' holds probabilities: their logarithms count as logits."
    case .plain where options.assumesProbabilities:
      (source, head) = (output, .logarithm)
      note =
        "The output '\(name)' holds probabilities, as the samples show: their logarithms count as "
        + "logits."
    case .plain:
      let isClassification = options.task == .classification || options.classNames.count == 2
      source = output
      head = isBinary ? (isClassification ? .binary : .value) : .logits
      note = nil
    }
    task = head == .value || options.task == .regression ? .regression : .classification
    classNames = task == .regression ? [] : try Self.names(isBinary ? 2 : width, network, options)
  }

  private static func names(
    _ count: Int, _ network: ImportedNetwork, _ options: ImportOptions
  ) throws -> [String] {
    var stated = options.classNames.isEmpty ? network.classNames ?? [] : options.classNames
    // The file knows the order of its outputs.
    if let known = network.classNames, Set(known) == Set(stated) { stated = known }
    guard stated.count <= count else {
      throw ModelError(
        .outputs(
          expected: "a number for each of \(stated.count) classes",
          got: "\(count) in '\(network.program.outputNames[0])'"))
    }
    return stated + (stated.count..<count).map(String.init)
  }

  /// The numbers of each sample as logits or as a value.
  ///
  /// - Shapes: `[N, width]` to `[N, classes]`, or `[N, 1]` for a value.
  func callAsFunction(_ outputs: Value) -> Value {
    switch head {
    case .logits, .value: return outputs
    case .binary: return Value.concatenated([outputs * 0, outputs], axis: 1)
    case .logarithm: return Self.logarithm(outputs)
    case .binaryLogarithm:
      return Value.concatenated(
        [Self.logarithm(1 - outputs), Self.logarithm(outputs)], axis: 1)
    }
  }

  private static func logarithm(_ probabilities: Value) -> Value {
    probabilities.maximum(probabilities.scalar(smallestProbability)).logarithm()
  }
}
