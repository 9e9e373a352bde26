import Tensors

extension Simplifier {
  /// A value equal to an elementwise equation that changes nothing or has a shorter form.
  mutating func elementwiseIdentity(_ equation: Equation) throws -> Int? {
    let x = equation.operands
    switch equation.primitive {
    case .unary(let function): return try unaryIdentity(function, x[0], equation.type)
    case .binary(let function): return try binaryIdentity(function, x[0], x[1], equation.type)
    case .select: return x[1] == x[2] ? x[1] : nil
    case .convert(let type): return type == self.type(of: x[0]).elementType ? x[0] : nil
    case .stopGradient:
      return definition(of: x[0])?.primitive == .stopGradient ? x[0] : nil
    default: return nil
    }
  }

  private mutating func unaryIdentity(
    _ function: UnaryFunction, _ x: Int, _ type: ValueType
  ) throws -> Int? {
    switch function {
    case .negate, .not: return argument(of: x, function)
    case .relu, .floor, .ceiling, .round, .sign:
      return argument(of: x, function) == nil ? nil : x
    case .absoluteValue:
      if argument(of: x, .absoluteValue) != nil { return x }
      guard let positive = argument(of: x, .negate) else { return nil }
      return try emit(.unary(.absoluteValue), [positive], type)
    default: return nil
    }
  }

  private mutating func binaryIdentity(
    _ function: BinaryFunction, _ x: Int, _ y: Int, _ type: ValueType
  ) throws -> Int? {
    switch function {
    case .add:
      if isAll(y, 0) { return x }
      if isAll(x, 0) { return y }
      if let y = argument(of: y, .negate) { return try emit(.binary(.subtract), [x, y], type) }
      if let x = argument(of: x, .negate) { return try emit(.binary(.subtract), [y, x], type) }
      return nil
    case .subtract:
      if isAll(y, 0) { return x }
      guard let y = argument(of: y, .negate) else { return nil }
      return try emit(.binary(.add), [x, y], type)
    case .multiply:
      if isAll(y, 1) { return x }
      return isAll(x, 1) ? y : nil
    case .divide, .power: return isAll(y, 1) ? x : nil
    case .and, .or: return x == y ? x : nil
    case .maximum, .minimum: return x == y ? x : nil
    case .remainder: return nil
    }
  }

  /// An elementwise equation of repeated values, computed before they are repeated.
  ///
  ///     f(broadcast a, broadcast b) = broadcast f(a, b)
  ///
  /// The values that are repeated have one shape, or a single element.
  mutating func sunk(_ equation: Equation) throws -> Int? {
    guard equation.primitive.isElementwise, let source = commonSource(equation) else { return nil }
    var operands: [Int] = []
    for operand in equation.operands {
      guard let definition = definition(of: operand) else { return nil }
      let value = definition.operands[0]
      let type = type(of: value)
      if type.shape == source.shape {
        operands.append(value)
      } else {
        let scalar = try emit(.reshape([]), [value], ValueType(type.elementType, []))
        operands.append(
          try emit(
            .broadcast(source.shape, axes: []), [scalar],
            ValueType(type.elementType, source.shape)))
      }
    }
    let small = ValueType(equation.type.elementType, source.shape)
    let result = try emit(equation.primitive, operands, small)
    return try emit(
      .broadcast(equation.type.shape, axes: source.axes), [result], equation.type)
  }

  /// The shape that all operands have before they are repeated, if it is smaller than the result.
  private func commonSource(_ equation: Equation) -> (shape: Shape, axes: [Int])? {
    var source: (shape: Shape, axes: [Int])?
    for operand in equation.operands {
      guard let definition = definition(of: operand),
        case .broadcast(_, let axes) = definition.primitive
      else { return nil }
      let shape = type(of: definition.operands[0]).shape
      if let known = source, known.shape.count != 1 {
        guard shape.count == 1 || (shape == known.shape && axes == known.axes) else { return nil }
      } else {
        source = (shape, axes)
      }
    }
    return source
  }
}

extension Primitive {
  /// Whether each element of the result depends on the operands' elements at its place only.
  var isElementwise: Bool {
    switch self {
    case .unary, .binary, .compare, .select, .convert: true
    default: false
    }
  }
}
