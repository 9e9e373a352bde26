import Programs
import Tensors

/// Tensors in which some places are replaced, or combined with updates.
enum ScatterOperators {
  static let all: [ONNXOperator] = [
    .value("Scatter", since: 9, lower: scatterElements),
    .value("ScatterElements", since: 11, lower: scatterElements),
    .value("ScatterND", since: 11) { call in
      let value = try call.input(0)
      let places = try IndexTuples(call, call.input(1), into: value.shape)
      let width = value.shape.dimensions.dropFirst(places.indexedAxes).reduce(1, *)
      let rows = Rows(call: call, value: value.reshaped(to: [places.count, width]))
      let updates = try call.input(2).reshaped(to: [places.flat.shape[0], width])
      return try rows.scattered(updates, at: places.flat).reshaped(to: value.shape)
    },
  ]

  private static func scatterElements(_ call: ONNXCall) throws -> Value {
    let (value, indices, updates) = try (call.input(0), call.input(1), call.input(2))
    let axis = try call.axis(call.int("axis", default: 0), rank: value.shape.rank)
    try call.require(
      indices.shape == updates.shape && indices.shape.rank == value.shape.rank,
      "expects indices and updates of one shape and rank \(value.shape.rank), "
        + "got \(indices.type) and \(updates.type)")
    let builder = value.builder
    var flat = builder.constant(Tensor([Int64(0)], shape: [])).broadcast(to: indices.shape)
    for position in 0..<value.shape.rank {
      let index =
        position == axis
        ? indices.indices(intoAxisOf: value.length(of: axis))
        : builder.append(.iota(.int64, indices.shape, axis: position), [])
      flat = flat * value.length(of: position) + index
    }
    let rows = Rows(call: call, value: value.reshaped(to: [value.shape.count, 1]))
    return try rows.scattered(
      updates.reshaped(to: [updates.shape.count, 1]), at: flat.reshaped(to: [updates.shape.count])
    ).reshaped(to: value.shape)
  }
}

/// Rows of a matrix, some of which receive updates.
private struct Rows {
  let call: ONNXCall
  let value: Value

  /// The rows combined with updates as the node's reduction says; without one the last wins.
  func scattered(_ updates: Value, at indices: Value) throws -> Value {
    guard value.shape.count > 0, updates.shape.count > 0 else { return value }
    switch try call.string("reduction", default: "none") {
    case "none": return replaced(by: updates, at: SortedIndices(indices))
    case "add": return value + sums(updates, at: indices)
    case "mul": return try combined(updates, at: indices) { $0 * $1 }
    case "min": return try combined(updates, at: indices) { $0.minimum($1) }
    case "max": return try combined(updates, at: indices) { $0.maximum($1) }
    case let name: throw call.error("there is no reduction '\(name)'")
    }
  }

  private func combined(
    _ updates: Value, at indices: Value, _ combine: (Value, Value) -> Value
  ) throws -> Value {
    let order = SortedIndices(indices)
    try call.require(
      !Shape.isSymbolic(indices.shape[0]),
      "cannot combine updates whose number depends on that of the samples")
    let sorted = order.accumulated(updates.gather(order.order, axis: 0), combine)
    let results = combine(value.gather(order.indices, axis: 0), sorted)
    return replaced(bySorted: results, order)
  }

  private func replaced(by updates: Value, at order: SortedIndices) -> Value {
    replaced(bySorted: updates.gather(order.order, axis: 0), order)
  }

  /// The rows with the last update of each index in their place.
  private func replaced(bySorted updates: Value, _ order: SortedIndices) -> Value {
    let isLast = order.isLast.reshaped(to: [order.isLast.shape[0], 1])
    let zero = updates.scalar(0)
    let type = updates.elementType
    let last = type == .bool ? isLast.and(updates) : isLast.select(updates, zero)
    let mask = sums(order.isLast.converted(to: .float32), at: order.indices)
    let isReplaced = mask.scalar(0).compare(.less, mask).reshaped(to: [mask.shape[0], 1])
    return isReplaced.select(sums(last, at: order.indices).converted(to: type), value)
  }

  /// The sums of updates by index; integers are added as float64, exact below 2⁵³.
  private func sums(_ updates: Value, at indices: Value) -> Value {
    let type = updates.elementType
    let real = type.isFloatingPoint ? updates : updates.converted(to: .float64)
    return indices.apply(.scatterAdd(axis: 0, count: value.shape[0]), real).converted(to: type)
  }
}

/// A vector of indices in ascending order, equal ones in the order in which they came.
private struct SortedIndices {
  let order: Value
  let indices: Value
  /// Whether an index is the last of its kind.
  let isLast: Value

  init(_ indices: Value) {
    order = indices.argSort(axis: 0)
    self.indices = indices.gather(order, axis: 0)
    let position = indices.builder.append(.iota(.int64, indices.shape, axis: 0), [])
    let end = indices.length(of: 0) - 1
    let next = self.indices.gather((position + 1).minimum(end), axis: 0)
    isLast = self.indices.compare(.equal, next).not().or(position.compare(.equal, end))
  }

  /// The running combination of rows that have the same index, in steps that double.
  ///
  /// - Source: Hillis and Steele 1986, "Data parallel algorithms".
  func accumulated(_ rows: Value, _ combine: (Value, Value) -> Value) -> Value {
    let count = indices.shape[0]
    var result = rows
    var distance = 1
    while distance < count {
      let isSame = indices.slice(axis: 0, distance..<count)
        .compare(.equal, indices.slice(axis: 0, 0..<count - distance))
        .reshaped(to: [count - distance, 1])
      let later = result.slice(axis: 0, distance..<count)
      let both = combine(result.slice(axis: 0, 0..<count - distance), later)
      result = Value.concatenated(
        [result.slice(axis: 0, 0..<distance), isSame.select(both, later)], axis: 0)
      distance *= 2
    }
    return result
  }
}
