import Execution
import Programs
import TestSupport
import Tensors

/// A case of the primitive table, some operands of which differ from sample to sample.
struct MappedCase: CustomStringConvertible {
  static let samples = 3

  let example: PrimitiveCase
  let mapped: Set<Int>

  /// Every case with every subset of its operands.
  static func all(_ type: ElementType) -> [MappedCase] {
    PrimitiveCase.all(type).flatMap { example in
      (0..<1 << example.operands.count).map { subset in
        MappedCase(
          example: example,
          mapped: Set(example.operands.indices.filter { subset >> $0 & 1 == 1 }))
      }
    }
  }

  var description: String { "\(example.name), mapped over \(mapped.sorted())" }

  /// The names of the inputs that differ from sample to sample.
  var names: Set<String> { Set(mapped.map { "x\($0)" }) }

  /// Whether no composition of primitives does it: the documented exceptions.
  var isRefused: Bool {
    switch example.primitive {
    case .randomUniform: !mapped.isEmpty
    case .convolution, .convolutionInputGradient, .convolutionKernelGradient: mapped.count == 2
    default: false
    }
  }

  /// The operands of one sample.
  func operands(sample: Int) -> [Tensor] {
    example.operands.enumerated().map { position, operand in
      mapped.contains(position) ? MappedCase.variant(operand, sample) : operand
    }
  }

  /// The operands of all samples.
  var operands: [Tensor] {
    example.operands.enumerated().map { position, operand in
      guard mapped.contains(position) else { return operand }
      return Tensor.stacked((0..<MappedCase.samples).map { MappedCase.variant(operand, $0) })
    }
  }

  /// The elements rotated, so that they stay in the domain; a single one is lowered instead.
  private static func variant(_ operand: Tensor, _ sample: Int) -> Tensor {
    let count = operand.shape.count
    guard count != 1 else {
      return Tensor([operand.doubles[0] - Double(sample)], shape: operand.shape)
        .converted(to: operand.elementType)
    }
    return operand.reshaped(to: [count]).rows((0..<count).map { ($0 + sample) % count })
      .reshaped(to: operand.shape)
  }
}

extension Tensor {
  /// Tensors of one shape along a new first axis.
  static func stacked(_ parts: [Tensor]) -> Tensor {
    concatenated(parts.map { $0.reshaped(to: [1] + $0.shape) })
  }
}
