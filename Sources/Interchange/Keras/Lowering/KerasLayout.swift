import Programs
import Tensors

/// Keras keeps channels last, primitives expect them first. What treats each element or channel
/// alike is moved to the inner side of a transpose, so that those of neighbouring layers meet and
/// cancel.
extension Value {
  /// The operand and permutation of the transpose that made this value.
  private var transposition: (operand: Value, permutation: [Int])? {
    guard let equation = builder.equation(of: id),
      case .transpose(let permutation) = equation.primitive
    else { return nil }
    return (builder.value(equation.operands[0]), permutation)
  }

  /// A function that treats each element alike.
  func elementwise(_ function: (Value) throws -> Value) rethrows -> Value {
    guard let (operand, permutation) = transposition else { return try function(self) }
    return try function(operand).transposed(permutation)
  }

  /// A function that treats each index of one axis alike; it receives the axis.
  func along(axis: Int, _ function: (Value, Int) throws -> Value) rethrows -> Value {
    guard let (operand, permutation) = transposition else { return try function(self, axis) }
    return try function(operand, permutation[axis]).transposed(permutation)
  }

  /// A function of the elements of several values of one shape in one place.
  static func elementwise(_ values: [Value], _ function: ([Value]) throws -> Value) rethrows
    -> Value
  {
    let moved = values.compactMap(\.transposition)
    guard moved.count == values.count, let permutation = moved.first?.permutation,
      moved.allSatisfy({
        $0.permutation == permutation && $0.operand.shape == moved[0].operand.shape
      })
    else { return try function(values) }
    return try function(moved.map(\.operand)).transposed(permutation)
  }
}

extension KerasCall {
  /// Whether channels are the last axis of the layer's input, which is the rule.
  var isChannelsLast: Bool {
    configuration.text("data_format").map { $0 != "channels_first" } ?? true
  }

  /// Applies a function to the layer's input as `[N, C, spatial…]`; it is given the sizes of the
  /// spatial axes too, of which there are `rank`.
  func spatially(_ rank: Int, _ function: (Value, [Int]) throws -> Value) throws -> Value {
    let value = try real(rank: rank + 2)
    let first = isChannelsLast ? value.transposed(Value.channelsFirst(rank)) : value
    let spatial = try (0..<rank).map { try fixedSize(of: first, axis: $0 + 2) }
    let result = try function(first, spatial)
    try require(
      result.shape.rank == rank + 2, "does not fit an input of \(value.type)")
    return isChannelsLast ? result.transposed(Value.channelsLast(rank)) : result
  }
}

extension Value {
  /// The permutation of `[N, spatial…, C]` to `[N, C, spatial…]`.
  static func channelsFirst(_ rank: Int) -> [Int] { [0, rank + 1] + (1..<rank + 1) }

  /// The permutation back.
  static func channelsLast(_ rank: Int) -> [Int] { [0] + (2..<rank + 2) + [1] }
}
