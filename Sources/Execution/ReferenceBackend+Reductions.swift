import Programs
import Tensors

extension ReferenceBackend {
  /// Sums (0 for no elements) or maxima (NaN if any element is; the lowest value for no elements).
  static func reduce(
    _ reduction: Reduction, _ operand: Tensor, axes: [Int], type: ValueType
  ) -> Tensor {
    let kept = operand.shape.reduced(over: axes, keepingDimensions: true)
    let strides = kept.strides.enumerated().map { axes.contains($0.offset) ? 0 : $0.element }
    func accumulate<Number>(
      _ numbers: [Number], from initial: Number, _ combine: (Number, Number) -> Number
    ) -> [Number] {
      var results = [Number](repeating: initial, count: kept.count)
      var walk = StridedWalk(shape: operand.shape, strides: strides)
      for number in numbers {
        let position = walk.next()
        results[position] = combine(results[position], number)
      }
      return results
    }
    if operand.elementType.isFloatingPoint {
      let (initial, combine) =
        reduction == .sum
        ? (0, BinaryFunction.add.ofReals) : (-Double.infinity, BinaryFunction.maximum.ofReals)
      return Tensor(reals: accumulate(operand.reals, from: initial, combine), type)
    }
    let (initial, combine) =
      reduction == .sum
      ? (0, BinaryFunction.add.ofIntegers)
      : (lowest(of: operand.elementType), BinaryFunction.maximum.ofIntegers)
    return Tensor(integers: accumulate(operand.integers, from: initial, combine), type)
  }

  private static func lowest(of type: ElementType) -> Int64 {
    switch type {
    case .int64: .min
    case .int32: Int64(Int32.min)
    case .uint8, .bool, .float32, .float64: 0
    }
  }

  /// Running sums from the first element on (from the last if `reverse`), with or without (if
  /// `exclusive`) the element itself.
  static func cumulativeSum(
    _ operand: Tensor, axis: Int, exclusive: Bool, reverse: Bool
  ) -> Tensor {
    func accumulate<Number: Numeric>(
      _ numbers: [Number], _ add: (Number, Number) -> Number
    ) -> [Number] {
      let (outer, count, inner) = operand.shape.split(at: axis)
      var results = numbers
      for lane in 0..<outer * inner {
        let start = lane / inner * count * inner + lane % inner
        var sum: Number = 0
        for step in 0..<count {
          let position = start + (reverse ? count - 1 - step : step) * inner
          let before = sum
          sum = add(sum, numbers[position])
          results[position] = exclusive ? before : sum
        }
      }
      return results
    }
    return operand.elementType.isFloatingPoint
      ? Tensor(reals: accumulate(operand.reals) { $0 + $1 }, operand.type)
      : Tensor(integers: accumulate(operand.integers) { $0 &+ $1 }, operand.type)
  }

  /// The index of the first largest element; NaN is larger than every number.
  static func argMax(_ operand: Tensor, axis: Int, type: ValueType) -> Tensor {
    let (outer, count, inner) = operand.shape.split(at: axis)
    func search<Number: Comparable>(_ numbers: [Number]) -> [Int64] {
      (0..<outer * inner).map { lane in
        let start = lane / inner * count * inner + lane % inner
        var best = 0
        for index in 1..<max(count, 1)
        where exceeds(numbers[start + index * inner], numbers[start + best * inner]) {
          best = index
        }
        return Int64(best)
      }
    }
    return Tensor(
      integers: operand.elementType.isFloatingPoint
        ? search(operand.reals) : search(operand.integers), type)
  }

  /// Whether a number is larger than another, where NaN (unequal to itself) is the largest.
  static func exceeds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
    right == right && (left != left || left > right)
  }

  /// The indices that sort an axis; equal elements keep their order, NaN comes last either way.
  static func argSort(_ operand: Tensor, axis: Int, descending: Bool) -> Tensor {
    let (outer, count, inner) = operand.shape.split(at: axis)
    func sort<Number: Comparable>(_ numbers: [Number]) -> [Int64] {
      var results = [Int64](repeating: 0, count: numbers.count)
      for lane in 0..<outer * inner {
        let start = lane / inner * count * inner + lane % inner
        let order = (0..<count).sorted { first, second in
          let (left, right) = (numbers[start + first * inner], numbers[start + second * inner])
          if left != left || right != right {
            return left == left || (right != right && first < second)
          }
          if left == right { return first < second }
          return descending ? left > right : left < right
        }
        for (rank, index) in order.enumerated() { results[start + rank * inner] = Int64(index) }
      }
      return results
    }
    return Tensor(
      operand.elementType.isFloatingPoint ? sort(operand.reals) : sort(operand.integers),
      shape: operand.shape)
  }
}
