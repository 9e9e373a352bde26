import Execution
package import Programs
package import Tensors

/// Traces a network that is read from a file, and remembers what its program cannot say.
package final class NetworkTracer {
  package let builder = ProgramBuilder(
    evaluating: ReferenceBackend.evaluate, limits: TraceLimits())
  private var weightNames: [Int: String] = [:]
  private var origins: [Int: OutputOrigin] = [:]
  /// The values that are logarithms of what `origins` says.
  private var logarithms: Set<Int> = []
  private var notes: [String] = []
  private var straightThrough: [String] = []
  private var gradientless: [String] = []
  private var classNames: [String]?

  package init() {}

  /// A weight of the file, as a constant whose name is kept.
  package func weight(_ name: String, _ tensor: Tensor) -> Value {
    let value = builder.constant(tensor)
    weightNames[value.id] = name
    return value
  }

  /// What a value is known to be before the program runs.
  package func known(_ value: Value) -> KnownValue? { builder.known(value) }

  /// - Throws: the first error of what has been traced so far, as a `ProgramError`.
  package func check() throws {
    if let failure = builder.failure { throw failure }
  }

  // MARK: Activations that outputs may end in

  package func softmax(_ value: Value, axis: Int) -> Value {
    let result = value.softmax(axis: axis)
    if axis == value.shape.rank - 1 { origins[result.id] = .softmax(of: value.id) }
    return result
  }

  package func logSoftmax(_ value: Value, axis: Int) -> Value {
    let result = value.logSoftmax(axis: axis)
    if axis == value.shape.rank - 1 { origins[result.id] = .softmax(of: value.id) }
    logarithms.insert(result.id)
    return result
  }

  package func logistic(_ value: Value) -> Value {
    let result = value.logistic()
    origins[result.id] = .logistic(of: value.id)
    return result
  }

  /// The columns 1 − σ(z) and σ(z) of a score z `[N, 1]`: the softmax of (0, z).
  package func logisticPair(_ value: Value) -> Value {
    let result = Value.concatenated([(-value).logistic(), value.logistic()], axis: 1)
    markSoftmax(result, ofSecond: value)
    return result
  }

  /// Says that two columns are the softmax of (0, z) for a score z `[N, 1]`.
  package func markSoftmax(_ result: Value, ofSecond value: Value) {
    origins[result.id] = .softmax(of: Value.concatenated([value * 0, value], axis: 1).id)
  }

  /// Says that a value holds probabilities which no logits were computed for.
  package func markProbabilities(_ value: Value) { origins[value.id] = .probabilities }

  /// How the value with a number came about.
  func origin(of id: Int) -> OutputOrigin { origins[id] ?? .plain }

  /// Says that a value was divided by the sums of its rows, which probabilities do not change by.
  package func keepOrigin(of value: Value, normalised result: Value) {
    switch origins[value.id] {
    case .softmax(let logits) where !logarithms.contains(value.id):
      origins[result.id] = .softmax(of: logits)
    // One σ per class: what they become when divided by their sum has no logits any more.
    case .probabilities, .logistic: origins[result.id] = .probabilities
    case .plain, .softmax, nil: break
    }
  }

  // MARK: What a report must say

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

  /// The names of the classes that scores are for, in their order; what is said last counts.
  package func noteClasses(_ names: [String]) { classNames = names }

  // MARK: The result

  /// The network with these outputs.
  ///
  /// - Throws: the first shape or type error of the tracing, as a `ProgramError`.
  package func network(_ outputs: [(name: String, value: Value)]) throws -> ImportedNetwork {
    let origins = outputs.map { resolvedOrigin(of: $0.value) }
    let program = try builder.program(outputs)
    return ImportedNetwork(
      program: program, weightNames: weightNames, origins: origins, gradient: gradient,
      notes: notes, classNames: classNames)
  }

  private var gradient: GradientKind {
    if !gradientless.isEmpty { return .none(operators: gradientless) }
    return straightThrough.isEmpty ? .exact : .straightThrough(operators: straightThrough)
  }
}

extension ProgramBuilder {
  /// The names of the inputs that a value follows from.
  func inputs(behind value: Int) -> [String] {
    var seen: Set<Int> = [value]
    var waiting = [value]
    var names: [String] = []
    while let id = waiting.popLast() {
      guard let equation = equation(of: id) else {
        names.append(inputs[id].name)
        continue
      }
      for operand in equation.operands where seen.insert(operand).inserted {
        waiting.append(operand)
      }
    }
    return names.sorted()
  }
}
