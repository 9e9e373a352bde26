import Execution
package import Programs
package import Tensors

/// Traces a network that is read from a file, and remembers what its program cannot say.
package final class NetworkTracer {
  package let builder = ProgramBuilder(evaluating: ReferenceBackend.evaluate)
  private var weightNames: [Int: String] = [:]
  private var origins: [Int: OutputOrigin] = [:]
  private var classNames: [String]?
  private var notes: [String] = []
  private var straightThrough: [String] = []
  private var gradientless: [String] = []

  package init() {}

  /// A weight of the file, as a constant whose name is kept.
  package func weight(_ name: String, _ tensor: Tensor) -> Value {
    let value = builder.constant(tensor)
    weightNames[value.id] = name
    return value
  }

  /// What a value is known to be before the program runs.
  package func known(_ value: Value) -> KnownValue? { builder.known(value) }

  // MARK: Activations that outputs may end in

  package func softmax(_ value: Value, axis: Int) -> Value {
    let result = value.softmax(axis: axis)
    if axis == value.shape.rank - 1 { origins[result.id] = .softmax(of: value.id) }
    return result
  }

  package func logSoftmax(_ value: Value, axis: Int) -> Value {
    let result = value.logSoftmax(axis: axis)
    if axis == value.shape.rank - 1 { origins[result.id] = .softmax(of: value.id) }
    return result
  }

  package func logistic(_ value: Value) -> Value {
    let result = value.logistic()
    origins[result.id] = .logistic(of: value.id)
    return result
  }

  /// Says that a value holds probabilities which no logits were computed for.
  package func markProbabilities(_ value: Value) { origins[value.id] = .probabilities }

  // MARK: What a report must say

  /// Records what the file calls the classes that its scores are for.
  package func noteClasses(_ names: [String]) { classNames = names }

  package func note(_ sentence: String) {
    if !notes.contains(sentence) { notes.append(sentence) }
  }

  /// Records that an operator's rounding counts as the identity in derivatives.
  package func markStraightThrough(_ name: String) {
    if !straightThrough.contains(name) { straightThrough.append(name) }
  }

  /// Records that an operator is constant almost everywhere.
  package func markGradientless(_ name: String) {
    if !gradientless.contains(name) { gradientless.append(name) }
  }

  // MARK: The result

  /// The network with these outputs.
  ///
  /// - Throws: the first shape or type error of the tracing, as a `ProgramError`.
  package func network(_ outputs: [(name: String, value: Value)]) throws -> ImportedNetwork {
    let program = try builder.program(outputs)
    return ImportedNetwork(
      program: program, weightNames: weightNames,
      origins: outputs.map { origins[$0.value.id] ?? .plain }, classNames: classNames,
      gradient: gradient, notes: notes)
  }

  private var gradient: GradientKind {
    if !gradientless.isEmpty { return .none(operators: gradientless) }
    return straightThrough.isEmpty ? .exact : .straightThrough(operators: straightThrough)
  }
}
