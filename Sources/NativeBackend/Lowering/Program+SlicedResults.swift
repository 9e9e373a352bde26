import Programs
import Tensors

extension Program {
  /// The program with f(slice a, slice b) in place of slice f(a, b) where slices are all that is read.
  ///
  /// The gates of a recurrent layer are a sum that is cut into four: computed in parts, it needs no
  /// pass of its own over memory.
  func slicingOperands() throws -> Program {
    let flow = Dataflow(self)
    let isSliced = (0..<valueCount).map { isReadInSlices($0, flow) }
    guard isSliced.contains(true) else { return self }
    var renumbered = Array(inputs.indices)
    var rewritten: [Equation] = []
    func emit(_ primitive: Primitive, _ operands: [Int], _ type: ValueType) -> Int {
      rewritten.append(Equation(primitive: primitive, operands: operands, type: type))
      return inputs.count + rewritten.count - 1
    }
    for (index, equation) in equations.enumerated() {
      let value = inputs.count + index
      if isSliced[value] {
        renumbered.append(-1)
      } else if case .slice = equation.primitive, isSliced[equation.operands[0]],
        let source = self.equation(of: equation.operands[0])
      {
        let parts = source.operands.map { operand in
          emit(
            equation.primitive, [renumbered[operand]],
            ValueType(type(of: operand).elementType, equation.type.shape))
        }
        renumbered.append(emit(source.primitive, parts, equation.type))
      } else {
        renumbered.append(
          emit(equation.primitive, equation.operands.map { renumbered[$0] }, equation.type))
      }
    }
    return try Program(
      inputs: inputs, equations: rewritten, outputs: outputs.map { renumbered[$0] },
      outputNames: outputNames)
  }

  /// Whether a function of two whole values is only read in slices that do not repeat elements.
  private func isReadInSlices(_ value: Int, _ flow: Dataflow) -> Bool {
    guard flow.isNeeded[value], !flow.isOutput[value], let equation = equation(of: value),
      case .binary = equation.primitive, !flow.readers[value].isEmpty
    else { return false }
    // A repeated operand may be a bias that a product adds by itself.
    let isWhole = equation.operands.allSatisfy { operand in
      if case .broadcast = self.equation(of: operand)?.primitive { return false }
      return true
    }
    var count = 0
    for reader in flow.readers[value] {
      guard let slice = self.equation(of: reader), case .slice = slice.primitive,
        slice.operands[0] == value
      else { return false }
      count += slice.type.shape.count
    }
    return isWhole && count <= equation.type.shape.count
  }
}
