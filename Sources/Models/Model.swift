public import Programs
public import Tensors

/// A trained network with what is needed to use and to audit it.
///
/// The program maps encoded inputs `[N] + input.encodedShape`, in the user's units, to logits:
/// normalisation is part of it. Its inputs after the first are the parameters.
public struct Model: Sendable {
  /// What the outputs mean.
  public enum Task: String, Codable, Hashable, Sendable {
    /// Logits `[N, K]`, a column per class.
    case classification
    /// Values `[N, 1]`.
    case regression
  }

  public var name: String
  public var program: Program
  /// The values of the program's inputs after the first, by name.
  public var parameters: [String: Tensor]
  public var input: InputSpecification
  public var task: Task
  /// The names of the classes in the order of the logits; empty for a regression.
  public var classNames: [String]
  /// How the parameters came about, as JSON; empty where unknown.
  public var trainingRecord: String
  /// What differentiating the program says about the model.
  public var gradient: GradientAccess
  /// What a reviewer must know about how the program came about, a sentence each.
  public var notes: [String]

  public init(
    name: String, program: Program, parameters: [String: Tensor], input: InputSpecification,
    task: Task = .classification, classNames: [String], trainingRecord: String = "",
    gradient: GradientAccess = .exact, notes: [String] = []
  ) {
    self.name = name
    self.program = program
    self.parameters = parameters
    self.input = input
    self.task = task
    self.classNames = classNames
    self.trainingRecord = trainingRecord
    self.gradient = gradient
    self.notes = notes
  }

  /// The program with the parameters as constants: a function of the inputs alone.
  ///
  /// - Throws: `ProgramError` if a parameter does not have the type that the program states.
  public func bound() throws -> Program { try program.binding(parameters) }
}
