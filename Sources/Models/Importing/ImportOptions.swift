public import Tensors

/// How a network from another tool is to be used.
public struct ImportOptions: Sendable {
  /// How the axes of a sample lie in the network's input.
  public enum Arrangement: String, Hashable, Sendable, CaseIterable {
    /// As the input's shape suggests.
    case automatic
    /// Channels before positions, as in the data.
    case channelsFirst = "channels-first"
    /// Positions before channels.
    case channelsLast = "channels-last"
    /// The input has no batch axis: one sample is all of it.
    case unbatched
  }

  /// Which place of a sequence of outputs counts, where a sample has one at every place.
  public enum Position: Hashable, Sendable {
    case first
    case last
    case mean
    case index(Int)
  }

  /// What the samples are; the network's input takes their encoded form.
  public var sample: InputSpecification
  /// What reports call the model.
  public var name: String
  /// The input that samples go to; nil where there is only one without a value.
  public var input: String?
  /// The output that is audited; nil: the first that can be.
  public var output: String?
  /// The values of other inputs.
  public var fixedInputs: [String: Tensor]
  /// The names of the classes, as many as the output has; empty where the file or a number must do.
  public var classNames: [String]
  /// What the output means, where the file leaves it open.
  public var task: Model.Task?
  public var arrangement: Arrangement
  /// Where a sample's outputs are taken from, if they form a sequence.
  public var position: Position?
  /// A normalisation before the network, which becomes part of the program.
  public var scaling: InputScaling?
  /// Whether the output turned out to hold probabilities, although nothing in the file says so.
  var assumesProbabilities = false

  public init(
    sample: InputSpecification, name: String, input: String? = nil, output: String? = nil,
    fixedInputs: [String: Tensor] = [:], classNames: [String] = [], task: Model.Task? = nil,
    arrangement: Arrangement = .automatic, position: Position? = nil,
    scaling: InputScaling? = nil
  ) {
    self.sample = sample
    self.name = name
    self.input = input
    self.output = output
    self.fixedInputs = fixedInputs
    self.classNames = classNames
    self.task = task
    self.arrangement = arrangement
    self.position = position
    self.scaling = scaling
  }
}
