import Programs
import Tensors

/// Recurrent layers, unrolled over their steps.
enum RecurrentLayers {
  static let all: [KerasLayerKind] = [
    KerasLayerKind("SimpleRNN") { try KerasRecurrence(call: $0, cell: SimpleCell($0)).run() },
    KerasLayerKind("GRU") { try KerasRecurrence(call: $0, cell: GatedCell($0)).run() },
    KerasLayerKind("LSTM") { try KerasRecurrence(call: $0, cell: LongCell($0)).run() },
  ]
}

/// The weights that every cell has, and its activations.
private struct CellWeights {
  let call: KerasCall
  let kernel: Value
  let recurrentKernel: Value
  let bias: Value?
  let units: Int

  /// The weights of a cell with so many matrices side by side in each kernel.
  init(_ call: KerasCall, gates: Int) throws {
    let cell = KerasCall(
      layer: call.layer, arguments: call.arguments, keywords: call.keywords,
      weights: call.weights.part("cell"), lowering: call.lowering)
    self.call = call
    kernel = try cell.weight(0, "kernel", rank: 2)
    recurrentKernel = try cell.weight(1, "recurrent kernel", rank: 2)
    bias = call.configuration.flag("use_bias", default: true) ? try cell.weight(2, "bias") : nil
    units = recurrentKernel.shape[0]
    let width = gates * units
    try call.require(
      kernel.shape[1] == width && recurrentKernel.shape[1] == width
        && bias?.shape[bias.map { $0.shape.rank - 1 } ?? 0] ?? width == width,
      "kernels \(kernel.type) and \(recurrentKernel.type) do not fit \(gates) gates")
  }

  func activation(_ value: Value) throws -> Value { try call.activated(value) }

  func gate(_ value: Value) throws -> Value {
    try call.activated(value, "recurrent_activation")
  }

  /// One gate's columns of a value of all gates.
  func part(_ index: Int, of value: Value) -> Value {
    value.slice(axis: value.shape.rank - 1, units * index..<units * (index + 1))
  }
}

/// h′ = f(x W + h U + b).
private struct SimpleCell: KerasCell {
  private let weights: CellWeights
  let stateCount = 1
  var units: Int { weights.units }

  init(_ call: KerasCall) throws { weights = try CellWeights(call, gates: 1) }

  func projected(_ inputs: Value) -> Value {
    let product = inputs.matrixMultiplied(by: weights.kernel)
    return weights.bias.map { product + $0 } ?? product
  }

  func step(_ projected: Value, _ states: [Value]) throws -> [Value] {
    [
      try weights.activation(
        projected + states[0].matrixMultiplied(by: weights.recurrentKernel))
    ]
  }
}

/// A gated recurrent unit with the gates z, r and the candidate h̃.
///
///     z = σ(x W_z + h U_z + b_z),  r = σ(x W_r + h U_r + b_r)
///     h̃ = f(x W_h + b_h + r (h U_h + c_h))    with `reset_after`
///     h̃ = f(x W_h + b_h + (r h) U_h)          without
///     h′ = z h + (1 − z) h̃
///
/// - Source: Cho et al. 2014, arXiv:1406.1078, version 3 and version 1.
private struct GatedCell: KerasCell {
  private let weights: CellWeights
  private let resetsAfter: Bool
  let stateCount = 1
  var units: Int { weights.units }

  init(_ call: KerasCall) throws {
    weights = try CellWeights(call, gates: 3)
    let hasTwoBiases = weights.bias?.shape.rank == 2
    resetsAfter = call.configuration.flag("reset_after", default: hasTwoBiases)
    try call.require(
      weights.bias == nil || hasTwoBiases == resetsAfter, "the bias does not fit 'reset_after'")
  }

  /// The bias of the inputs, and with `reset_after` that of the state.
  private func bias(_ index: Int) -> Value? {
    guard let bias = weights.bias else { return nil }
    return resetsAfter ? bias.select(axis: 0, index) : (index == 0 ? bias : nil)
  }

  func projected(_ inputs: Value) -> Value {
    let product = inputs.matrixMultiplied(by: weights.kernel)
    return bias(0).map { product + $0 } ?? product
  }

  func step(_ projected: Value, _ states: [Value]) throws -> [Value] {
    let state = states[0]
    let kernel = weights.recurrentKernel
    let part = weights.part
    let update: Value
    let candidate: Value
    if resetsAfter {
      let product = state.matrixMultiplied(by: kernel)
      let recurrent = bias(1).map { product + $0 } ?? product
      update = try weights.gate(part(0, projected) + part(0, recurrent))
      let reset = try weights.gate(part(1, projected) + part(1, recurrent))
      candidate = try weights.activation(part(2, projected) + reset * part(2, recurrent))
    } else {
      update = try weights.gate(
        part(0, projected) + state.matrixMultiplied(by: part(0, kernel)))
      let reset = try weights.gate(
        part(1, projected) + state.matrixMultiplied(by: part(1, kernel)))
      candidate = try weights.activation(
        part(2, projected) + (reset * state).matrixMultiplied(by: part(2, kernel)))
    }
    return [update * state + (1 - update) * candidate]
  }
}

/// A long short-term memory with the gates i, f, o and the candidate c̃.
///
///     i, f, o = σ(x W + h U + b),  c̃ = g(x W_c + h U_c + b_c)
///     c′ = f c + i c̃,  h′ = o g(c′)
///
/// - Source: Hochreiter and Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735.
private struct LongCell: KerasCell {
  private let weights: CellWeights
  let stateCount = 2
  var units: Int { weights.units }

  init(_ call: KerasCall) throws { weights = try CellWeights(call, gates: 4) }

  func projected(_ inputs: Value) -> Value {
    let product = inputs.matrixMultiplied(by: weights.kernel)
    return weights.bias.map { product + $0 } ?? product
  }

  func step(_ projected: Value, _ states: [Value]) throws -> [Value] {
    let gates = projected + states[0].matrixMultiplied(by: weights.recurrentKernel)
    let input = try weights.gate(weights.part(0, of: gates))
    let forget = try weights.gate(weights.part(1, of: gates))
    let candidate = try weights.activation(weights.part(2, of: gates))
    let output = try weights.gate(weights.part(3, of: gates))
    let memory = forget * states[1] + input * candidate
    return [output * (try weights.activation(memory)), memory]
  }
}
