import Programs
import Tensors

extension ONNXExport {
  func unary(_ function: UnaryFunction, _ equation: Equation) throws -> String {
    let operand = try name(of: equation.operands[0])
    // The standard has neither for uint8: −x wraps around, and no x is negative.
    switch (function, equation.type.elementType) {
    case (.negate, .uint8): return graph.node("Sub", [graph.scalar(0, .uint8), operand])
    case (.relu, .uint8): return operand
    default: break
    }
    guard let name = function.onnxName else {
      return graph.call(ONNXExportedFunctions.logarithmOnePlus, [operand])
    }
    return graph.node(name, [operand])
  }

  func binary(_ function: BinaryFunction, _ equation: Equation) throws -> String {
    if let whole = try absorbing(function, equation) { return whole }
    let operands = try alignedOperands(equation)
    let type = equation.type.elementType
    switch function {
    case .add: return graph.node("Add", operands)
    case .subtract: return graph.node("Sub", operands)
    case .multiply: return graph.node("Mul", operands)
    case .maximum: return graph.node("Max", operands)
    case .minimum: return graph.node("Min", operands)
    case .and: return graph.node("And", operands)
    case .or: return graph.node("Or", operands)
    case .power: return type == .uint8 ? wrappedPower(operands) : graph.node("Pow", operands)
    case .divide where type.isFloatingPoint: return graph.node("Div", operands)
    case .divide: return guarded(equation, operands, "Div", byZero: graph.scalar(0, type))
    case .remainder where type.isFloatingPoint: return remainder(operands, type)
    case .remainder: return guarded(equation, operands, "Mod", byZero: operands[0])
    }
  }

  /// A quotient or remainder of integers, which programs define for 0 and ONNX does not.
  ///
  /// The smallest integer divided by −1 stays undefined there.
  private func guarded(
    _ equation: Equation, _ operands: [String], _ operator: String, byZero: String
  ) -> String {
    let type = equation.type.elementType
    if let divisor = program.constant(behind: equation.operands[1]),
      !divisor.doubles.contains(0)
    {
      return graph.node(`operator`, operands)
    }
    let isZero = graph.node("Equal", [operands[1], graph.scalar(0, type)])
    let divisor = graph.node("Where", [isZero, graph.scalar(1, type), operands[1]])
    let quotient = graph.node(`operator`, [operands[0], divisor])
    return graph.node("Where", [isZero, byZero, quotient])
  }

  /// a − b ⌊a / b⌋: the remainder r of the division toward zero, or r + b if that has another sign.
  private func remainder(_ operands: [String], _ type: ElementType) -> String {
    let zero = graph.scalar(0, type)
    let rest = graph.node("Mod", operands, [.flag("fmod", true)])
    let isNegative = graph.node("Less", [rest, zero])
    let isDivisorNegative = graph.node("Less", [operands[1], zero])
    let differs = graph.node("Xor", [isNegative, isDivisorNegative])
    let isWhole = graph.node("Equal", [rest, zero])
    let moves = graph.node("And", [differs, graph.node("Not", [isWhole])])
    return graph.node("Where", [moves, graph.node("Add", [rest, operands[1]]), rest])
  }

  /// A power of uint8 numbers, for which ONNX has none; exact up to 2⁵³ before it wraps around.
  private func wrappedPower(_ operands: [String]) -> String {
    let wide = operands.map { cast($0, to: .int64) }
    return wrapped(graph.node("Pow", wide), to: .uint8)
  }

  func compare(_ comparison: Comparison, _ equation: Equation) throws -> String {
    var operands = try alignedOperands(equation)
    // The standard orders numbers only.
    if comparison != .equal, type(of: equation.operands[0]).elementType == .bool {
      operands = operands.map { cast($0, to: .uint8) }
    }
    switch comparison {
    case .equal: return graph.node("Equal", operands)
    case .less: return graph.node("Less", operands)
    case .lessOrEqual: return graph.node("LessOrEqual", operands)
    }
  }

  func select(_ equation: Equation) throws -> String {
    var operands = try alignedOperands(equation)
    guard equation.type.elementType == .bool else { return graph.node("Where", operands) }
    // onnxruntime chooses between numbers only.
    for index in 1...2 { operands[index] = cast(operands[index], to: .uint8) }
    return cast(graph.node("Where", operands), to: .bool)
  }

  /// A conversion; narrower integers saturate, which `Cast` leaves open.
  ///
  /// So it does for real numbers beyond int32 and int64, and for NaN, which programs convert to 0.
  func convert(_ equation: Equation, to type: ElementType) throws -> String {
    let operand = try name(of: equation.operands[0])
    let source = self.type(of: equation.operands[0]).elementType
    guard source != type else { return operand }
    let limits: (Double, Double)? =
      switch (source, type) {
      case (.float32, .uint8), (.float64, .uint8), (.int64, .uint8), (.int32, .uint8): (0, 255)
      case (.int64, .int32): (-2_147_483_648, 2_147_483_647)
      default: nil
      }
    guard let limits else { return cast(operand, to: type) }
    let bounds = [graph.scalar(limits.0, source), graph.scalar(limits.1, source)]
    return cast(graph.node("Clip", [operand] + bounds), to: type)
  }

  func cast(_ value: String, to type: ElementType) -> String {
    graph.node("Cast", [value], [.int("to", Int(ONNXElementType(type).rawValue))])
  }

  /// An int64 value in a narrower type, modulo its range: casts may saturate.
  func wrapped(_ value: String, to type: ElementType) -> String {
    switch type {
    case .uint8: cast(graph.node("Mod", [value, graph.scalar(256, .int64)]), to: type)
    case .int32:
      // (x + 2³¹) mod 2³² − 2³¹
      cast(
        graph.node(
          "Sub",
          [
            graph.node(
              "Mod",
              [
                graph.node("Add", [value, graph.scalar(0x1p31, .int64)]),
                graph.scalar(0x1p32, .int64),
              ]), graph.scalar(0x1p31, .int64),
          ]), to: type)
    case .int64, .float32, .float64, .bool: value
    }
  }
}

extension UnaryFunction {
  /// The operator that computes the function; nil where there is none.
  fileprivate var onnxName: String? {
    switch self {
    case .negate: "Neg"
    case .absoluteValue: "Abs"
    case .sign: "Sign"
    case .exponential: "Exp"
    case .logarithm: "Log"
    case .logarithmOnePlus: nil
    case .squareRoot: "Sqrt"
    case .sine: "Sin"
    case .cosine: "Cos"
    case .arctangent: "Atan"
    case .hyperbolicTangent: "Tanh"
    case .logistic: "Sigmoid"
    case .errorFunction: "Erf"
    case .floor: "Floor"
    case .ceiling: "Ceil"
    case .round: "Round"
    case .relu: "Relu"
    case .not: "Not"
    }
  }
}

extension Program {
  /// The constant that a value repeats, if it does.
  func constant(behind value: Int) -> Tensor? {
    guard let equation = equation(of: value) else { return nil }
    switch equation.primitive {
    case .constant(let tensor): return tensor
    case .broadcast: return constant(behind: equation.operands[0])
    default: return nil
    }
  }
}
