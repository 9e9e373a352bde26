import Programs
import Tensors

/// Parts of tensors.
enum SliceOperators {
  static let all: [ONNXOperator] = [
    .value("Slice", since: 1) { call in
      guard let starts = try call.optionalInts("starts"), let ends = try call.optionalInts("ends")
      else { throw call.error("has no attributes 'starts' and 'ends'") }
      return try call.sliced(
        starts: SizedIntegers(starts), ends: SizedIntegers(ends),
        axes: call.optionalInts("axes"), steps: nil)
    },
    .value("Slice", since: 10) { call in
      try call.sliced(
        starts: call.sizedIntegers(1), ends: call.sizedIntegers(2),
        axes: call.optionalIntegers(3),
        steps: call.has(4) ? call.sizedIntegers(4).first : nil)
    },
    .value("CenterCropPad") { call in
      let value = try call.input(0)
      let rank = value.shape.rank
      let axes = try call.axes(call.optionalInts("axes") ?? Array(0..<rank), rank: rank)
      let sizes = try call.integers(1)
      try call.require(sizes.count == axes.count, "expects \(axes.count) sizes, got \(sizes)")
      return try zip(axes, sizes).reduce(value) { result, pair in
        try call.centred(result, axis: pair.0, size: pair.1)
      }
    },
  ]
}

/// Whole numbers for two sizes of N that stand for all: see `KnownValue`.
private struct SizedIntegers {
  let first: [Int]
  let second: [Int]

  init(_ numbers: [Int]) { (first, second) = (numbers, numbers) }

  init(_ known: KnownValue) {
    func integers(_ tensor: Tensor) -> [Int] {
      tensor.converted(to: .int64).scalars(of: Int64.self).map(Int.init)
    }
    first = integers(known.tensor)
    second = integers(known.alternative ?? known.tensor)
  }
}

/// Elements `low`, `low + stride`, … below `limit`.
private struct AxisPart: Equatable {
  var low: Int
  var limit: Int
  var stride: Int

  /// The part from `start` on in steps before `end`, both counted from the end if negative, and
  /// moved to the nearest place there is.
  init(start: Int, end: Int, step: Int, size: Int) {
    stride = Int(min(step.magnitude, UInt(max(size, 1))))
    func place(_ index: Int, _ range: ClosedRange<Int>) -> Int {
      min(max(index < 0 ? index + size : index, range.lowerBound), range.upperBound)
    }
    guard step < 0 else {
      low = place(start, 0...size)
      limit = max(place(end, 0...size), low)
      return
    }
    let last = place(start, -1...max(size - 1, -1))
    let count = max((last - place(end, -1...max(size - 1, -1)) + stride - 1) / stride, 0)
    (low, limit) = count == 0 ? (0, 0) : (last - (count - 1) * stride, last + 1)
  }
}

extension ONNXCall {
  /// An input that must be known, as whole numbers that may depend on N in any way.
  fileprivate func sizedIntegers(_ index: Int) throws -> SizedIntegers {
    guard let known = tracer.known(try input(index)) else {
      return SizedIntegers(try integers(index))
    }
    return SizedIntegers(known)
  }

  fileprivate func sliced(
    starts: SizedIntegers, ends: SizedIntegers, axes: [Int]?, steps: [Int]?
  ) throws -> Value {
    let value = try input(0)
    let axes = try self.axes(axes ?? Array(0..<starts.first.count), rank: value.shape.rank)
    let steps = steps ?? axes.map { _ in 1 }
    try require(
      [starts.first.count, ends.first.count, steps.count].allSatisfy { $0 == axes.count },
      "expects a start, an end and a step for each of \(axes.count) axes")
    try require(!steps.contains(0), "a step of 0 leads nowhere")
    var result = value
    for (index, axis) in axes.enumerated() {
      let size = value.shape[axis]
      let part = AxisPart(
        start: starts.first[index], end: ends.first[index], step: steps[index], size: size)
      let other = AxisPart(
        start: starts.second[index], end: ends.second[index], step: steps[index],
        size: alternative(of: size))
      try require(
        alternative(of: part.low) == other.low && alternative(of: part.limit) == other.limit,
        "cuts an axis of \(Shape.text(size)) in a way that depends on the number of samples")
      result = result.cut(axis, part, isReversed: steps[index] < 0)
    }
    return result
  }

  /// A dimension for the second size of N.
  private func alternative(of dimension: Int) -> Int {
    guard Shape.isSymbolic(dimension),
      let known = tracer.known(builder.append(.dimension(dimension), []))?.alternative
    else { return dimension }
    return Int(known.scalars(of: Int64.self)[0])
  }

  /// The middle of an axis, or the axis in the middle of zeros.
  fileprivate func centred(_ value: Value, axis: Int, size: Int) throws -> Value {
    let count = value.shape[axis]
    guard size != count else { return value }
    try require(
      size >= 0 && !Shape.isSymbolic(size) && !Shape.isSymbolic(count),
      "cannot fit an axis of \(Shape.text(count)) into \(Shape.text(size))")
    if size < count {
      let start = (count - size) / 2
      return value.slice(axis: axis, start..<start + size)
    }
    var low = [Int](repeating: 0, count: value.shape.rank)
    var high = low
    low[axis] = (size - count) / 2
    high[axis] = size - count - low[axis]
    return value.padded(low: low, high: high)
  }
}

extension Value {
  fileprivate func cut(_ axis: Int, _ part: AxisPart, isReversed: Bool) -> Value {
    let isWhole = part.low == 0 && part.limit == shape[axis] && part.stride == 1
    let cut = isWhole ? self : slice(axis: axis, part.low..<part.limit, by: part.stride)
    return isReversed ? cut.reversed(axes: [axis]) : cut
  }
}
