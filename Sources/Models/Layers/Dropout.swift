public import ConfigurationFiles
public import Programs
import Tensors

/// Sets elements to zero at random while training and enlarges the others to make up for it.
///
/// - Source: Srivastava et al. 2014, Journal of Machine Learning Research 15, section 10.
public struct Dropout: Layer {
  public static let kind = "dropout"
  public var name: String?
  /// The probability of a zero.
  public var rate: Double

  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "expected a rate from 0 to below 1, got \(rate)")
    self.rate = rate
  }

  public init(_ settings: ConfigurationNode) throws {
    if case .scalar = settings.content {
      rate = try settings.number(in: 0..<1)
      return
    }
    let keys = try settings.mapping(keys: ["rate", "name"])
    rate = try keys.required("rate").number(in: 0..<1)
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard scope.mode == .training, rate > 0 else { return inputs }
    let dropped = scope.uniform(inputs.shape, like: inputs).compare(
      .less, inputs.builder.constant(Tensor(rate)))
    return dropped.select(inputs.scalar(0), inputs / (1 - rate))
  }
}
