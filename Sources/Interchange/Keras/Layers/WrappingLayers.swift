import Programs
import Tensors

/// Layers that apply another layer.
enum WrappingLayers {
  static let all: [KerasLayerKind] = [
    KerasLayerKind("TimeDistributed", lower: distributed),
    KerasLayerKind("Bidirectional", lower: bidirectional),
  ]

  /// A layer applied to each step: steps become samples.
  private static func distributed(_ call: KerasCall) throws -> [KerasTensor] {
    guard let inner = try call.layer.inner() else { throw call.error("wraps no layer") }
    let input = try call.input()
    let dimensions = input.value.shape.dimensions
    try call.require(dimensions.count >= 3, "expects steps, got \(input.value.type)")
    let count = try call.fixedSize(of: input.value, axis: 1)
    let samples = input.value.reshaped(
      to: Shape([dimensions[0] * count] + dimensions.dropFirst(2)))
    let results = try call.call(inner, call.weights.part("layer"), [KerasTensor(samples)])
    return results.map { result in
      KerasTensor(
        result.value.reshaped(
          to: Shape([dimensions[0], count] + result.value.shape.dimensions.dropFirst())),
        mask: input.mask)
    }
  }

  /// A recurrent layer in both directions.
  private static func bidirectional(_ call: KerasCall) throws -> [KerasTensor] {
    guard let forward = try call.layer.inner() else { throw call.error("wraps no layer") }
    let backward = try call.layer.inner("backward_layer") ?? forward.reversed
    let states = call.keywords["initial_state"]?.tensors ?? Array(call.inputs.dropFirst())
    func run(_ layer: KerasLayer, _ name: String, _ index: Int) throws -> [KerasTensor] {
      let half = states.count / 2
      let own = states[half * index..<half * (index + 1)].map(KerasInput.tensor)
      return try call.call(
        layer, call.weights.part(name, index, of: 2), [call.input()],
        keywords: own.isEmpty ? [:] : ["initial_state": .list(own)])
    }
    let there = try run(forward, "forward_layer", 0)
    let back = try run(backward, "backward_layer", 1)
    let returnsAll = forward.configuration.flag("return_sequences", default: false)
    let last = returnsAll ? back[0].value.reversed(axes: [1]) : back[0].value
    let merged = try merge(call, there[0].value, last)
    return merged.map { KerasTensor($0, mask: there[0].mask) } + there.dropFirst()
      + back.dropFirst()
  }

  private static func merge(
    _ call: KerasCall, _ forward: Value, _ backward: Value
  ) throws -> [Value] {
    switch call.configuration.text("merge_mode") {
    case "concat":
      return [Value.concatenated([forward, backward], axis: forward.shape.rank - 1)]
    case "sum": return [forward + backward]
    case "mul": return [forward * backward]
    case "ave": return [(forward + backward) * 0.5]
    case nil: return [forward, backward]
    case let mode?: throw call.error("the merge mode '\(mode)' is not supported")
    }
  }
}

extension KerasLayer {
  /// The same layer over the steps in reverse.
  fileprivate var reversed: KerasLayer {
    var result = self
    result.configuration = configuration.replacing(
      "go_backwards", with: .flag(!configuration.flag("go_backwards", default: false)))
    return result
  }
}
