import Foundation
import Tensors

@testable import Interchange

extension RecurrentCase {
  /// Y, Y_h and Y_c for the operands of the case.
  func expected() -> [Tensor] {
    var oracle = RecurrentOracle(self)
    for direction in 0..<directions {
      for sample in 0..<samples { oracle.run(direction: direction, sample: sample) }
    }
    return oracle.results()
  }
}

/// The equations of the standard, as they stand there.
private struct RecurrentOracle {
  let example: RecurrentCase
  let tensors: [String: Tensor]
  let names: [String]
  var outputs: [[Int]: Double] = [:]
  var states: [[Int]: Double] = [:]
  var memories: [[Int]: Double] = [:]

  init(_ example: RecurrentCase) {
    self.example = example
    tensors = Dictionary(uniqueKeysWithValues: example.operands.map { ($0.name, $0.tensor) })
    let standard = Array(["Sigmoid", "Tanh", "Tanh"].prefix(example.kind.functions))
    names =
      example.functions
      ?? Array(
        repeating: example.kind == .simple ? ["Tanh"] : standard, count: example.directions
      ).flatMap { $0 }
  }

  /// An element; 0 where the operand is left out.
  func element(_ name: String, _ index: [Int]) -> Double {
    guard let tensor = tensors[name] else { return 0 }
    return tensor.doubles[zip(index, tensor.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
  }

  func state(_ name: String, _ direction: Int, _ sample: Int, _ unit: Int) -> Double {
    element(name, example.isBatchFirst ? [sample, direction, unit] : [direction, sample, unit])
  }

  func activated(_ function: Int, _ direction: Int, _ value: Double) -> Double {
    var x = value
    if let clip = example.clip, function < 2 { x = min(max(x, -clip), clip) }
    return switch names[direction * example.kind.functions + function] {
    case "Relu": max(x, 0)
    case "Tanh": tanh(x)
    case "Sigmoid": 1 / (1 + exp(-x))
    case "Affine": x
    case "LeakyRelu": x < 0 ? Double(Float(0.01)) * x : x
    case "ThresholdedRelu": x >= 1 ? x : 0
    case "ScaledTanh": tanh(x)
    case "HardSigmoid": min(max(0.2 * x + 0.5, 0), 1)
    case "Elu": x < 0 ? exp(x) - 1 : x
    case "Softsign": x / (1 + abs(x))
    case "Softplus": log(1 + exp(x))
    default: .nan
    }
  }

  mutating func run(direction: Int, sample: Int) {
    let isReversed = example.direction == "reverse" || direction == 1
    let length = example.lengths?[sample] ?? example.steps
    let units = 0..<example.hidden
    var hidden = units.map { state("initial_h", direction, sample, $0) }
    var memory = units.map { state("initial_c", direction, sample, $0) }
    for time in isReversed ? (0..<length).reversed() : Array(0..<length) {
      let step = Step(
        oracle: self, direction: direction, sample: sample, time: time, hidden: hidden,
        memory: memory)
      (hidden, memory) = step.next()
      for unit in units { outputs[[time, direction, sample, unit]] = hidden[unit] }
    }
    for unit in units {
      states[[direction, sample, unit]] = hidden[unit]
      memories[[direction, sample, unit]] = memory[unit]
    }
  }

  func results() -> [Tensor] {
    let (count, samples, hidden) = (example.directions, example.samples, example.hidden)
    let isBatchFirst = example.isBatchFirst
    func tensor(_ shape: [Int], _ element: ([Int]) -> Double) -> Tensor {
      var values: [Double] = []
      for position in 0..<shape.reduce(1, *) {
        var (rest, index) = (position, [Int]())
        for size in shape.reversed() {
          index.insert(rest % size, at: 0)
          rest /= size
        }
        values.append(element(index))
      }
      return Tensor(values, shape: Shape(shape))
    }
    func last(_ values: [[Int]: Double]) -> Tensor {
      tensor(isBatchFirst ? [samples, count, hidden] : [count, samples, hidden]) { index in
        values[isBatchFirst ? [index[1], index[0], index[2]] : index] ?? .nan
      }
    }
    let whole =
      isBatchFirst
      ? [samples, example.steps, count, hidden] : [example.steps, count, samples, hidden]
    let sequence = tensor(whole) { index in
      outputs[isBatchFirst ? [index[1], index[2], index[0], index[3]] : index] ?? 0
    }
    return [sequence, last(states)] + (example.kind == .memory ? [last(memories)] : [])
  }
}

/// A step of one sample in one direction.
private struct Step {
  let oracle: RecurrentOracle
  let direction: Int
  let sample: Int
  let time: Int
  let hidden: [Double]
  let memory: [Double]

  var example: RecurrentCase { oracle.example }
  var units: Range<Int> { 0..<example.hidden }

  func next() -> (hidden: [Double], memory: [Double]) {
    switch example.kind {
    case .simple: (units.map { activated(0, input(0, $0) + recurrent(0, $0)) }, memory)
    case .gated: (gated(), memory)
    case .memory: memorised()
    }
  }

  private func activated(_ function: Int, _ value: Double) -> Double {
    oracle.activated(function, direction, value)
  }

  private func row(_ gate: Int, _ unit: Int) -> Int { gate * example.hidden + unit }

  private func inputBias(_ gate: Int, _ unit: Int) -> Double {
    oracle.element("B", [direction, row(gate, unit)])
  }

  private func recurrentBias(_ gate: Int, _ unit: Int) -> Double {
    oracle.element("B", [direction, (example.kind.gates + gate) * example.hidden + unit])
  }

  /// X W + Wb of a unit.
  private func input(_ gate: Int, _ unit: Int) -> Double {
    (0..<example.features).reduce(inputBias(gate, unit)) { sum, feature in
      let place = example.isBatchFirst ? [sample, time, feature] : [time, sample, feature]
      return sum + oracle.element("X", place)
        * oracle.element("W", [direction, row(gate, unit), feature])
    }
  }

  /// H R + Rb of a unit; each element of H may be scaled before.
  private func recurrent(_ gate: Int, _ unit: Int, scale: [Double]? = nil) -> Double {
    units.reduce(recurrentBias(gate, unit)) { sum, other in
      sum + hidden[other] * (scale?[other] ?? 1)
        * oracle.element("R", [direction, row(gate, unit), other])
    }
  }

  private func gated() -> [Double] {
    let update = units.map { activated(0, input(0, $0) + recurrent(0, $0)) }
    let reset = units.map { activated(0, input(1, $0) + recurrent(1, $0)) }
    return units.map { unit in
      let candidate =
        example.isLinearFirst
        ? input(2, unit) + reset[unit] * recurrent(2, unit)
        : input(2, unit) + recurrent(2, unit, scale: reset)
      return (1 - update[unit]) * activated(1, candidate) + update[unit] * hidden[unit]
    }
  }

  private func memorised() -> (hidden: [Double], memory: [Double]) {
    func peephole(_ place: Int, _ unit: Int, _ memory: Double) -> Double {
      oracle.element("P", [direction, place * example.hidden + unit]) * memory
    }
    var (next, output) = (memory, hidden)
    for unit in units {
      let gates = (0..<4).map { input($0, unit) + recurrent($0, unit) }
      let entry = activated(0, gates[0] + peephole(0, unit, memory[unit]))
      let forget =
        example.isCoupled ? 1 - entry : activated(0, gates[2] + peephole(2, unit, memory[unit]))
      next[unit] = forget * memory[unit] + entry * activated(1, gates[3])
      let exit = activated(0, gates[1] + peephole(1, unit, next[unit]))
      output[unit] = exit * activated(2, next[unit])
    }
    return (output, next)
  }
}
