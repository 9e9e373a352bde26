package import Tensors

/// What a value is, known while the program is traced.
///
/// The batch size N is not known by then. A value that may depend on it is computed for two sizes;
/// where both agree it does not depend on N, and where both are the same multiple of N it is that
/// multiple. Anything else is no dimension that a program can state.
package struct KnownValue: Sendable {
  /// The value for N = `Shape.batch`.
  package let tensor: Tensor
  /// The value for N = `Knowledge.alternativeBatch`; nil if N does not matter.
  package let alternative: Tensor?

  init(_ tensor: Tensor, alternative: Tensor? = nil) {
    self.tensor = tensor
    self.alternative = alternative == tensor ? nil : alternative
  }

  /// The elements as dimensions, which may be multiples of N; nil if one is neither that nor a
  /// number that does not depend on N.
  package var dimensions: [Int]? {
    let first = tensor.converted(to: .int64).scalars(of: Int64.self).map(Int.init)
    guard let alternative else { return first.contains(where: Shape.isSymbolic) ? nil : first }
    let second = alternative.converted(to: .int64).scalars(of: Int64.self).map(Int.init)
    for (left, right) in zip(first, second) {
      let isFixed = left == right && !Shape.isSymbolic(left)
      let isMultiple =
        Shape.isSymbolic(left) && right % Knowledge.alternativeBatch == 0
        && left / Shape.batch == right / Knowledge.alternativeBatch
      guard isFixed || isMultiple else { return nil }
    }
    return first
  }
}

/// What is known of the values of a program that is being traced.
struct Knowledge {
  /// A prime so far from `Shape.batch` that the two differ in float32, too, when rounded.
  static let alternativeBatch = 1_073_741_789
  /// Larger values are computed when the program runs: this is about shapes, not about weights.
  static let largestCount = 4096

  let evaluate: Program.Evaluator
  /// The elements that may still be read and made: loops that are unrolled could go on for hours.
  private var remainingWork = 20_000_000
  /// The values that depend on N.
  var values: [Int: KnownValue] = [:]

  init(evaluate: @escaping Program.Evaluator) { self.evaluate = evaluate }

  /// The result of an equation whose operands are known; nil where they are not.
  mutating func result(
    of equation: Equation, _ operands: [KnownValue?]
  ) throws -> KnownValue? {
    switch equation.primitive {
    case .constant(let tensor): return KnownValue(tensor)
    case .dimension(let size):
      guard Shape.isSymbolic(size) else { return KnownValue(Tensor([Int64(size)], shape: [])) }
      return KnownValue(
        Tensor([Int64(size)], shape: []),
        alternative: Tensor([Int64(size / Shape.batch * Self.alternativeBatch)], shape: []))
    // Nothing about a shape goes through windows, whose number of steps their types do not bound.
    case .convolution, .convolutionInputGradient, .convolutionKernelGradient, .maxPool,
      .maxPoolIndices, .windowSum, .windowSumGradient:
      return nil
    default: break
    }
    guard !equation.type.shape.isSymbolic, equation.type.shape.count <= Self.largestCount else {
      return nil
    }
    var work = equation.type.shape.count
    for operand in operands {
      guard let operand, operand.tensor.count <= Self.largestCount else { return nil }
      work += operand.tensor.count
    }
    guard work <= remainingWork else { return nil }
    remainingWork -= work
    let operands = operands.compactMap(\.self)
    let tensor = try evaluate(equation.primitive, operands.map(\.tensor), equation.type)
    guard operands.contains(where: { $0.alternative != nil }) else { return KnownValue(tensor) }
    return KnownValue(
      tensor,
      alternative: try evaluate(
        equation.primitive, operands.map { $0.alternative ?? $0.tensor }, equation.type))
  }
}

extension ProgramBuilder {
  /// What a value of this program is known to be; nil where that depends on the inputs.
  package func known(_ value: Value) -> KnownValue? {
    if let known = knowledge?.values[value.id] { return known }
    guard case .constant(let tensor) = equation(of: value.id)?.primitive else { return nil }
    return KnownValue(tensor)
  }

  /// The sizes of a value's axes as an int64 vector.
  package func dimensions(of value: Value) -> Value {
    guard value.shape.rank > 0 else { return constant(Tensor([Int64](), shape: [0])) }
    return Value.concatenated(
      value.shape.dimensions.map { append(.dimension($0), []).reshaped(to: [1]) }, axis: 0)
  }
}
