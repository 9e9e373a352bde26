public import Tensors

/// Records equations while a program is traced.
///
/// A shape or type error does not interrupt the tracing: the first one is kept, values after it
/// have a nominal type, and `program(_:)` throws it.
public final class ProgramBuilder {
  package private(set) var inputs: [Program.Port] = []
  package private(set) var equations: [Equation] = []
  private var operandTypes: [ValueType] = []
  private var constants: [Tensor: Int] = [:]
  /// The first error met, thrown by `program(_:)`.
  package private(set) var failure: (any Error)?
  /// What is known of values before the program runs; empty without an evaluator.
  var knowledge: Knowledge?
  /// What is refused; nil where programs come from the programmer.
  private var limits: TraceLimits?

  public init() {}

  /// A builder that computes what it can while it traces: values that follow from constants and
  /// from the sizes of others, up to a limit of elements.
  package init(evaluating: @escaping Program.Evaluator, limits: TraceLimits? = nil) {
    knowledge = Knowledge(evaluate: evaluating)
    self.limits = limits
  }

  /// Declares an input; inputs come before equations.
  public func input(_ name: String, _ type: ValueType) -> Value {
    precondition(equations.isEmpty, "input '\(name)' must be declared before the first operation")
    inputs.append(Program.Port(name: name, type: type))
    if failure == nil { failure = inputError(name, type) }
    operandTypes.append(type)
    return Value(builder: self, id: inputs.count - 1, type: type)
  }

  private func inputError(_ name: String, _ type: ValueType) -> ProgramError? {
    do {
      try type.checkSize()
      try limits?.check(type)
      return nil
    } catch {
      return .inputType(name: name, reason: (error as? TypeError)?.reason ?? "\(error)")
    }
  }

  /// A tensor as a value; equal small tensors share one.
  public func constant(_ tensor: Tensor) -> Value {
    guard tensor.count <= 16 else { return append(.constant(tensor), []) }
    if let id = constants[tensor] { return value(id) }
    let value = append(.constant(tensor), [])
    constants[tensor] = value.id
    return value
  }

  /// Appends an equation and returns its result.
  public func append(_ primitive: Primitive, _ operands: [Value]) -> Value {
    for operand in operands {
      precondition(operand.builder === self, "\(primitive.name) mixes values of two programs")
    }
    let types = operands.map(\.type)
    let type: ValueType
    do {
      type = try checkedType(of: primitive, types)
    } catch {
      if failure == nil {
        failure = ProgramError.types(
          equation: equations.count, name: primitive.name.description, operands: types,
          reason: (error as? TypeError)?.reason ?? "\(error)")
      }
      type = primitive.nominalType(of: types)
    }
    let equation = Equation(primitive: primitive, operands: operands.map(\.id), type: type)
    guard failure == nil, let known = known(equation) else { return add(equation) }
    guard known.alternative == nil else {
      let value = add(equation)
      knowledge?.values[value.id] = known
      return value
    }
    if case .constant = primitive { return add(equation) }
    return constant(known.tensor)
  }

  private func checkedType(of primitive: Primitive, _ operands: [ValueType]) throws -> ValueType {
    let type = try primitive.resultType(of: operands)
    try limits?.check(type)
    try limits?.check(equationCount: equations.count)
    return type
  }

  private func add(_ equation: Equation) -> Value {
    equations.append(equation)
    operandTypes.append(equation.type)
    return Value(builder: self, id: operandTypes.count - 1, type: equation.type)
  }

  private func known(_ equation: Equation) -> KnownValue? {
    guard knowledge != nil else { return nil }
    let operands = equation.operands.map { known(value($0)) }
    do {
      return try knowledge?.result(of: equation, operands)
    } catch {
      failure = ProgramError.types(
        equation: equations.count, name: equation.primitive.name.description,
        operands: equation.operands.map { operandTypes[$0] }, reason: "\(error)")
      return nil
    }
  }

  /// Keeps the first error of a composite operation, to be thrown by `program(_:)`.
  package func fail(_ name: String, _ operands: [Value], _ reason: String) {
    guard failure == nil else { return }
    failure = ProgramError.types(
      equation: equations.count, name: name, operands: operands.map(\.type), reason: reason)
  }

  /// The value with a number.
  package func value(_ id: Int) -> Value {
    Value(builder: self, id: id, type: operandTypes[id])
  }

  package func equation(of id: Int) -> Equation? {
    id < inputs.count ? nil : equations[id - inputs.count]
  }

  /// The finished program with the given outputs.
  ///
  /// - Throws: the first error met while tracing, as a `ProgramError`.
  public func program(_ outputs: [(name: String, value: Value)]) throws -> Program {
    if let failure { throw failure }
    return try Program(
      inputs: inputs, equations: equations, outputs: outputs.map(\.value.id),
      outputNames: outputs.map(\.name))
  }

  /// Appends another program's equations, with values in place of its inputs; returns its outputs.
  public func inline(_ program: Program, _ arguments: [Value]) -> [Value] {
    precondition(
      arguments.count == program.inputs.count,
      "expected \(program.inputs.count) arguments, got \(arguments.count)")
    var values = arguments
    for (argument, input) in zip(arguments, program.inputs) where argument.type != input.type {
      fail("call", [argument], "input '\(input.name)' expects \(input.type)")
    }
    for equation in program.equations {
      values.append(append(equation.primitive, equation.operands.map { values[$0] }))
    }
    return program.outputs.map { values[$0] }
  }
}

extension Program {
  /// Traces a function into a program.
  ///
  /// - Throws: the first shape or type error, or what the function throws.
  public static func trace(
    _ inputs: [Port], _ function: ([Value]) throws -> [(name: String, value: Value)]
  ) throws -> Program {
    let builder = ProgramBuilder()
    let values = inputs.map { builder.input($0.name, $0.type) }
    return try builder.program(try function(values))
  }
}

extension Primitive {
  /// What stands for the type of a result that there is none of: it has as many axes as was asked
  /// for, so that the tracing can go on.
  fileprivate func nominalType(of operands: [ValueType]) -> ValueType {
    let type = operands.first?.elementType ?? .float32
    switch self {
    case .iota(let type, let shape, _): return ValueType(type, shape.ones)
    case .broadcast(let shape, _), .reshape(let shape): return ValueType(type, shape.ones)
    default: return operands.first ?? ValueType(type, [])
    }
  }
}

extension Shape {
  /// As many axes, with one element each.
  fileprivate var ones: Shape { Shape(dimensions.map { _ in 1 }) }
}
