import Programs
import Tensors

/// A node that is being lowered: what an operator's lowering sees.
struct ONNXCall: NodeCall {
  let node: ONNXNode
  /// The version of the node's domain.
  let opset: Int
  /// The inputs; nil where an optional one is left out.
  let inputs: [Operand?]
  let lowering: ONNXLowering
  /// Where the subgraphs of the node find outer values.
  let scope: ONNXScope

  var tracer: NetworkTracer { lowering.tracer }

  // MARK: Inputs

  func has(_ index: Int) -> Bool { inputs.indices.contains(index) && inputs[index] != nil }

  func operand(_ index: Int) throws -> Operand {
    guard inputs.indices.contains(index), let operand = inputs[index] else {
      throw error("input \(index) is missing")
    }
    return operand
  }

  func input(_ index: Int) throws -> Value { try operand(index).value }

  func optionalInput(_ index: Int) -> Value? {
    inputs.indices.contains(index) ? inputs[index]?.value : nil
  }

  /// All inputs that are there, in order.
  var values: [Value] { inputs.compactMap { $0?.value } }

  /// A floating-point input.
  func real(_ index: Int) throws -> Value {
    let value = try input(index)
    try require(
      value.elementType.isFloatingPoint, "input \(index) has type \(value.type), not real numbers")
    return value
  }

  /// An input that must be known before the model runs, as whole numbers.
  func integers(_ index: Int) throws -> [Int] {
    let value = try input(index)
    guard let known = tracer.known(value) else { throw unknown(index) }
    guard let numbers = known.dimensions else {
      throw error(
        "input \(index) depends on the number of samples in a way that no shape can state")
    }
    return numbers.map(Self.bounded)
  }

  func optionalIntegers(_ index: Int) throws -> [Int]? { has(index) ? try integers(index) : nil }

  /// An input that must be known before the model runs.
  func tensor(_ index: Int) throws -> Tensor {
    guard let known = tracer.known(try input(index)), known.alternative == nil else {
      throw unknown(index)
    }
    return known.tensor
  }

  func optionalTensor(_ index: Int) throws -> Tensor? { has(index) ? try tensor(index) : nil }

  /// An input that must be known, as real numbers.
  func reals(_ index: Int) throws -> [Double] { try tensor(index).doubles }

  private func unknown(_ index: Int) -> NodeError {
    let name = node.input.indices.contains(index) ? node.input[index] : ""
    return NodeError(
      reason: "input \(index), '\(name)', must be known before the model runs, "
        + "but depends on its inputs",
      unknownValue: (try? input(index))?.id)
  }

  // MARK: Results

  /// The outputs that the node names.
  var outputCount: Int { node.output.count }

  func isWanted(_ output: Int) -> Bool {
    node.output.indices.contains(output) && !node.output[output].isEmpty
  }

  /// A scalar of a value's element type.
  func scalar(_ number: Double, like value: Value) -> Value { value.scalar(number) }

  func constant(_ tensor: Tensor) -> Value { builder.constant(tensor) }
}
