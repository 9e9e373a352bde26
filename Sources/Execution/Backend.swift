public import Programs
public import Tensors

/// A machine that programs are compiled for.
public protocol Backend: Sendable {
  /// What reports call the backend, with the versions of the libraries that do its work.
  var description: String { get }

  /// The same machine where every number is the sum that its definition states, however long it
  /// takes: what is recorded as a finding rests on it.
  var verifying: any Backend { get }

  /// Prepares a program for repeated execution.
  ///
  /// - Precondition: the program is not symbolic: its batch size has been bound.
  /// - Throws: `ExecutionError` if the backend cannot run it.
  func compile(_ program: Program) throws -> any Executable
}

extension Backend {
  public var verifying: any Backend { self }
}

/// A compiled program: a function of tensors.
///
/// May be called from several threads at once. The result for one row of a batch depends neither
/// on the other rows nor on the number of threads.
public protocol Executable: Sendable {
  /// Runs the program.
  ///
  /// - Throws: `ExecutionError` if an input does not have the type that the program states.
  func callAsFunction(_ inputs: [Tensor]) throws -> [Tensor]
}

/// Why a program could not be compiled or run.
public enum ExecutionError: Error, Hashable, Sendable, CustomStringConvertible {
  case inputCount(expected: Int, got: Int)
  case inputType(name: String, expected: ValueType, got: ValueType)
  case indexOutOfRange(primitive: String, index: Int, count: Int)
  case symbolicProgram
  case library(name: String, operation: String, status: Int)

  public var description: String {
    switch self {
    case .inputCount(let expected, let got): "the program takes \(expected) inputs, got \(got)"
    case .inputType(let name, let expected, let got):
      "input '\(name)' expects \(expected), got \(got)"
    case .indexOutOfRange(let primitive, let index, let count):
      "\(primitive): index \(index) is outside 0..<\(count)"
    case .symbolicProgram: "the program's batch size must be bound before it is compiled"
    case .library(let name, let operation, let status):
      "\(name) failed with status \(status) in \(operation)"
    }
  }
}

extension Program {
  /// Checks that tensors are what the inputs expect.
  package func check(_ tensors: [Tensor]) throws {
    guard tensors.count == inputs.count else {
      throw ExecutionError.inputCount(expected: inputs.count, got: tensors.count)
    }
    for (port, tensor) in zip(inputs, tensors) {
      let type = ValueType(tensor.elementType, tensor.shape)
      guard type == port.type else {
        throw ExecutionError.inputType(name: port.name, expected: port.type, got: type)
      }
    }
  }
}
