public import Tensors

/// The element type and shape of a value.
public struct ValueType: Hashable, Sendable, Codable, CustomStringConvertible {
  public var elementType: ElementType
  public var shape: Shape

  public init(_ elementType: ElementType = .float32, _ shape: Shape) {
    self.elementType = elementType
    self.shape = shape
  }

  public var description: String { "\(elementType)\(shape.symbolicDescription)" }
}

/// One step of a program: a primitive applied to earlier values.
public struct Equation: Hashable, Sendable {
  public let primitive: Primitive
  /// The numbers of the operands: inputs first, then the results of earlier equations.
  public let operands: [Int]
  public let type: ValueType

  package init(primitive: Primitive, operands: [Int], type: ValueType) {
    self.primitive = primitive
    self.operands = operands
    self.type = type
  }
}

/// A typed, flat list of equations: a model, a gradient, the step of an attack.
///
/// Values are numbered: inputs first, then one result per equation. A program is checked when it
/// is made, so that a reading of it cannot meet a shape error. Shapes may contain the symbolic
/// dimension `Shape.batch`; `bound(batch:)` replaces it.
public struct Program: Hashable, Sendable {
  /// A named value: an input or an output.
  public struct Port: Hashable, Sendable, Codable {
    public let name: String
    public let type: ValueType

    public init(name: String, type: ValueType) {
      self.name = name
      self.type = type
    }
  }

  public let inputs: [Port]
  public let equations: [Equation]
  /// The names of the results.
  public let outputNames: [String]
  /// The numbers of the values that are returned.
  public let outputs: [Int]

  /// A program from its parts.
  ///
  /// - Throws: `ProgramError` naming the first equation whose operands do not fit.
  public init(
    inputs: [Port], equations: [Equation], outputs: [Int], outputNames: [String]
  ) throws {
    self.inputs = inputs
    self.equations = equations
    self.outputs = outputs
    self.outputNames = outputNames
    try validate()
  }

  /// The number of values: inputs and results.
  public var valueCount: Int { inputs.count + equations.count }

  /// The type of the value with a number.
  public func type(of value: Int) -> ValueType {
    value < inputs.count ? inputs[value].type : equations[value - inputs.count].type
  }

  /// The equation that makes a value, nil for an input.
  public func equation(of value: Int) -> Equation? {
    value < inputs.count ? nil : equations[value - inputs.count]
  }

  public var outputTypes: [ValueType] { outputs.map(type(of:)) }

  private func validate() throws {
    guard outputs.count == outputNames.count else {
      throw ProgramError.outputNames(outputs: outputs.count, names: outputNames.count)
    }
    for input in inputs {
      do { try input.type.checkSize() } catch let error as TypeError {
        throw ProgramError.inputType(name: input.name, reason: error.reason)
      }
    }
    for (index, equation) in equations.enumerated() {
      let value = inputs.count + index
      guard equation.operands.allSatisfy({ (0..<value).contains($0) }) else {
        throw ProgramError.operandOutOfRange(equation: index, operands: equation.operands)
      }
      do {
        let type = try equation.primitive.resultType(of: equation.operands.map(type(of:)))
        guard type == equation.type else {
          throw TypeError("states \(equation.type), but has type \(type)")
        }
      } catch let error as TypeError {
        throw ProgramError.types(
          equation: index, name: equation.primitive.name.description,
          operands: equation.operands.map(type(of:)), reason: error.reason)
      }
    }
    guard outputs.allSatisfy({ (0..<valueCount).contains($0) }) else {
      throw ProgramError.operandOutOfRange(equation: equations.count, operands: outputs)
    }
  }
}

/// Why a list of equations is not a program.
public enum ProgramError: Error, Hashable, Sendable, CustomStringConvertible {
  case types(equation: Int, name: String, operands: [ValueType], reason: String)
  case operandOutOfRange(equation: Int, operands: [Int])
  case outputNames(outputs: Int, names: Int)
  case inputType(name: String, reason: String)

  public var description: String {
    switch self {
    case .types(let equation, let name, let operands, let reason):
      let types = operands.map(\.description).joined(separator: ", ")
      return "equation \(equation), \(name)(\(types)): \(reason)"
    case .operandOutOfRange(let equation, let operands):
      return "equation \(equation) uses values \(operands) that no earlier equation makes"
    case .outputNames(let outputs, let names):
      return "a program of \(outputs) outputs needs as many names, got \(names)"
    case .inputType(let name, let reason): return "input '\(name)': \(reason)"
    }
  }
}
