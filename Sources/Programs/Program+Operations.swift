import Tensors

extension Program {
  /// The floating-point operations of products and convolutions, two a multiply-add: what a
  /// processor's peak is measured in.
  ///
  /// - Precondition: the program is bound to a number of samples.
  package var operationCount: Double {
    equations.reduce(0) { $0 + 2 * multiplyAdds($1) }
  }

  private func multiplyAdds(_ equation: Equation) -> Double {
    let shapes = equation.operands.map { type(of: $0).shape }
    let result = Double(equation.type.shape.count)
    switch equation.primitive {
    case .matrixMultiply(let transposeLeft, _):
      let left = shapes[0]
      return result * Double(left[left.rank - (transposeLeft ? 2 : 1)])
    case .convolution:
      // Each result is a sum over a kernel's channels and window.
      return result * Double(shapes[1].count / max(shapes[1][0], 1))
    case .convolutionInputGradient:
      return Double(shapes[0].count) * Double(shapes[1].count / max(shapes[1][0], 1))
    case .convolutionKernelGradient(_, let window):
      let taps = window.reduce(1, *) * equation.type.shape[1]
      return Double(shapes[1].count) * Double(taps)
    default:
      return 0
    }
  }
}
