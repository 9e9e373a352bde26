import Programs
import Tensors

extension PrimitiveCase {
  static func ordering(_ type: ElementType) -> [PrimitiveCase] {
    let x = SampleValues.distinct([2, 3, 4], type)
    let ties = Tensor([1, 3, 3, 0, 3, 1, 1, 0, 0, 0, 2, 2] as [Float], shape: [3, 4])
      .converted(to: type)
    let unordered = Tensor([1, .nan, -.infinity, .nan, 3, .infinity] as [Float], shape: [2, 3])
      .converted(to: type)
    let numbers = SampleValues.integers([3, -1, 3, 9, 0, 9], [2, 3])
    return (0..<3).map { PrimitiveCase(.argMax(axis: $0), [x]) }
      + [
        PrimitiveCase(.argMax(axis: 1), [ties], "ties"),
        PrimitiveCase(.argMax(axis: 1), [unordered], "NaN"),
        PrimitiveCase(.argMax(axis: 1), [numbers]),
        PrimitiveCase(.argMax(axis: 0), [SampleValues.integers([0, 1, 1, 0], [2, 2], .bool)]),
      ]
      + [false, true].flatMap { descending in
        [
          PrimitiveCase(.argSort(axis: 0, descending: descending), [x]),
          PrimitiveCase(.argSort(axis: 2, descending: descending), [x]),
          PrimitiveCase(.argSort(axis: 1, descending: descending), [ties], "ties"),
          PrimitiveCase(.argSort(axis: 1, descending: descending), [unordered], "NaN"),
          PrimitiveCase(.argSort(axis: 1, descending: descending), [numbers]),
        ]
      }
  }

  static func reductions(_ type: ElementType) -> [PrimitiveCase] {
    let x = SampleValues.distinct([2, 3, 4], type)
    let numbers = SampleValues.integers([3, -1, 200, 9, 0, 9], [2, 3])
    let unordered = Tensor([1, .nan, 2, 3, 5, 4] as [Float], shape: [2, 3]).converted(to: type)
    let empty = SampleValues.uniform([2, 0], type)
    let axes = [[0], [1], [2], [0, 2], [0, 1, 2], []]
    let reduced = Reduction.allCases.flatMap { reduction in
      axes.map { PrimitiveCase(.reduce(reduction, axes: $0), [x]) }
        + [
          PrimitiveCase(.reduce(reduction, axes: [1]), [numbers]),
          PrimitiveCase(.reduce(reduction, axes: [0]), [numbers.converted(to: .uint8)]),
          PrimitiveCase(.reduce(reduction, axes: [1]), [unordered], "NaN", isDifferentiable: false),
          PrimitiveCase(
            .reduce(reduction, axes: [1]), [empty], "nothing to reduce",
            isDifferentiable: reduction == .sum),
        ]
    }
    let running = [false, true].flatMap { exclusive in
      [false, true].flatMap { reverse in
        (0..<3).map {
          PrimitiveCase(.cumulativeSum(axis: $0, exclusive: exclusive, reverse: reverse), [x])
        } + [
          PrimitiveCase(.cumulativeSum(axis: 1, exclusive: exclusive, reverse: reverse), [numbers])
        ]
      }
    }
    return reduced + running
  }

  static func matrixProducts(_ type: ElementType) -> [PrimitiveCase] {
    [(false, false), (false, true), (true, false), (true, true)].flatMap { left, right in
      [[], [2], [2, 3]].map { leading in
        let first = Shape(leading + (left ? [4, 3] : [3, 4]))
        let second = Shape(leading + (right ? [5, 4] : [4, 5]))
        return PrimitiveCase(
          .matrixMultiply(transposeLeft: left, transposeRight: right),
          [
            SampleValues.uniform(first, type),
            SampleValues.uniform(second, type, purpose: "right"),
          ])
      }
    } + [
      PrimitiveCase(
        .matrixMultiply(transposeLeft: false, transposeRight: false),
        [SampleValues.uniform([2, 0], type), SampleValues.uniform([0, 3], type)], "no inner axis")
    ]
  }
}
