public import ConfigurationFiles
public import Programs

/// Adds what layers make of the inputs to the inputs: y = x + f(x), or P(x) + f(x).
///
/// - Source: He et al. 2016, arXiv:1512.03385, equations 1 and 2.
public struct Residual: Layer {
  public static let kind = "residual"
  public var name: String?
  public var body: LayerSequence
  /// What the inputs go through; empty for the identity.
  public var projection: LayerSequence

  public init(
    @LayerBuilder _ body: () -> [any Layer],
    @LayerBuilder projection: () -> [any Layer] = { [] }
  ) {
    self.body = LayerSequence(body())
    self.projection = LayerSequence(projection())
  }

  public init(_ settings: ConfigurationNode) throws {
    guard case .mapping = settings.content else {
      body = try LayerSequence(settings)
      projection = LayerSequence()
      return
    }
    let keys = try settings.mapping(keys: ["layers", "projection", "name"])
    body = try LayerSequence(keys.required("layers"))
    projection = try keys["projection"].map { try LayerSequence($0) } ?? LayerSequence()
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let changed = try body(inputs, in: scope)
    let kept = try projection(inputs, in: scope)
    guard kept.shape == changed.shape else {
      throw scope.error(
        "the layers make \(changed.type) of \(inputs.type): they need a projection that does too")
    }
    return kept + changed
  }
}
