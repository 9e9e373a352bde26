public import ConfigurationFiles
public import Programs

/// A simple recurrent layer: hₜ = tanh(Wₓ xₜ + bₓ + Wₕ hₜ₋₁ + bₕ).
///
/// - Shapes: `[N, T, F]` to `[N, T, units]` or `[N, units]`; twice the units if bidirectional.
/// - Source: Elman 1990; parameters as in PyTorch's `RNN` with `batch_first`.
public struct SimpleRecurrent: Layer {
  public static let kind = "simple-rnn"
  public static let prefix = "rnn"
  public var name: String?
  public var settings: RecurrentSettings
  /// Whether max(x, 0) takes the place of the hyperbolic tangent.
  public var usesRelu = false

  public init(
    _ units: Int, depth: Int = 1, bidirectional: Bool = false, returnsSequences: Bool = false,
    usesRelu: Bool = false
  ) {
    settings = RecurrentSettings(
      units, depth: depth, bidirectional: bidirectional, returnsSequences: returnsSequences)
    self.usesRelu = usesRelu
  }

  public init(_ node: ConfigurationNode) throws {
    settings = try RecurrentSettings(node)
    guard case .mapping = node.content else { return }
    let keys = try node.mapping(keys: RecurrentSettings.keys)
    name = try keys.string("name")
    guard let activation = keys["activation"] else { return }
    guard ["relu", "tanh"].contains(try activation.string()) else {
      throw activation.expected("'tanh' or 'relu'")
    }
    usesRelu = try activation.string() == "relu"
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    try settings.run(inputs, gates: 1, in: scope) { cell, steps in
      var state = cell.zeroState
      return steps.map { step in
        let sum = cell.inputs(at: step) + cell.hidden(state)
        state = usesRelu ? sum.relu() : sum.hyperbolicTangent()
        return state
      }
    }
  }
}

/// A gated recurrent layer (GRU) in the form that resets after the matrix product.
///
///     r = σ(Wᵣ x + Uᵣ h), z = σ(W_z x + U_z h), n = tanh(Wₙ x + r ∘ (Uₙ h)), h' = (1 − z) n + z h
///
/// - Shapes: `[N, T, F]` to `[N, T, units]` or `[N, units]`; twice the units if bidirectional.
/// - Source: Cho et al. 2014, arXiv:1406.1078; gates in PyTorch's order r, z, n, biases in each W, U.
public struct GatedRecurrent: Layer {
  public static let kind = "gru"
  public var name: String?
  public var settings: RecurrentSettings

  public init(
    _ units: Int, depth: Int = 1, bidirectional: Bool = false, returnsSequences: Bool = false
  ) {
    settings = RecurrentSettings(
      units, depth: depth, bidirectional: bidirectional, returnsSequences: returnsSequences)
  }

  public init(_ node: ConfigurationNode) throws {
    settings = try RecurrentSettings(node)
    name = try recurrentName(node)
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    try settings.run(inputs, gates: 3, in: scope) { cell, steps in
      var state = cell.zeroState
      return steps.map { step in
        let (fresh, kept) = (cell.inputs(at: step), cell.hidden(state))
        let reset = (cell.gate(0, of: fresh) + cell.gate(0, of: kept)).logistic()
        let update = (cell.gate(1, of: fresh) + cell.gate(1, of: kept)).logistic()
        let candidate = (cell.gate(2, of: fresh) + reset * cell.gate(2, of: kept))
          .hyperbolicTangent()
        state = candidate + update * (state - candidate)
        return state
      }
    }
  }
}

/// A layer of long short-term memory (LSTM).
///
///     c' = σ(f) c + σ(i) tanh(g),  h' = σ(o) tanh(c'),  (i, f, g, o) = W x + b + U h + d
///
/// - Shapes: `[N, T, F]` to `[N, T, units]` or `[N, units]`; twice the units if bidirectional.
/// - Source: Hochreiter and Schmidhuber 1997; gates in PyTorch's order i, f, g, o.
public struct LongShortTermMemory: Layer {
  public static let kind = "lstm"
  public var name: String?
  public var settings: RecurrentSettings

  public init(
    _ units: Int, depth: Int = 1, bidirectional: Bool = false, returnsSequences: Bool = false
  ) {
    settings = RecurrentSettings(
      units, depth: depth, bidirectional: bidirectional, returnsSequences: returnsSequences)
  }

  public init(_ node: ConfigurationNode) throws {
    settings = try RecurrentSettings(node)
    name = try recurrentName(node)
  }

  public func callAsFunction(_ inputs: Value, in scope: LayerScope) throws -> Value {
    try settings.run(inputs, gates: 4, in: scope) { cell, steps in
      var (state, memory) = (cell.zeroState, cell.zeroState)
      return steps.map { step in
        let gates = cell.inputs(at: step) + cell.hidden(state)
        let added =
          cell.gate(0, of: gates).logistic() * cell.gate(2, of: gates).hyperbolicTangent()
        memory = cell.gate(1, of: gates).logistic() * memory + added
        state = cell.gate(3, of: gates).logistic() * memory.hyperbolicTangent()
        return state
      }
    }
  }
}

private func recurrentName(_ node: ConfigurationNode) throws -> String? {
  guard case .mapping = node.content else { return nil }
  let keys = try node.mapping(keys: RecurrentSettings.keys.filter { $0 != "activation" })
  return try keys.string("name")
}

extension RecurrentSettings {
  init(_ units: Int, depth: Int, bidirectional: Bool, returnsSequences: Bool) {
    precondition(units > 0 && depth > 0, "expected positive units and depth")
    self.init(units: units)
    self.depth = depth
    isBidirectional = bidirectional
    self.returnsSequences = returnsSequences
  }
}
