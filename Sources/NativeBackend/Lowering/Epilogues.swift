import Programs
import Tensors

/// The addition of a bias behind a product, done by the product itself.
struct Epilogue {
  /// A vector with an element for each column or channel.
  let bias: Int
  /// The sum, which the product makes in place of its own result.
  let sum: Int
}

extension Dataflow {
  /// For each product that alone feeds the addition of a bias: that addition.
  func epilogues() -> [Int: Epilogue] {
    var found: [Int: Epilogue] = [:]
    for value in program.inputs.count..<program.valueCount where isNeeded[value] {
      guard let equation = program.equation(of: value), let axis = biasAxis(equation),
        !isOutput[value], readers[value].count == 1,
        let addition = program.equation(of: readers[value][0]),
        addition.primitive == .binary(.add)
      else { continue }
      let others = addition.operands.map(root).filter { $0 != value }
      if others.count == 1, let bias = bias(others[0], axis: axis, before: value) {
        found[value] = Epilogue(bias: bias, sum: readers[value][0])
      }
    }
    return found
  }

  /// The axis along which a product can add a bias.
  private func biasAxis(_ equation: Equation) -> Int? {
    guard equation.type.elementType == .float32, equation.type.shape.count > 0,
      equation.operands.allSatisfy({ program.type(of: $0).shape.count > 0 })
    else { return nil }
    switch equation.primitive {
    case .matrixMultiply: return equation.type.shape.rank == 2 ? 1 : nil
    case .convolution: return 1
    default: return nil
    }
  }

  /// The vector that is repeated along every axis but one, if it is known before the product runs.
  private func bias(_ value: Int, axis: Int, before product: Int) -> Int? {
    guard let equation = program.equation(of: value),
      case .broadcast(let target, let axes) = equation.primitive
    else { return nil }
    let source = root(equation.operands[0])
    let shape = program.type(of: source).shape
    let isVector = axes.enumerated().allSatisfy { position, place in
      shape[position] == (place == axis ? target[axis] : 1)
    }
    return isVector && axes.contains(axis) && source < product ? source : nil
  }
}
