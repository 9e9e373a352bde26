import Programs
import Tensors

/// Why a node or layer cannot be lowered; the place is added on the way up.
struct NodeError: Error {
  var reason: String
  /// The value that must be known before the network runs, and is not.
  var unknownValue: Int?
}

/// What the lowerings of every format share: errors without a place, and checked axes.
protocol NodeCall {
  var tracer: NetworkTracer { get }
}

extension NodeCall {
  var builder: ProgramBuilder { tracer.builder }

  func error(_ reason: String) -> NodeError { NodeError(reason: reason) }

  /// - Throws: `NodeError` with the reason unless the condition holds.
  func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
    guard condition else { throw error(reason()) }
  }

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

  /// A product of sizes that a file states.
  func product(_ sizes: [Int]) throws -> Int {
    try sizes.reduce(1) { result, size in
      let (product, overflow) = result.multipliedReportingOverflow(by: size)
      try require(!overflow && size >= 0, "no tensor has axes of \(sizes)")
      return product
    }
  }

  /// A value under another shape, of which one dimension may be −1: what is left.
  func fitted(_ value: Value, to wanted: [Int]) throws -> Value {
    var dimensions = wanted
    let rest = try product(wanted.filter { $0 != -1 })
    let count = value.shape.count
    if let open = wanted.firstIndex(of: -1) {
      try require(
        rest > 0 && count % rest == 0, "\(value.type) does not fit into the shape \(wanted)")
      dimensions[open] = count / rest
    }
    return value.reshaped(to: Shape(dimensions))
  }
}

extension ProgramError {
  /// The reason alone: an equation's number says nothing about a file.
  var reasonWithoutPlace: String {
    guard case .types(_, let name, let operands, let reason) = self else { return description }
    return "\(name)(\(operands.map(\.description).joined(separator: ", "))): \(reason)"
  }
}
