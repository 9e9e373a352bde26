import Programs
import Tensors

/// Elements and slices at indices, which may be known or computed when the model runs.
enum GatherOperators {
  static let all: [ONNXOperator] = [
    .value("Gather", lower: gather),
    .value("GatherElements") { call in
      let (value, indices) = try (call.input(0), call.input(1))
      let axis = try call.axis(call.int("axis", default: 0), rank: value.shape.rank)
      try call.require(
        indices.shape.rank == value.shape.rank,
        "expects indices of rank \(value.shape.rank), got \(indices.type)")
      let aligned = (0..<value.shape.rank).reduce(value) { result, other in
        other == axis || result.shape[other] == indices.shape[other]
          ? result : result.slice(axis: other, 0..<indices.shape[other])
      }
      return aligned.gatherElements(indices.indices(intoAxisOf: value.length(of: axis)), axis: axis)
    },
    .value("GatherND", lower: gatherSlices),
  ]

  private static func gather(_ call: ONNXCall) throws -> Value {
    let (value, indices) = try (call.input(0), call.input(1))
    let axis = try call.axis(call.int("axis", default: 0), rank: value.shape.rank)
    let count = value.shape[axis]
    if indices.shape.rank == 0, !Shape.isSymbolic(count),
      let index = call.tracer.known(indices)?.dimensions?[0], (-count..<count).contains(index)
    {
      return value.select(axis: axis, index < 0 ? index + count : index)
    }
    return value.gather(indices.indices(intoAxisOf: value.length(of: axis)), axis: axis)
  }

  /// Slices at index tuples, each within its own sample of the first `batch_dims` axes.
  private static func gatherSlices(_ call: ONNXCall) throws -> Value {
    let (value, indices) = try (call.input(0), call.input(1))
    let batch = try call.int("batch_dims", default: 0)
    let places = try IndexTuples(call, indices, into: value.shape, batch: batch)
    let rest = value.shape.dimensions.dropFirst(places.indexedAxes)
    let slices = value.reshaped(to: [places.count, rest.reduce(1, *)])
    return slices.gather(places.flat, axis: 0)
      .reshaped(to: Shape(indices.shape.dimensions.dropLast() + Array(rest)))
  }
}

/// Tuples of indices into the first axes of a tensor, as single indices into these axes merged.
struct IndexTuples {
  /// The merged indices, a vector.
  let flat: Value
  /// The size of the merged axes.
  let count: Int
  /// How many axes are merged.
  let indexedAxes: Int

  /// Tuples along the last axis of `indices`, whose first `batch` axes are those of the tensor.
  init(_ call: ONNXCall, _ indices: Value, into shape: Shape, batch: Int = 0) throws {
    let rank = indices.shape.rank
    try call.require(
      rank > 0 && (0..<max(rank, 1)).contains(batch) && batch <= shape.rank,
      "expects tuples of indices behind \(batch) axes, got \(indices.type)")
    let length = indices.shape[rank - 1]
    try call.require(
      !Shape.isSymbolic(length) && batch + length <= shape.rank,
      "tuples of \(Shape.text(length)) indices are too long for a tensor of rank \(shape.rank)")
    let builder = indices.builder
    let outer = Shape(Array(indices.shape.dimensions.dropLast()))
    let total = outer.count
    indexedAxes = batch + length
    let dimensions = Array(shape.dimensions.prefix(indexedAxes))
    count = dimensions.reduce(1, *)
    var sum = builder.constant(Tensor([Int64(0)], shape: [])).broadcast(to: outer)
    for axis in 0..<indexedAxes {
      let size = builder.append(.dimension(dimensions[axis]), [])
      let index =
        axis < batch
        ? builder.append(.iota(.int64, outer, axis: axis), [])
        : indices.select(axis: rank - 1, axis - batch).indices(intoAxisOf: size)
      sum = sum * size + index
    }
    flat = sum.reshaped(to: [total])
  }
}
