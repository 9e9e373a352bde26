import Programs
import Tensors

/// A program as the nodes of an ONNX graph: one reading of it, a case a primitive.
///
/// Every case is written such that reading the file again gives the same bits on the reference
/// backend: an operator that the importer would round otherwise is not used.
final class ONNXExport {
  let program: Program
  let graph: ONNXGraphWriter
  /// The names of values that have been written, by number.
  var names: [Int: String] = [:]
  /// Values before they are repeated along axes, by the number of the repeated value.
  var compactForms: [Int: (name: String, shape: Shape)] = [:]
  /// The names of N, 2N, … as vectors of one int64, by factor.
  var batchSizes: [Int: String] = [:]
  /// Values that the operator of the equation which uses them computes along the way.
  let absorbed: Set<Int>

  /// - Throws: `InterchangeError.Fact` if names do not fit.
  init(_ program: Program, parameters: [String: Tensor]) throws {
    self.program = program
    let inputs = program.inputs.map(\.name)
    graph = ONNXGraphWriter(reserved: Set(inputs + program.outputNames))
    absorbed = program.absorbedValues
    try check(parameters)
    for (index, port) in program.inputs.enumerated() {
      names[index] = port.name
      if let tensor = parameters[port.name] {
        graph.declareWeight(port.name, tensor)
      } else {
        graph.declareInput(port.name, port.type)
      }
    }
  }

  private func check(_ parameters: [String: Tensor]) throws {
    let ports = Dictionary(
      program.inputs.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    for (name, tensor) in parameters.sorted(by: { $0.key < $1.key })
    where ports[name] != ValueType(tensor.elementType, tensor.shape) {
      throw InterchangeError.Fact.request(
        "the parameter '\(name)' has type \(ValueType(tensor.elementType, tensor.shape)), but "
          + (ports[name].map { "the program's input has type \($0)" }
            ?? "the program has no input of that name"))
    }
    let all = program.inputs.map(\.name) + program.outputNames
    for (index, name) in all.enumerated() where all[..<index].contains(name) || name.isEmpty {
      throw InterchangeError.Fact.request(
        name.isEmpty
          ? "an input or output has no name, which ONNX needs"
          : "two inputs or outputs are called '\(name)': ONNX needs different names")
    }
  }

  /// Writes every equation that the outputs depend on, in the program's order.
  func writeAll() throws {
    let needed = neededValues
    let outputs = Dictionary(
      zip(program.outputs, program.outputNames), uniquingKeysWith: { first, _ in first })
    for (index, equation) in program.equations.enumerated() {
      let value = program.inputs.count + index
      guard needed.contains(value) else { continue }
      if case .broadcast = equation.primitive, outputs[value] == nil { continue }
      try write(equation, value, output: outputs[value])
    }
    for (value, name) in zip(program.outputs, program.outputNames) {
      let made = try self.name(of: value)
      if made != name { graph.identity(made, named: name) }
      graph.declareOutput(name, program.type(of: value))
    }
  }

  func write(_ equation: Equation, _ value: Int, output: String?) throws {
    let label = "\(equation.primitive.name)_\(value)"
    if case .constant(let tensor) = equation.primitive {
      names[value] = graph.constant(tensor, named: label)
      return
    }
    names[value] = try graph.writing(output ?? label, isReserved: output != nil) {
      try nodes(for: equation, value)
    }
  }

  /// The nodes of an equation; returns the name of the result.
  private func nodes(for equation: Equation, _ value: Int) throws -> String {
    switch equation.primitive {
    case .constant(let tensor): graph.constant(tensor)
    case .dimension(let size): try dimension(size)
    case .iota(let type, let shape, let axis): try iota(type, shape, axis: axis)
    case .randomUniform:
      throw refusal(value, "ONNX has no random numbers that come out the same everywhere")
    case .unary(let function): try unary(function, equation)
    case .binary(let function): try binary(function, equation)
    case .compare(let comparison): try compare(comparison, equation)
    case .select: try select(equation)
    case .convert(let type): try convert(equation, to: type)
    // Derivatives of the file see no difference: ONNX has none.
    case .stopGradient: graph.node("Identity", [try name(of: equation.operands[0])])
    case .broadcast(let target, _): try expanded(value, to: target)
    case .reshape(let shape): try reshaped(equation, to: shape)
    case .transpose(let permutation):
      graph.node("Transpose", try operands(equation), [.ints("perm", permutation)])
    case .slice(let starts, let limits, let strides):
      try slice(equation, starts: starts, limits: limits, strides: strides)
    case .pad(let low, let high, let interior, let number):
      try pad(equation, low: low, high: high, interior: interior, value: number)
    case .concatenate(let axis): graph.node("Concat", try operands(equation), [.int("axis", axis)])
    case .reverse(let axes): try reversed(equation, axes: axes)
    case .gather(let axis): graph.node("Gather", try operands(equation), [.int("axis", axis)])
    case .gatherElements(let axis):
      graph.node("GatherElements", try operands(equation), [.int("axis", axis)])
    case .scatterAdd(let axis, _): try scatterAdd(equation, axis: axis)
    case .scatterAddElements(let axis, _): try scatterAddElements(equation, axis: axis)
    case .argMax(let axis): try argMax(equation, axis: axis)
    case .argSort(let axis, let descending):
      try argSort(equation, axis: axis, descending: descending)
    case .reduce(let reduction, let axes): try reduce(reduction, equation, axes: axes)
    case .cumulativeSum(let axis, let exclusive, let reverse):
      try cumulativeSum(equation, axis: axis, exclusive: exclusive, reverse: reverse)
    case .convolution, .matrixMultiply: try product(equation, try operands(equation))
    case .convolutionInputGradient(let geometry, let spatial):
      try convolutionInputGradient(equation, geometry, spatial: spatial)
    case .convolutionKernelGradient(let geometry, let window):
      try convolutionKernelGradient(equation, geometry, window: window)
    case .maxPool(let windows): try maxPool(equation, windows)
    case .maxPoolIndices(let windows): try maxPoolIndices(equation, windows)
    case .windowSum(let windows): try windowSum(equation, windows, of: value)
    case .windowSumGradient(let windows, let spatial):
      try windowSumGradient(equation, windows, spatial: spatial)
    }
  }

  /// Checks that a weight which no file had is not out of proportion.
  ///
  /// - Throws: `InterchangeError.Fact` if it is.
  func checkTable(_ sizes: [Int]) throws {
    let count = sizes.reduce(1) { $0 * Double($1) }
    guard count <= Double(ONNXLowering.largestTableCount) else {
      throw InterchangeError.Fact.request(
        "an ONNX file would need a table of \(count) numbers for a window or for indices")
    }
  }

  func refusal(_ value: Int, _ reason: String) -> InterchangeError.Fact {
    let name = program.equation(of: value)?.primitive.name.description ?? "input"
    return .node("value %\(value) (\(name)) cannot be written as ONNX", reason: reason)
  }
}
