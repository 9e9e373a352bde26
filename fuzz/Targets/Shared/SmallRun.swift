import Execution
package import Programs
import Tensors

/// Runs a program once, unless a single run would take long.
///
/// The fuzzer looks for programs on which a kernel fails, not for those that merely are large.
package enum SmallRun {
  /// The elements of all values together.
  static let largestCount = 100_000
  /// The products of a convolution or of matrices.
  static let largestWork = 5_000_000

  /// Runs the program for one sample of ones, with nothing but small numbers elsewhere.
  ///
  /// - Throws: What the program or a kernel says about it.
  package static func once(_ program: Program) throws {
    let bound = try program.bound(batch: 1)
    guard isSmall(bound) else { return }
    let inputs = bound.inputs.map { port in
      Tensor(repeating: 1, shape: port.type.shape, elementType: port.type.elementType)
    }
    let executable = try ReferenceBackend().compile(bound)
    _ = try executable(inputs)
  }

  private static func isSmall(_ program: Program) -> Bool {
    var (count, work) = (0.0, 0.0)
    for value in 0..<program.valueCount {
      let result = elements(program.type(of: value).shape)
      count += result
      guard let equation = program.equation(of: value) else { continue }
      let operands = equation.operands.map { elements(program.type(of: $0).shape) }
      work += steps(equation.primitive, result: result, operands: operands)
    }
    return count <= Double(largestCount) && work <= Double(largestWork)
  }

  /// A bound on the steps that the kernel of a primitive takes.
  private static func steps(_ primitive: Primitive, result: Double, operands: [Double]) -> Double {
    switch primitive {
    case .matrixMultiply, .convolution, .convolutionInputGradient, .convolutionKernelGradient:
      result * operands.reduce(1, max)
    case .maxPool(let windows), .maxPoolIndices(let windows), .windowSum(let windows):
      result * elements(Shape(windows.size))
    case .windowSumGradient(let windows, _): operands[0] * elements(Shape(windows.size))
    default: result
    }
  }

  private static func elements(_ shape: Shape) -> Double {
    shape.dimensions.reduce(1) { $0 * Double($1) }
  }
}
