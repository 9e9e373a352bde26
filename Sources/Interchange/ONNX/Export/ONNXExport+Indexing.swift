import Programs
import Tensors

extension ONNXExport {
  /// Sums at indices: the axes of the indices become one, along which elements are scattered.
  func scatterAdd(_ equation: Equation, axis: Int) throws -> String {
    let indices = type(of: equation.operands[0]).shape
    let updates = type(of: equation.operands[1]).shape
    let count = indices.count
    var joined = updates.dimensions
    joined.replaceSubrange(axis..<axis + indices.rank, with: [count])
    var line = Shape(joined.map { _ in 1 })
    line[axis] = count
    let rows = try reshaped(try name(of: equation.operands[0]), from: indices, to: line)
    let wanted = joined.indices.map { $0 == axis ? 1 : joined[$0] }
    let places = graph.node("Expand", [rows, try sizes(wanted)])
    let values = try reshaped(
      try name(of: equation.operands[1]), from: updates, to: Shape(joined))
    return try scattered(values, at: places, equation.type, axis: axis)
  }

  func scatterAddElements(_ equation: Equation, axis: Int) throws -> String {
    let names = try operands(equation)
    return try scattered(names[1], at: names[0], equation.type, axis: axis)
  }

  private func scattered(
    _ updates: String, at indices: String, _ type: ValueType, axis: Int
  ) throws -> String {
    let zeros = graph.node(
      "Expand", [graph.scalar(0, type.elementType), try sizes(type.shape.dimensions)])
    return graph.node(
      "ScatterElements", [zeros, indices, updates],
      [.int("axis", axis), .string("reduction", "add")])
  }

  /// An operand that is ordered: the standard orders numbers, not bools.
  private func ordered(_ equation: Equation) throws -> String {
    let value = try name(of: equation.operands[0])
    let isBool = type(of: equation.operands[0]).elementType == .bool
    return isBool ? cast(value, to: .uint8) : value
  }

  /// What other programs make of NaN, which is the largest number here, the standard leaves open.
  func argMax(_ equation: Equation, axis: Int) throws -> String {
    graph.node(
      "ArgMax", [try ordered(equation)], [.int("axis", axis), .flag("keepdims", false)])
  }

  /// All elements of an axis, the largest or smallest first; of equal ones the first comes first.
  ///
  /// Where NaN comes, last here, the standard leaves open.
  func argSort(_ equation: Equation, axis: Int, descending: Bool) throws -> String {
    let count = try sizes([equation.type.shape[axis]])
    return graph.nodes(
      "TopK", [try ordered(equation), count],
      [.int("axis", axis), .flag("largest", descending)], results: 2)[1]
  }

  func reduce(_ reduction: Reduction, _ equation: Equation, axes: [Int]) throws -> String {
    let operand = try name(of: equation.operands[0])
    let source = type(of: equation.operands[0])
    guard !axes.isEmpty else { return operand }
    // The standard does not say what the maximum of nothing is.
    if axes.contains(where: { source.shape[$0] == 0 }) {
      let number =
        reduction == .sum || source.elementType == .uint8
        ? Tensor(0, elementType: source.elementType)
        : Tensor(-Double.infinity).converted(to: source.elementType)
      return graph.node(
        "Expand", [graph.constant(number), try sizes(equation.type.shape.dimensions)])
    }
    let inputs = { [self] (value: String) in [value, graph.integers(axes)] }
    switch reduction {
    case .maximum: return graph.node("ReduceMax", inputs(operand), [.flag("keepdims", false)])
    case .sum:
      return summed(operand, source.elementType) {
        graph.node("ReduceSum", inputs($0), [.flag("keepdims", false)])
      }
    }
  }

  func cumulativeSum(
    _ equation: Equation, axis: Int, exclusive: Bool, reverse: Bool
  ) throws -> String {
    summed(try name(of: equation.operands[0]), equation.type.elementType) {
      graph.node(
        "CumSum", [$0, graph.scalar(Double(axis), .int64)],
        [.flag("exclusive", exclusive), .flag("reverse", reverse)])
    }
  }

  /// A sum; the standard has none of uint8 numbers, which wraps around.
  private func summed(
    _ value: String, _ type: ElementType, _ sum: (String) -> String
  ) -> String {
    type == .uint8 ? wrapped(sum(cast(value, to: .int64)), to: .uint8) : sum(value)
  }
}
