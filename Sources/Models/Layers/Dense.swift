public import ConfigurationFiles
public import Programs
import Tensors

/// A fully connected layer: y = x Wᵀ + b over the last axis.
///
/// - Shapes: `[N, …, in]` to `[N, …, units]`; weight `[units, in]`, bias `[units]`.
public struct Dense: Layer {
  public static let kind = "dense"
  public var name: String?
  public var units: Int
  public var bias = true
  public var initialization = WeightInitialization.standard

  public init(
    _ units: Int, bias: Bool = true, initialization: WeightInitialization = .standard
  ) {
    precondition(units > 0, "expected at least one unit, got \(units)")
    self.units = units
    self.bias = bias
    self.initialization = initialization
  }

  public init(_ settings: ConfigurationNode) throws {
    if case .scalar = settings.content {
      units = try settings.integer(in: 1...)
      return
    }
    let keys = try settings.mapping(keys: ["units", "bias", "initialization", "name"])
    units = try keys.required("units").integer(in: 1...)
    bias = try keys.boolean("bias") ?? true
    initialization = try keys.choice("initialization", of: WeightInitialization.self) ?? .standard
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    guard inputs.shape.rank >= 2, let width = inputs.shape.dimensions.last else {
      throw scope.error("expects inputs [N, …, features], got \(inputs.type)")
    }
    let shape: Shape = [units, width]
    let weight = scope.parameter("weight", shape, initialization.weight, like: inputs)
    let offset =
      bias
      ? scope.parameter(
        "bias", [units], initialization.bias(besideWeight: shape), like: inputs) : nil
    return inputs.linear(weight: weight, bias: offset)
  }
}
