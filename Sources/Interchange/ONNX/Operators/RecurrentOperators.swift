import Programs
import Tensors

/// Recurrent layers, unrolled over their steps.
///
/// With `clip` the sums that enter the gates are bounded, but not the memory of an LSTM that enters
/// its last activation: the standard leaves that open, and ONNX Runtime has it so.
///
/// - Source: https://onnx.ai/onnx/operators/onnx__LSTM.html and its neighbours. Where a sample is
///   shorter than the sequence, Y is 0 after its end and the last states are those at its end, as in
///   ONNX Runtime.
enum RecurrentOperators {
  static let all: [ONNXOperator] = [
    ONNXOperator("RNN", since: 7, lower: simple),
    ONNXOperator("GRU", since: 7, lower: gatedUnit),
    ONNXOperator("LSTM", since: 7, lower: longShortTermMemory),
  ]

  /// The layer H ← f(x Wᵀ + H Rᵀ + bias).
  private static func simple(_ call: ONNXCall) throws -> [Operand?] {
    let recurrence = try Recurrence(call, gates: 1, activations: ["Tanh"])
    let runs = try (0..<recurrence.directions).map { direction in
      let activation = recurrence.activations[direction][0]
      let weight = try recurrence.recurrentWeight(direction: direction)
      let bias = try recurrence.bias(direction: direction).map { $0 + $1 }
      return try recurrence.run(
        direction: direction,
        product: recurrence.inputProduct(direction: direction, bias: bias), states: [5]
      ) { rows, states in
        let sum = rows + states[0].linear(weight: weight)
        return [activation(recurrence.clipped(sum))]
      }
    }
    return recurrence.results(runs)
  }

  /// Update gate z, reset gate r and candidate h, in this order.
  ///
  ///     z, r = f(x Wᵀ + H Rᵀ + bias)
  ///     h = g(x Whᵀ + (r H) Rhᵀ + bias), or g(x Whᵀ + Wbh + r (H Rhᵀ + Rbh)) with
  ///         linear_before_reset
  ///     H ← (1 − z) h + z H
  private static func gatedUnit(_ call: ONNXCall) throws -> [Operand?] {
    let recurrence = try Recurrence(call, gates: 3, activations: ["Sigmoid", "Tanh"])
    let isLinearFirst = try call.flag("linear_before_reset")
    let runs = try (0..<recurrence.directions).map { direction in
      let cell = try GatedUnit(recurrence, direction: direction, isLinearFirst: isLinearFirst)
      return try recurrence.run(
        direction: direction,
        product: recurrence.inputProduct(direction: direction, bias: cell.inputBias), states: [5]
      ) { rows, states in [cell.next(rows, states[0])] }
    }
    return recurrence.results(runs)
  }

  /// Input gate i, output gate o, forget gate f and cell candidate c, in this order.
  ///
  ///     i, f = f(x Wᵀ + H Rᵀ + P C + bias), f = 1 − i with input_forget
  ///     C ← f C + i g(x Wcᵀ + H Rcᵀ + bias)
  ///     o = f(x Woᵀ + H Roᵀ + Po C + bias) with the new C
  ///     H ← o h(C)
  private static func longShortTermMemory(_ call: ONNXCall) throws -> [Operand?] {
    let recurrence = try Recurrence(call, gates: 4, activations: ["Sigmoid", "Tanh", "Tanh"])
    let isCoupled = try call.flag("input_forget")
    let runs = try (0..<recurrence.directions).map { direction in
      let cell = try LongShortTermMemory(recurrence, direction: direction, isCoupled: isCoupled)
      let bias = try recurrence.bias(direction: direction).map { $0 + $1 }
      return try recurrence.run(
        direction: direction,
        product: recurrence.inputProduct(direction: direction, bias: bias), states: [5, 6]
      ) { rows, states in cell.next(rows, hidden: states[0], memory: states[1]) }
    }
    return recurrence.results(runs)
  }
}

/// One direction of a GRU.
private struct GatedUnit {
  private let recurrence: Recurrence
  private let activations: [RecurrentActivation]
  /// The recurrent weight of z and r, with that of h if it is applied before the reset.
  private let weight: Value
  /// The recurrent weight of h, if it is applied after the reset.
  private let candidateWeight: Value?
  /// What is added to the input product of all steps.
  let inputBias: Value?
  /// With `linear_before_reset`, what is added to the candidate's recurrent product.
  private let candidateBias: Value?

  init(_ recurrence: Recurrence, direction: Int, isLinearFirst: Bool) throws {
    let (gates, all) = (2 * recurrence.hidden, 3 * recurrence.hidden)
    let whole = try recurrence.recurrentWeight(direction: direction)
    self.recurrence = recurrence
    activations = recurrence.activations[direction]
    weight = isLinearFirst ? whole : whole.slice(axis: 0, 0..<gates)
    candidateWeight = isLinearFirst ? nil : whole.slice(axis: 0, gates..<all)
    guard let bias = try recurrence.bias(direction: direction) else {
      (inputBias, candidateBias) = (nil, nil)
      return
    }
    guard isLinearFirst else {
      (inputBias, candidateBias) = (bias.input + bias.recurrent, nil)
      return
    }
    let recurrent = bias.recurrent.slice(axis: 0, 0..<gates).padded(low: [0], high: [all - gates])
    inputBias = bias.input + recurrent
    candidateBias = bias.recurrent.slice(axis: 0, gates..<all)
  }

  func next(_ rows: Value, _ state: Value) -> Value {
    let width = recurrence.hidden
    let product = state.linear(weight: weight)
    let sums = rows.slice(axis: 1, 0..<2 * width) + product.slice(axis: 1, 0..<2 * width)
    let gates = activations[0](recurrence.clipped(sums))
    let (update, reset) = (recurrence.gate(gates, 0), recurrence.gate(gates, 1))
    let candidate = recurrence.gate(rows, 2) + recurrent(product, reset, state)
    let fresh = activations[1](recurrence.clipped(candidate))
    return fresh + update * (state - fresh)
  }

  /// The part of the candidate that comes from the state.
  private func recurrent(_ product: Value, _ reset: Value, _ state: Value) -> Value {
    if let candidateWeight { return (reset * state).linear(weight: candidateWeight) }
    let linear = recurrence.gate(product, 2)
    return reset * (candidateBias.map { linear + $0 } ?? linear)
  }
}

/// One direction of an LSTM.
private struct LongShortTermMemory {
  private let recurrence: Recurrence
  private let activations: [RecurrentActivation]
  private let weight: Value
  private let isCoupled: Bool
  /// The weights of C in the gates i, o and f, each `[H]`.
  private let peepholes: [Value]?

  init(_ recurrence: Recurrence, direction: Int, isCoupled: Bool) throws {
    let width = recurrence.hidden
    self.recurrence = recurrence
    self.isCoupled = isCoupled
    activations = recurrence.activations[direction]
    weight = try recurrence.recurrentWeight(direction: direction)
    peepholes = try recurrence.weights(7, direction: direction, like: [3 * width]).map { all in
      (0..<3).map { all.slice(axis: 0, $0 * width..<($0 + 1) * width) }
    }
  }

  func next(_ rows: Value, hidden: Value, memory: Value) -> [Value] {
    let sums = rows + hidden.linear(weight: weight)
    let fresh = activations[1](recurrence.clipped(recurrence.gate(sums, 3)))
    let next: Value
    let output: Value
    if peepholes == nil {
      // The three gates lie side by side and take one activation.
      let gates = activations[0](
        recurrence.clipped(sums.slice(axis: 1, 0..<3 * recurrence.hidden)))
      next = mixed(
        recurrence.gate(gates, 0), isCoupled ? nil : recurrence.gate(gates, 2), memory, fresh)
      output = recurrence.gate(gates, 1)
    } else {
      next = mixed(
        gate(0, sums, memory), isCoupled ? nil : gate(2, sums, memory), memory, fresh)
      output = gate(1, sums, next)
    }
    return [output * activations[2](next), next]
  }

  /// A gate that sees the memory.
  private func gate(_ index: Int, _ sums: Value, _ memory: Value) -> Value {
    let sum = recurrence.gate(sums, index)
    return activations[0](
      recurrence.clipped(peepholes.map { sum + $0[index] * memory } ?? sum))
  }

  /// The next memory; the forget gate is 1 − i where there is none of its own.
  private func mixed(_ input: Value, _ forget: Value?, _ memory: Value, _ fresh: Value) -> Value {
    guard let forget else { return memory + input * (fresh - memory) }
    return forget * memory + input * fresh
  }
}
