public import ConfigurationFiles
public import Programs
import Tensors

/// Multi-head self-attention: each position looks at all positions of its sample.
///
///     softmax(Q Kᵀ / √d) V in each head, then a linear map of all heads
///
/// - Shapes: `[N, T, E]` kept; in_proj_weight `[3E, E]`, in_proj_bias `[3E]`,
///   out_proj.weight `[E, E]`, out_proj.bias `[E]`.
/// - Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.
public struct SelfAttention: Layer {
  public static let kind = "self-attention"
  public static let prefix = "attention"
  public var name: String?
  public var heads: Int
  public var bias = true

  public init(heads: Int, bias: Bool = true) {
    self.heads = heads
    self.bias = bias
  }

  public init(_ settings: ConfigurationNode) throws {
    let keys = try settings.mapping(keys: ["heads", "bias", "name"])
    heads = try keys.required("heads").integer(in: 1...)
    bias = try keys.boolean("bias") ?? true
    name = try keys.string("name")
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    let shape = inputs.shape
    guard shape.rank == 3, shape[2] % heads == 0 else {
      throw scope.error(
        "expects inputs [N, length, width] with a width that \(heads) heads divide, got "
          + "\(inputs.type)")
    }
    let width = shape[2]
    let inWeight = scope.parameter(
      "in_proj_weight", [3 * width, width], WeightInitialization.xavierUniform.weight,
      like: inputs)
    let inBias = bias ? scope.parameter("in_proj_bias", [3 * width], .zeros, like: inputs) : nil
    let outWeight = scope.parameter(
      "out_proj.weight", [width, width], WeightInitialization.standard.weight, like: inputs)
    let outBias = bias ? scope.parameter("out_proj.bias", [width], .zeros, like: inputs) : nil
    let projected = inputs.linear(weight: inWeight, bias: inBias)
    let (queries, keys, values) = (
      head(projected, 0, width), head(projected, 1, width), head(projected, 2, width)
    )
    let scores =
      queries.matrixMultiplied(by: keys, transposeRight: true)
      / Double(width / heads).squareRoot()
    let mixed = scores.softmax(axis: 3).matrixMultiplied(by: values)
    return mixed.transposed([0, 2, 1, 3]).reshaped(to: shape).linear(
      weight: outWeight, bias: outBias)
  }

  /// Part 0, 1 or 2 of `[N, T, 3E]` as `[N, heads, T, E / heads]`.
  private func head(_ projected: Value, _ part: Int, _ width: Int) -> Value {
    let shape = projected.shape
    return projected.slice(axis: 2, part * width..<(part + 1) * width)
      .reshaped(to: [shape[0], shape[1], heads, width / heads])
      .transposed([0, 2, 1, 3])
  }
}
