import TestSupport
import Tensors

@testable import Interchange

/// A recurrent node with its operands, and what it must give, from the equations of the standard:
/// one sample, one unit and one step at a time, in double precision.
struct RecurrentCase: CustomStringConvertible, Sendable {
  enum Kind: String, Sendable {
    case simple = "RNN"
    case gated = "GRU"
    case memory = "LSTM"

    var gates: Int { self == .simple ? 1 : self == .gated ? 3 : 4 }
    var functions: Int { self == .simple ? 1 : self == .gated ? 2 : 3 }
  }

  var kind: Kind
  var direction = "forward"
  var isBatchFirst = false
  var clip: Double?
  var isCoupled = false
  var isLinearFirst = false
  var hasPeepholes = false
  var hasBias = true
  var hasInitialState = true
  var lengths: [Int]?
  /// Names with a function for the oracle; nil for the standard's.
  var functions: [String]?

  let steps = 3
  let samples = 2
  let features = 2
  let hidden = 2
  var directions: Int { direction == "bidirectional" ? 2 : 1 }

  var description: String {
    "\(kind.rawValue) \(direction)\(isBatchFirst ? " batch first" : "")"
      + "\(clip.map { " clip \($0)" } ?? "")\(isCoupled ? " coupled" : "")"
      + "\(isLinearFirst ? " linear first" : "")\(hasPeepholes ? " peepholes" : "")"
      + "\(hasBias ? "" : " no bias")\(hasInitialState ? "" : " no state")"
      + "\(lengths.map { " lengths \($0)" } ?? "")\(functions.map { " \($0)" } ?? "")"
  }

  // MARK: The model

  /// The float64 operands that the node takes, by the names of the standard.
  var operands: [(name: String, tensor: Tensor)] {
    let (gates, count) = (kind.gates * hidden, directions)
    func sample(_ name: String, _ shape: Shape) -> (name: String, tensor: Tensor) {
      (name, SampleValues.uniform(shape, .float64, from: -1.5, to: 1.5, purpose: name))
    }
    let state: Shape = isBatchFirst ? [samples, count, hidden] : [count, samples, hidden]
    var result = [
      sample("X", isBatchFirst ? [samples, steps, features] : [steps, samples, features]),
      sample("W", [count, gates, features]), sample("R", [count, gates, hidden]),
    ]
    if hasBias { result.append(sample("B", [count, 2 * gates])) }
    if hasInitialState { result.append(sample("initial_h", state)) }
    if hasInitialState && kind == .memory { result.append(sample("initial_c", state)) }
    if hasPeepholes { result.append(sample("P", [count, 3 * hidden])) }
    return result
  }

  var sketch: GraphSketch {
    let operands = operands
    func given(_ name: String) -> String {
      operands.contains { $0.name == name } || (name == "lengths" && lengths != nil) ? name : ""
    }
    let names = ["X", "W", "R", "B", "lengths", "initial_h", "initial_c", "P"].map(given)
    var outputs = ["Y", "Y_h"]
    if kind == .memory { outputs.append("Y_c") }
    return GraphSketch(
      inputs: operands.map { ($0.name, .double, $0.tensor.shape) },
      weights: lengths.map { [("lengths", Tensor($0.map { Int32($0) }), .int32)] } ?? [],
      nodes: [
        NodeSketch(
          kind.rawValue, kind == .memory ? names : Array(names.prefix(6)), outputs, attributes)
      ],
      outputs: outputs)
  }

  private var attributes: [String: NodeSketch.Attribute] {
    var result: [String: NodeSketch.Attribute] = [
      "direction": .string(direction), "hidden_size": .int(hidden),
      "layout": .int(isBatchFirst ? 1 : 0),
    ]
    if let clip { result["clip"] = .float(Float(clip)) }
    if isCoupled { result["input_forget"] = .int(1) }
    if isLinearFirst { result["linear_before_reset"] = .int(1) }
    if let functions { result["activations"] = .strings(functions) }
    return result
  }
}
