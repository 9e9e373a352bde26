import Programs
import Tensors

extension Program {
  /// Whether a derivative that is not zero everywhere can reach the first output from an input.
  ///
  /// Comparisons, whole numbers and functions that are constant almost everywhere let none pass:
  /// what decides by thresholds alone has no gradient, whoever wrote it.
  func hasGradient(inInput input: Int = 0) -> Bool {
    var reached = [Bool](repeating: false, count: valueCount)
    reached[input] = type(of: input).elementType.isFloatingPoint
    for (index, equation) in equations.enumerated() {
      reached[inputs.count + index] =
        equation.type.elementType.isFloatingPoint && equation.primitive.passesDerivatives
        && equation.operands.contains { reached[$0] }
    }
    return outputs.first.map { reached[$0] } ?? false
  }
}

extension Primitive {
  /// Whether the derivative in a real operand is not zero almost everywhere.
  fileprivate var passesDerivatives: Bool {
    switch self {
    case .unary(.sign), .unary(.floor), .unary(.ceiling), .unary(.round), .stopGradient: false
    default: true
    }
  }
}
