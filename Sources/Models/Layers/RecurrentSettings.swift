import ConfigurationFiles
import Programs
import Tensors

/// What all recurrent layers share: they read `[N, T, features]` step by step.
public struct RecurrentSettings: Hashable, Sendable, Codable {
  public var units: Int
  /// How many recurrent layers are stacked.
  public var depth = 1
  /// Whether a second pass reads backward; its outputs follow the first's.
  public var isBidirectional = false
  /// Whether the output of every step is returned, or the last one of each pass alone.
  public var returnsSequences = false
  public var bias = true

  public init(units: Int) { self.units = units }

  init(_ settings: ConfigurationNode) throws {
    self.init(units: 1)
    if case .scalar = settings.content {
      units = try settings.integer(in: 1...)
      return
    }
    let keys = try settings.mapping(keys: Self.keys)
    units = try keys.required("units").integer(in: 1...)
    depth = try keys.integer("depth", in: 1...) ?? 1
    isBidirectional = try keys.boolean("bidirectional") ?? false
    returnsSequences = try keys.boolean("return-sequences") ?? false
    bias = try keys.boolean("bias") ?? true
  }

  static let keys = [
    "units", "depth", "bidirectional", "return-sequences", "bias", "name", "activation",
  ]
}

/// One recurrent layer read in one direction: its parameters in PyTorch's layout.
struct RecurrentCell {
  /// The inputs' part of all gates, for every step: `[N, T, gates × units]`.
  let projected: Value
  /// The weight of the hidden state, `[gates × units, units]`.
  let weight: Value
  /// Of `[gates × units]`, kept apart from the inputs' bias as PyTorch does.
  let bias: Value?
  let units: Int

  /// The hidden part of all gates for one hidden state.
  func hidden(_ state: Value) -> Value { state.linear(weight: weight, bias: bias) }

  /// Gate i of a step's `[N, gates × units]`.
  func gate(_ index: Int, of gates: Value) -> Value {
    gates.slice(axis: 1, index * units..<(index + 1) * units)
  }

  func inputs(at step: Int) -> Value { projected.select(axis: 1, step) }

  var stepCount: Int { projected.shape[1] }

  /// A state of zeros `[N, units]`.
  var zeroState: Value {
    projected.scalar(0).broadcast(to: [projected.shape[0], units])
  }
}

extension RecurrentSettings {
  /// Runs stacked, maybe bidirectional passes.
  ///
  /// `pass` gives the hidden state `[N, units]` after each of the given steps.
  func run(
    _ inputs: Value, gates: Int, in scope: LayerScope,
    pass: (RecurrentCell, [Int]) -> [Value]
  ) throws -> Value {
    guard inputs.shape.rank == 3 else {
      throw scope.error("expects inputs [N, length, features], got \(inputs.type)")
    }
    let steps = Array(0..<inputs.shape[1])
    var values = inputs
    var last: [Value] = []
    for layer in 0..<depth {
      let forward = pass(cell(values, layer, "", gates: gates, in: scope), steps)
      var directions = [forward]
      last = [forward[steps.count - 1]]
      if isBidirectional {
        let backward = pass(
          cell(values, layer, "_reverse", gates: gates, in: scope), steps.reversed())
        last.append(backward[steps.count - 1])
        directions.append(backward.reversed())
      }
      guard layer < depth - 1 || returnsSequences else { break }
      values = Value.concatenated(directions.map { Value.stacked($0, axis: 1) }, axis: 2)
    }
    return returnsSequences ? values : Value.concatenated(last, axis: 1)
  }

  private func cell(
    _ inputs: Value, _ layer: Int, _ suffix: String, gates: Int, in scope: LayerScope
  ) -> RecurrentCell {
    let initializer = Initializer.uniform(bound: 1 / Double(units).squareRoot())
    func parameter(_ name: String, _ shape: Shape) -> Value {
      scope.parameter("\(name)_l\(layer)\(suffix)", shape, initializer, like: inputs)
    }
    let inputWeight = parameter("weight_ih", [gates * units, inputs.shape[2]])
    let weight = parameter("weight_hh", [gates * units, units])
    let inputBias = bias ? parameter("bias_ih", [gates * units]) : nil
    let hiddenBias = bias ? parameter("bias_hh", [gates * units]) : nil
    return RecurrentCell(
      projected: inputs.linear(weight: inputWeight, bias: inputBias), weight: weight,
      bias: hiddenBias, units: units)
  }
}
