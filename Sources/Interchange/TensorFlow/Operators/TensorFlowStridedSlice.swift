import Programs
import Tensors

/// A slice in the notation of Python: `x[1:, ..., ::-1, newaxis, 3]`.
struct TensorFlowStridedSlice {
  private enum Part {
    case all
    case newAxis
    case index(Int)
    case range(begin: Int?, end: Int?, stride: Int)
  }

  private var parts: [Part] = []

  init(_ call: TensorFlowCall) throws {
    let (begins, ends, strides) = try (call.integers(1), call.integers(2), call.integers(3))
    let rank = try call.input(0).shape.rank
    try call.require(
      begins.count == ends.count && begins.count == strides.count && begins.count <= 32
        && strides.allSatisfy { $0 != 0 && abs($0) < 1 << 40 },
      "begins \(begins), ends \(ends) and strides \(strides) do not fit each other")
    func isSet(_ mask: String, _ bit: Int) -> Bool { call.int(mask, default: 0) >> bit & 1 == 1 }
    let named = begins.indices.filter {
      !isSet("ellipsis_mask", $0) && !isSet("new_axis_mask", $0)
    }.count
    try call.require(named <= rank, "names \(named) axes of a value of rank \(rank)")
    var hasEllipsis = false
    for bit in begins.indices {
      if isSet("ellipsis_mask", bit) {
        try call.require(!hasEllipsis, "has two ellipses")
        hasEllipsis = true
        parts += Array(repeating: .all, count: rank - named)
      } else if isSet("new_axis_mask", bit) {
        parts.append(.newAxis)
      } else if isSet("shrink_axis_mask", bit) {
        parts.append(.index(begins[bit]))
      } else {
        parts.append(
          .range(
            begin: isSet("begin_mask", bit) ? nil : begins[bit],
            end: isSet("end_mask", bit) ? nil : ends[bit], stride: strides[bit]))
      }
    }
    if !hasEllipsis { parts += Array(repeating: .all, count: rank - named) }
  }

  func applied(to value: Value, _ call: TensorFlowCall) throws -> Value {
    var result = value
    var axis = 0
    for part in parts {
      switch part {
      case .all: axis += 1
      case .newAxis:
        result = result.expanded(axis: axis)
        axis += 1
      case .index(let index): result = try selected(result, axis, index, call)
      case .range(let begin, let end, let stride):
        result = try ranged(result, axis, begin, end, stride, call)
        axis += 1
      }
    }
    return result
  }

  private func selected(
    _ value: Value, _ axis: Int, _ index: Int, _ call: TensorFlowCall
  ) throws -> Value {
    let size = value.shape[axis]
    try call.require(
      (-size..<size).contains(index), "axis \(axis) of \(value.type) has no element \(index)")
    try call.require(
      index >= 0 || !Shape.isSymbolic(size),
      "the last samples are not known before they are counted")
    return value.select(axis: axis, index < 0 ? index + size : index)
  }

  private func ranged(
    _ value: Value, _ axis: Int, _ begin: Int?, _ end: Int?, _ stride: Int, _ call: TensorFlowCall
  ) throws -> Value {
    let size = value.shape[axis]
    let isForward = stride > 0
    /// A place counted from the end if it is negative, kept within the axis.
    func place(_ index: Int) -> Int {
      let absolute = index < 0 ? index + size : index
      return isForward ? min(max(absolute, 0), size) : min(max(absolute, -1), size - 1)
    }
    let first = begin.map(place) ?? (isForward ? 0 : size - 1)
    let last = end.map(place) ?? (isForward ? size : -1)
    let isWhole = isForward ? first == 0 && last == size : first == size - 1 && last == -1
    if isWhole, abs(stride) == 1 { return isForward ? value : value.reversed(axes: [axis]) }
    try call.require(
      !Shape.isSymbolic(size), "a part of the samples cannot be taken before they are counted")
    guard !isForward else {
      return value.slice(axis: axis, min(first, last)..<last, by: stride)
    }
    let count = max((first - last - stride - 1) / -stride, 0)
    guard count > 0 else { return value.slice(axis: axis, 0..<0) }
    let lowest = first + (count - 1) * stride
    return value.slice(axis: axis, lowest..<first + 1, by: -stride).reversed(axes: [axis])
  }
}
