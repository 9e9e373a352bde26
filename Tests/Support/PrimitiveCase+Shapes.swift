import Programs
import Tensors

extension PrimitiveCase {
  static func shapes(_ type: ElementType) -> [PrimitiveCase] {
    let x = SampleValues.uniform([2, 3, 4], type)
    let flags = SampleValues.integers([1, 0, 0, 1, 1, 0], [2, 3], .bool)
    return broadcasts(type) + slicesAndPads(x) + [
      PrimitiveCase(.reshape([4, 6]), [x]),
      PrimitiveCase(.reshape([2, 1, 12]), [x]),
      PrimitiveCase(.transpose([2, 0, 1]), [x]),
      PrimitiveCase(.transpose([1, 0]), [flags]),
      PrimitiveCase(.transpose([0, 3, 1, 2]), [SampleValues.uniform([2, 2, 3, 2], type)]),
      PrimitiveCase(.concatenate(axis: 1), [x, SampleValues.uniform([2, 1, 4], type), x]),
      PrimitiveCase(.concatenate(axis: 0), [x, SampleValues.uniform([0, 3, 4], type), x]),
      PrimitiveCase(.concatenate(axis: 1), [flags, flags]),
      PrimitiveCase(.concatenate(axis: 2), [x]),
      PrimitiveCase(.reverse(axes: [1]), [x]),
      PrimitiveCase(.reverse(axes: [0, 2]), [x]),
    ]
  }

  private static func broadcasts(_ type: ElementType) -> [PrimitiveCase] {
    let vector = SampleValues.uniform([3], type)
    return [
      PrimitiveCase(.broadcast([2, 3], axes: []), [SampleValues.uniform([], type)]),
      PrimitiveCase(.broadcast([2, 3], axes: [1]), [vector]),
      PrimitiveCase(.broadcast([3, 2], axes: [0]), [vector]),
      PrimitiveCase(.broadcast([2, 3, 4], axes: [0, 2]), [SampleValues.uniform([2, 1], type)]),
      PrimitiveCase(.broadcast([2, 3], axes: [0, 1]), [SampleValues.uniform([1, 3], type)]),
      PrimitiveCase(.broadcast([0, 3], axes: [1]), [vector]),
      PrimitiveCase(.broadcast([2, 2], axes: [1]), [SampleValues.integers([5, -6], [2])]),
    ]
  }

  private static func slicesAndPads(_ x: Tensor) -> [PrimitiveCase] {
    let pad = { (low: [Int], high: [Int], interior: [Int], value: Double) in
      Primitive.pad(low: low, high: high, interior: interior, value: value)
    }
    let slice = { (starts: [Int], limits: [Int], strides: [Int]) in
      Primitive.slice(starts: starts, limits: limits, strides: strides)
    }
    return [
      PrimitiveCase(slice([0, 1, 0], [2, 3, 4], [1, 1, 1]), [x]),
      PrimitiveCase(slice([1, 0, 1], [2, 3, 4], [1, 2, 2]), [x]),
      PrimitiveCase(slice([0, 0, 0], [2, 3, 4], [3, 2, 3]), [x], "strides beyond the end"),
      PrimitiveCase(slice([0, 2, 0], [2, 2, 4], [1, 1, 1]), [x], "nothing left"),
      PrimitiveCase(slice([1], [5], [3]), [SampleValues.integers([9, 8, 7, 6, 5], [5])]),
      PrimitiveCase(pad([1, 0, 2], [0, 1, 0], [0, 0, 0], 0), [x]),
      PrimitiveCase(pad([0, 1, 0], [0, 0, 1], [0, 2, 1], -1.5), [x]),
      PrimitiveCase(pad([1], [1], [1], 7), [SampleValues.integers([9, 8, 7], [3], .int32)]),
      PrimitiveCase(
        pad([2, 0], [0, 1], [3, 0], 0.5),
        [
          x.reshaped(to: [24]).rows(0..<0)
            .reshaped(to: [0, 3])
        ], "nothing to pad"),
    ]
  }

  static func indexing(_ type: ElementType) -> [PrimitiveCase] {
    let table = SampleValues.uniform([4, 3], type)
    let cube = SampleValues.uniform([2, 4, 3], type)
    let repeated = SampleValues.integers([2, 0, 2, 3], [2, 2])
    let row = SampleValues.integers([3, 0, 3], [3], .int32)
    let scalar = SampleValues.integers([2], [])
    return [
      PrimitiveCase(.gather(axis: 0), [table, repeated]),
      PrimitiveCase(.gather(axis: 1), [cube, row]),
      PrimitiveCase(.gather(axis: 1), [cube, scalar]),
      PrimitiveCase(.gather(axis: 2), [cube, SampleValues.integers([], [0])]),
      PrimitiveCase(.gather(axis: 0), [SampleValues.integers([5, 6, 7], [3]), scalar]),
      PrimitiveCase(
        .scatterAdd(axis: 0, count: 5), [repeated, SampleValues.uniform([2, 2, 3], type)]),
      PrimitiveCase(
        .scatterAdd(axis: 1, count: 4), [row, SampleValues.uniform([2, 3, 2], type)]),
      PrimitiveCase(.scatterAdd(axis: 1, count: 3), [scalar, SampleValues.uniform([2, 2], type)]),
      PrimitiveCase(
        .gatherElements(axis: 1), [cube, SampleValues.integers(steps(12, below: 4), [2, 2, 3])]),
      PrimitiveCase(
        .gatherElements(axis: 0),
        [table, SampleValues.integers(steps(15, below: 4), [5, 3], .int32)]),
      PrimitiveCase(
        .scatterAddElements(axis: 1, count: 4),
        [
          SampleValues.integers(steps(12, below: 4), [2, 2, 3]),
          SampleValues.uniform([2, 2, 3], type),
        ]),
      PrimitiveCase(
        .scatterAddElements(axis: 0, count: 2),
        [
          SampleValues.integers([1, 1, 0, 1, 1, 0], [3, 2], .int32),
          SampleValues.uniform([3, 2], type),
        ]
      ),
    ]
  }

  /// Indices below a bound, with repetitions.
  private static func steps(_ count: Int, below bound: Int) -> [Int] {
    (0..<count).map { ($0 * $0 + $0 / 3) % bound }
  }
}
