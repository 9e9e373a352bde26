import CKernels
import Programs
import Tensors

/// The loops that stand for elementwise equations.
enum ChainFunction {
  /// The opcode for an equation, nil where the reference kernels compute it.
  static func opcode(_ primitive: Primitive, operand: ElementType, result: ElementType) -> Int? {
    switch primitive {
    case .unary(let function):
      if function == .not { return ASSAY_NOT_BOOL }
      return operand == .float32 ? opcode(function) : nil
    case .binary(let function): return opcode(function, operand)
    case .compare(let comparison): return opcode(comparison, operand)
    case .select:
      return [1: ASSAY_SELECT_1, 4: ASSAY_SELECT_4, 8: ASSAY_SELECT_8][result.byteCount]
    case .convert: return conversion(from: operand, to: result)
    default: return nil
    }
  }

  /// A comparison of float32 numbers that gives 1 or 0 as a float32.
  static func opcode(asFloat comparison: Comparison) -> Int {
    switch comparison {
    case .equal: ASSAY_EQUAL_F32_F32
    case .less: ASSAY_LESS_F32_F32
    case .lessOrEqual: ASSAY_LESS_OR_EQUAL_F32_F32
    }
  }

  private static func opcode(_ function: UnaryFunction) -> Int {
    switch function {
    case .negate: ASSAY_NEGATE_F32
    case .absoluteValue: ASSAY_ABSOLUTE_F32
    case .sign: ASSAY_SIGN_F32
    case .exponential: ASSAY_EXPONENTIAL_F32
    case .logarithm: ASSAY_LOGARITHM_F32
    case .logarithmOnePlus: ASSAY_LOGARITHM_ONE_PLUS_F32
    case .squareRoot: ASSAY_SQUARE_ROOT_F32
    case .sine: ASSAY_SINE_F32
    case .cosine: ASSAY_COSINE_F32
    case .arctangent: ASSAY_ARCTANGENT_F32
    case .hyperbolicTangent: ASSAY_HYPERBOLIC_TANGENT_F32
    case .logistic: ASSAY_LOGISTIC_F32
    case .errorFunction: ASSAY_ERROR_FUNCTION_F32
    case .floor: ASSAY_FLOOR_F32
    case .ceiling: ASSAY_CEILING_F32
    case .round: ASSAY_ROUND_F32
    case .relu: ASSAY_RELU_F32
    case .not: ASSAY_NOT_BOOL
    }
  }

  private static func opcode(_ function: BinaryFunction, _ type: ElementType) -> Int? {
    switch (function, type) {
    case (.add, .float32): ASSAY_ADD_F32
    case (.subtract, .float32): ASSAY_SUBTRACT_F32
    case (.multiply, .float32): ASSAY_MULTIPLY_F32
    case (.divide, .float32): ASSAY_DIVIDE_F32
    case (.power, .float32): ASSAY_POWER_F32
    case (.maximum, .float32): ASSAY_MAXIMUM_F32
    case (.minimum, .float32): ASSAY_MINIMUM_F32
    case (.remainder, .float32): ASSAY_REMAINDER_F32
    case (.and, _): ASSAY_AND_BOOL
    case (.or, _): ASSAY_OR_BOOL
    case (.add, .int32): ASSAY_ADD_I32
    case (.subtract, .int32): ASSAY_SUBTRACT_I32
    case (.multiply, .int32): ASSAY_MULTIPLY_I32
    case (.maximum, .int32): ASSAY_MAXIMUM_I32
    case (.minimum, .int32): ASSAY_MINIMUM_I32
    case (.add, .int64): ASSAY_ADD_I64
    case (.subtract, .int64): ASSAY_SUBTRACT_I64
    case (.multiply, .int64): ASSAY_MULTIPLY_I64
    case (.maximum, .int64): ASSAY_MAXIMUM_I64
    case (.minimum, .int64): ASSAY_MINIMUM_I64
    default: nil
    }
  }

  private static func opcode(_ comparison: Comparison, _ type: ElementType) -> Int? {
    switch (comparison, type) {
    case (.equal, .float32): ASSAY_EQUAL_F32
    case (.less, .float32): ASSAY_LESS_F32
    case (.lessOrEqual, .float32): ASSAY_LESS_OR_EQUAL_F32
    case (.equal, .int32): ASSAY_EQUAL_I32
    case (.less, .int32): ASSAY_LESS_I32
    case (.lessOrEqual, .int32): ASSAY_LESS_OR_EQUAL_I32
    case (.equal, .int64): ASSAY_EQUAL_I64
    case (.less, .int64): ASSAY_LESS_I64
    case (.lessOrEqual, .int64): ASSAY_LESS_OR_EQUAL_I64
    case (.equal, .bool), (.equal, .uint8): ASSAY_EQUAL_BOOL
    case (.less, .bool), (.less, .uint8): ASSAY_LESS_BOOL
    case (.lessOrEqual, .bool), (.lessOrEqual, .uint8): ASSAY_LESS_OR_EQUAL_BOOL
    default: nil
    }
  }

  private static func conversion(from source: ElementType, to target: ElementType) -> Int? {
    switch (source, target) {
    case (.bool, .float32): ASSAY_BOOL_TO_F32
    case (.uint8, .float32): ASSAY_U8_TO_F32
    case (.int32, .float32): ASSAY_I32_TO_F32
    case (.int64, .float32): ASSAY_I64_TO_F32
    case (.float32, .bool): ASSAY_F32_TO_BOOL
    case (.float32, .int32): ASSAY_F32_TO_I32
    case (.float32, .int64): ASSAY_F32_TO_I64
    case (.bool, .int32): ASSAY_BOOL_TO_I32
    case (.bool, .int64): ASSAY_BOOL_TO_I64
    case (.int32, .int64): ASSAY_I32_TO_I64
    case (.int64, .int32): ASSAY_I64_TO_I32
    default: nil
    }
  }
}
