import Programs
import Tensors

/// Layers that move elements and compute nothing.
enum CaffeShapes {
  static let all: [CaffeLayer] = [
    .value("Flatten", lower: flatten),
    .value("Reshape", lower: reshape),
    .value("Permute", lower: permute),
    .value("Concat") { call in
      let settings = call.layer.concatParam
      let rank = try call.input(0).shape.rank
      let axis = settings.hasConcatDim ? Int(settings.concatDim) : Int(settings.axis)
      return Value.concatenated(call.inputs, axis: try call.axis(axis, rank: rank))
    },
    CaffeLayer("Slice", lower: slice),
    CaffeLayer("Split") { call in
      let value = try call.input(0)
      return call.layer.top.map { _ in value }
    },
    .value("Tile", lower: tile),
    .value("Crop", lower: crop),
  ]

  private static func flatten(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.flattenParam
    let dimensions = value.shape.dimensions
    let first = try call.axis(Int(settings.axis), rank: dimensions.count)
    let last = try call.axis(Int(settings.endAxis), rank: dimensions.count)
    try call.require(first <= last, "the axes \(first) to \(last) are none")
    let middle = dimensions[first...last].reduce(1, *)
    return value.reshaped(to: Shape(dimensions[..<first] + [middle] + dimensions[(last + 1)...]))
  }

  /// Other dimensions for some axes: 0 keeps one, −1 is what is left.
  private static func reshape(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.reshapeParam
    let dimensions = value.shape.dimensions
    // An axis of −1 is the place after the last one.
    let given = Int(settings.axis)
    let start = given < 0 ? given + dimensions.count + 1 : given
    let count = Int(settings.numAxes)
    let end = count == -1 ? dimensions.count : start + count
    try call.require(
      (0...dimensions.count).contains(start) && (start...dimensions.count).contains(end),
      "axes \(start) to \(end) do not exist in \(value.type)")
    let middle = try settings.shape.dim.enumerated().map { offset, dimension in
      guard dimension == 0 else { return Int(dimension) }
      try call.require(start + offset < end, "there is no axis \(start + offset) to keep")
      return dimensions[start + offset]
    }
    return try call.fitted(value, to: dimensions[..<start] + middle + dimensions[end...])
  }

  /// The axes in another order; those that are not named follow as they were.
  private static func permute(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let named = try call.axes(
      call.layer.permuteParam.order.map(Int.init), rank: value.shape.rank)
    return value.transposed(named + (0..<value.shape.rank).filter { !named.contains($0) })
  }

  /// Parts of an axis, cut at the stated points or equal.
  private static func slice(_ call: CaffeCall) throws -> [Value] {
    let value = try call.input(0)
    let settings = call.layer.sliceParam
    let axis = try call.axis(
      settings.hasSliceDim ? Int(settings.sliceDim) : Int(settings.axis), rank: value.shape.rank)
    let size = value.shape[axis]
    let count = call.layer.top.count
    var cuts = settings.slicePoint.map(Int.init)
    if cuts.isEmpty, count > 0 {
      try call.require(size % count == 0, "an axis of \(size) has no \(count) equal parts")
      cuts = (1..<count).map { $0 * (size / count) }
    }
    let bounds = [0] + cuts + [size]
    try call.require(
      bounds.count == count + 1 && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
      "the cuts \(cuts) do not make \(count) parts of an axis of \(size)")
    return zip(bounds, bounds.dropFirst()).map { value.slice(axis: axis, $0..<$1) }
  }

  private static func tile(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.tileParam
    let axis = try call.axis(Int(settings.axis), rank: value.shape.rank)
    let count = Int(settings.tiles)
    try call.require((1...1 << 16).contains(count), "\(count) tiles are not possible")
    var dimensions = value.shape.dimensions
    dimensions.insert(count, at: axis)
    let spread = value.expanded(axis: axis).broadcast(to: Shape(dimensions))
    let (size, overflow) = value.shape[axis].multipliedReportingOverflow(by: count)
    try call.require(!overflow, "\(count) tiles are not possible")
    dimensions.replaceSubrange(axis...axis + 1, with: [size])
    return spread.reshaped(to: Shape(dimensions))
  }

  /// From `axis` on the part of the first bottom that has the size of the second.
  private static func crop(_ call: CaffeCall) throws -> Value {
    let (value, reference) = try (call.input(0), call.input(1))
    let settings = call.layer.cropParam
    let rank = value.shape.rank
    let first = try call.axis(Int(settings.axis), rank: rank)
    try call.require(reference.shape.rank == rank, "\(reference.type) differs in rank")
    let given = settings.offset.map(Int.init)
    try call.require(
      given.count <= 1 || given.count == rank - first,
      "has \(given.count) offsets for \(rank - first) axes")
    return try (first..<rank).reduce(value) { result, axis in
      let offset = given.count > 1 ? given[axis - first] : given.first ?? 0
      let size = reference.shape[axis]
      try call.require(
        offset <= result.shape[axis] && size <= result.shape[axis] - offset,
        "axis \(axis) of \(result.type) has no \(size) elements from \(offset) on")
      return result.slice(axis: axis, offset..<offset + size)
    }
  }
}
