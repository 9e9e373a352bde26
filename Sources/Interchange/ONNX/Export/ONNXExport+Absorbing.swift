import Programs
import Tensors

/// Equations that one operator does together, without other roundings.
extension ONNXExport {
  /// The operator that computes a quotient or sum along with one of its operands, if there is one.
  func absorbing(_ function: BinaryFunction, _ equation: Equation) throws -> String? {
    guard let pair = program.absorption(equation), absorbed.contains(pair.absorbed),
      let inner = program.equation(of: pair.absorbed)
    else { return nil }
    switch pair.rest {
    case .windowSize(let windows):
      return graph.node(
        "AveragePool", [try name(of: inner.operands[0])],
        windows.poolingAttributes + [.flag("count_include_pad", true)])
    case .bias(let vector):
      return try product(inner, try operands(inner) + [try name(of: vector)])
    case .fixedBias(let tensor):
      let bias = graph.constant(tensor, named: "\(inner.primitive.name)_\(pair.absorbed)/bias")
      return try product(inner, try operands(inner) + [bias])
    }
  }

  /// The values that the nodes of the outputs use.
  var neededValues: Set<Int> {
    var needed = Set(program.outputs)
    for value in (program.inputs.count..<program.valueCount).reversed()
    where needed.contains(value) {
      guard let equation = program.equation(of: value) else { continue }
      guard let pair = program.absorption(equation), absorbed.contains(pair.absorbed) else {
        needed.formUnion(equation.operands)
        continue
      }
      needed.formUnion(program.equation(of: pair.absorbed)?.operands ?? [])
      if case .bias(let vector) = pair.rest { needed.insert(vector) }
    }
    return needed
  }
}

/// What an operator does with a value beyond computing it.
enum Absorption {
  /// Divides the sums of windows by their size: `AveragePool` to which padding counts.
  case windowSize(WindowGeometry)
  /// Adds a vector of channels: `Conv` and `Gemm` have an input for it.
  case bias(Int)
  case fixedBias(Tensor)
}

extension Program {
  /// The values that are used once, by an equation whose operator computes them along the way.
  var absorbedValues: Set<Int> {
    var uses = [Int](repeating: 0, count: valueCount)
    for value in outputs + equations.flatMap(\.operands) { uses[value] += 1 }
    return Set(equations.compactMap { absorption($0)?.absorbed }.filter { uses[$0] == 1 })
  }

  /// The operand that an equation's operator may compute along the way.
  func absorption(_ equation: Equation) -> (absorbed: Int, rest: Absorption)? {
    guard equation.type.elementType.isFloatingPoint else { return nil }
    let operands = equation.operands
    switch equation.primitive {
    case .binary(.divide):
      return windowSize(operands[0], operands[1]).map { (operands[0], .windowSize($0)) }
    case .binary(.add):
      return bias(operands[0], operands[1]).map { (operands[0], $0) }
        ?? bias(operands[1], operands[0]).map { (operands[1], $0) }
    default: return nil
    }
  }

  /// The windows that a value holds sums of, if their size is what they are divided by.
  private func windowSize(_ sum: Int, _ divisor: Int) -> WindowGeometry? {
    guard case .windowSum(let windows) = equation(of: sum)?.primitive, windows.isPaddingSmall,
      windows.dilations.allSatisfy({ $0 == 1 }), let number = constant(behind: divisor),
      number.count == 1,
      number.doubles[0] == windows.size.reduce(1, { $0 * Double($1) })
    else { return nil }
    return windows
  }

  /// The vector along axis 1 that is added to a product.
  private func bias(_ product: Int, _ summand: Int) -> Absorption? {
    switch equation(of: product)?.primitive {
    case .convolution: break
    case .matrixMultiply where type(of: product).shape.rank == 2: break
    default: return nil
    }
    guard let repeated = equation(of: summand),
      case .broadcast(let target, let axes) = repeated.primitive, axes.contains(1)
    else { return nil }
    let source = repeated.operands[0]
    let channels = target[1]
    let isAlongChannels = zip(axes, type(of: source).shape.dimensions).allSatisfy { axis, size in
      size == (axis == 1 ? channels : 1)
    }
    guard isAlongChannels, !Shape.isSymbolic(channels) else { return nil }
    switch equation(of: source)?.primitive {
    case .constant(let tensor) where tensor.shape.rank != 1:
      return .fixedBias(tensor.reshaped(to: [channels]))
    case .reshape: return vector(equation(of: source)?.operands[0], channels)
    default: return vector(source, channels)
    }
  }

  private func vector(_ value: Int?, _ count: Int) -> Absorption? {
    value.flatMap { type(of: $0).shape == [count] ? .bias($0) : nil }
  }
}
