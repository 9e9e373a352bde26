public import Execution
public import Programs

/// The processor: oneDNN for products, loops of our own for the rest, float32 throughout.
///
/// A call runs on its calling thread alone; run several at once to use several cores. Float64
/// programs, and the primitives where speed does not matter, run through the reference kernels.
public struct NativeBackend: Backend {
  /// How convolutions are computed.
  public let convolutions: ConvolutionAlgorithms

  public init(convolutions: ConvolutionAlgorithms = .fastest) {
    self.convolutions = convolutions
  }

  public var description: String {
    "native: \((libraries.map(\.description) + [convolutions.description]).joined(separator: ", "))"
  }

  public var verifying: any Backend { NativeBackend(convolutions: .direct) }

  public func compile(_ program: Program) throws -> any Executable {
    guard !program.isSymbolic else { throw ExecutionError.symbolicProgram }
    SingleThread.adopt()
    var lowering = try Lowering(
      program.simplified().comparingReluResults().slicingOperands(), convolutions: convolutions)
    return NativeExecutable(try lowering.plan())
  }
}

/// How a backend may compute a convolution.
public enum ConvolutionAlgorithms: Hashable, Sendable, CustomStringConvertible {
  /// By whichever algorithm is fastest: for dense 3 x 3 and 5 x 5 kernels that of Winograd, whose
  /// error is about twice a plain sum's.
  case fastest
  /// As the sum that the definition states.
  case direct

  public var description: String {
    switch self {
    case .fastest: "Winograd or direct convolutions"
    case .direct: "direct convolutions"
    }
  }
}
