import Programs
import Tensors

extension Program {
  /// The program with 0 < relu(x) in place of 0 < x.
  ///
  /// Both are the same truth, also for NaN; but the derivative of `relu` then needs its result alone,
  /// which can take the memory of x.
  func comparingReluResults() throws -> Program {
    var results: [Int: Int] = [:]
    var rewritten: [Equation] = []
    for (index, equation) in equations.enumerated() {
      var operands = equation.operands
      switch equation.primitive {
      case .unary(.relu): results[operands[0]] = inputs.count + index
      case .compare(.less) where isZero(operands[0]):
        operands[1] = results[operands[1]] ?? operands[1]
      default: break
      }
      rewritten.append(
        Equation(primitive: equation.primitive, operands: operands, type: equation.type))
    }
    return try Program(
      inputs: inputs, equations: rewritten, outputs: outputs, outputNames: outputNames)
  }

  private func isZero(_ value: Int) -> Bool {
    guard let equation = equation(of: value) else { return false }
    switch equation.primitive {
    case .constant(let tensor): return tensor.count == 1 && tensor.doubles == [0]
    case .broadcast, .reshape, .stopGradient: return isZero(equation.operands[0])
    default: return false
    }
  }
}
