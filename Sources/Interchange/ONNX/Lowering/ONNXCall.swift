import Programs
import Tensors

/// A node that is being lowered: what an operator's lowering sees.
struct ONNXCall {
  let node: ONNXNode
  /// The version of the node's domain.
  let opset: Int
  /// The inputs; nil where an optional one is left out.
  let inputs: [Operand?]
  let lowering: ONNXLowering
  /// Where the subgraphs of the node find outer values.
  let scope: ONNXScope

  var tracer: NetworkTracer { lowering.tracer }
  var builder: ProgramBuilder { lowering.tracer.builder }

  /// An error at this node; the place is added on the way up.
  func error(_ reason: String) -> ONNXNodeError { ONNXNodeError(reason: reason) }

  /// - Throws: `ONNXNodeError` with the reason unless the condition holds.
  func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
    guard condition else { throw error(reason()) }
  }

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

  private func unknown(_ index: Int) -> ONNXNodeError {
    let name = node.input.indices.contains(index) ? node.input[index] : ""
    return ONNXNodeError(
      reason: "input \(index), '\(name)', must be known before the model runs, "
        + "but depends on its inputs",
      unknownValue: (try? input(index))?.id)
  }

  // MARK: Axes

  /// An axis that may be counted from the end.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw error("axis \(axis) does not exist in a value of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }

  func axes(_ axes: [Int], rank: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, rank: rank) }
    try require(Set(result).count == result.count, "axes \(axes) repeat")
    return result
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

/// Why a node cannot be lowered, without the place.
struct ONNXNodeError: Error {
  var reason: String
  /// The value that must be known and is not.
  var unknownValue: Int?
}
