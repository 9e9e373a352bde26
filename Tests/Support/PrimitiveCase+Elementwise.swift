import Programs
import Tensors

extension PrimitiveCase {
  static func sources(_ type: ElementType) -> [PrimitiveCase] {
    let key = Tensor([Int64(0x1234_5678_9abc_def0), Int64(-3)])
    return [
      PrimitiveCase(.constant(SampleValues.uniform([2, 3], type)), []),
      PrimitiveCase(.constant(SampleValues.integers([1, 0, 1], [3], .bool)), []),
      PrimitiveCase(.dimension(7), []),
      PrimitiveCase(.iota(type, [2, 3, 2], axis: 1), []),
      PrimitiveCase(.iota(.int64, [4], axis: 0), []),
      PrimitiveCase(.iota(.uint8, [2, 3], axis: 0), []),
      PrimitiveCase(.randomUniform([2, 5]), [key]),
      PrimitiveCase(.randomUniform([]), [key]),
    ]
  }

  /// Operands of each unary function: inside its domain, away from kinks and jumps.
  static func unary(_ type: ElementType) -> [PrimitiveCase] {
    UnaryFunction.allCases.filter { $0 != .not }.flatMap { function in
      let operand =
        switch function {
        case .logarithm, .squareRoot: SampleValues.uniform([2, 5], type, from: 0.3, to: 3)
        case .logarithmOnePlus: SampleValues.uniform([2, 5], type, from: -0.7, to: 2)
        case .floor, .ceiling:
          Tensor([-1.75, -0.5, 0.25, 1.5, 3.375] as [Float]).converted(to: type)
        case .round: Tensor([-1.75, -0.375, 0.25, 1.625, 3.375] as [Float]).converted(to: type)
        default: SampleValues.nonzero([2, 5], type)
        }
      return [
        PrimitiveCase(.unary(function), [operand]),
        PrimitiveCase(
          .unary(function), [specials.converted(to: type)], "special values",
          isDifferentiable: false),
      ]
    }
  }

  /// Zeros of both signs, halves, tiny and huge numbers, infinities, NaN.
  private static var specials: Tensor {
    Tensor(
      [
        0, -0.0, 0.5, 1.5, 2.5, -0.5, -2.5, 1e-6, -1e-6, 30, -30, 500, -500, .infinity,
        -.infinity, .nan,
      ] as [Float])
  }

  static func binary(_ type: ElementType) -> [PrimitiveCase] {
    let distinct = SampleValues.distinct([3, 4], type)
    let functions = BinaryFunction.allCases.filter { $0 != .and && $0 != .or }
    return functions.flatMap { function in
      let (left, right) =
        switch function {
        case .power:
          (
            SampleValues.uniform([3, 4], type, from: 0.3, to: 2),
            SampleValues.uniform([3, 4], type, from: -2, to: 3, purpose: "exponent")
          )
        case .remainder:
          (
            Tensor([5.3, -5.3, 5.3, -5.3, 0.7, 2.25] as [Float]).converted(to: type),
            Tensor([2, 2, -2, -2, 1.5, 0.8] as [Float]).converted(to: type)
          )
        case .maximum, .minimum: (distinct, distinct.reversedElements)
        default:
          (SampleValues.uniform([3, 4], type), SampleValues.nonzero([3, 4], type))
        }
      return [
        PrimitiveCase(.binary(function), [left, right]),
        PrimitiveCase(
          .binary(function), specialPairs(type), "special values", isDifferentiable: false),
      ]
    }
  }

  /// All pairs of a few special values.
  private static func specialPairs(_ type: ElementType) -> [Tensor] {
    let values: [Float] = [0, 1, -2, 2.5, .infinity, -.infinity, .nan]
    return [
      Tensor(values.flatMap { value in values.map { _ in value } }).converted(to: type),
      Tensor(values.flatMap { _ in values }).converted(to: type),
    ]
  }

  static func selections(_ type: ElementType) -> [PrimitiveCase] {
    let first = SampleValues.distinct([2, 3], type)
    let second = first.reversedElements
    let flags = SampleValues.integers([1, 0, 0, 1, 1, 0], [2, 3], .bool)
    let numbers = SampleValues.integers([3, 0, -2, 300, 7, 1], [2, 3])
    return Comparison.allCases.flatMap {
      [
        PrimitiveCase(.compare($0), [first, second]),
        PrimitiveCase(.compare($0), [first, first], "equal operands"),
        PrimitiveCase(.compare($0), specialPairs(type), "special values"),
        PrimitiveCase(.compare($0), [numbers, numbers.reversedElements]),
        PrimitiveCase(.compare($0), [flags, flags.reversedElements]),
      ]
    } + [
      PrimitiveCase(.select, [flags, first, second]),
      PrimitiveCase(.select, [flags, numbers, numbers.reversedElements]),
      PrimitiveCase(.select, [flags, flags, flags.reversedElements]),
      PrimitiveCase(.unary(.not), [flags]),
      PrimitiveCase(.binary(.and), [flags, flags.reversedElements]),
      PrimitiveCase(.binary(.or), [flags, flags.reversedElements]),
      PrimitiveCase(.stopGradient, [first], isDifferentiable: false),
    ] + conversions(type, flags: flags)
  }

  private static func conversions(_ type: ElementType, flags: Tensor) -> [PrimitiveCase] {
    let numbers = Tensor([-1.75, -0.5, 0, 0.5, 1.75, 200.5] as [Float]).converted(to: type)
    let large = SampleValues.integers([-5, 0, 1, 300, 1 << 40], [5])
    return ElementType.allCases.flatMap {
      [
        PrimitiveCase(.convert($0), [numbers], isDifferentiable: $0.isFloatingPoint),
        PrimitiveCase(.convert($0), [flags]), PrimitiveCase(.convert($0), [large]),
      ]
    }
  }

  /// Arithmetic of integers, which wraps around.
  static var integers: [PrimitiveCase] {
    let left = [7, -7, 7, -7, 0, 5, 3, 100]
    let right = [2, 2, -2, -2, 3, 0, 4, 3]
    return [ElementType.int64, .int32, .uint8].flatMap { type in
      let signs: (Int) -> Int = type == .uint8 ? { abs($0) } : { $0 }
      let first = SampleValues.integers(left.map(signs), [8], type)
      let second = SampleValues.integers(right.map(signs), [8], type)
      return [UnaryFunction.negate, .absoluteValue, .sign, .relu].map {
        PrimitiveCase(.unary($0), [first])
      }
        + [
          BinaryFunction.add, .subtract, .multiply, .divide, .power, .maximum, .minimum, .remainder,
        ]
        .map { PrimitiveCase(.binary($0), [first, second]) }
    }
  }
}

extension Tensor {
  /// The elements from the last to the first.
  var reversedElements: Tensor {
    func reverse<Scalar: TensorScalar>(_ type: Scalar.Type) -> Tensor {
      Tensor(scalars(of: type).reversed(), shape: shape)
    }
    return elementType.dispatch { reverse($0) }
  }
}
