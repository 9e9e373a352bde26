public import Execution
public import Programs

/// The processor: oneDNN for products, loops of our own for the rest, float32 throughout.
///
/// A call runs on its calling thread alone; run several at once to use several cores. Float64
/// programs, and the primitives where speed does not matter, run through the reference kernels.
public struct NativeBackend: Backend {
  public init() {}

  public var description: String {
    "native: \(libraries.map(\.description).joined(separator: ", "))"
  }

  public func compile(_ program: Program) throws -> any Executable {
    guard !program.isSymbolic else { throw ExecutionError.symbolicProgram }
    SingleThread.adopt()
    var lowering = try Lowering(program.simplified().comparingReluResults())
    return NativeExecutable(try lowering.plan())
  }
}
