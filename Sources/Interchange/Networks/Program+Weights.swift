package import Programs
package import Tensors

extension Program {
  /// A program whose weights are inputs after its own, and their values.
  ///
  /// Constants of real numbers become inputs if they have more than `largestKept` elements: the
  /// others belong to the formulas. The reverse is `binding(_:)`.
  ///
  /// - Parameters:
  ///   - names: What weights are called, by the tensor; others get a number.
  ///   - largestKept: The size up to which constants stay.
  /// - Returns: The program, and the value of each new input by name.
  /// - Throws: `ProgramError`, which a valid program does not lead to.
  package func liftingWeights(
    names: [Tensor.Identity: String], largestKept: Int = 16
  ) throws -> (program: Program, weights: [String: Tensor]) {
    var weights: [(name: String, tensor: Tensor, equation: Int)] = []
    var taken = Set(inputs.map(\.name))
    for (index, equation) in equations.enumerated() {
      guard case .constant(let tensor) = equation.primitive,
        tensor.elementType.isFloatingPoint, tensor.count > largestKept
      else { continue }
      let wanted = names[tensor.identity] ?? "constant \(weights.count + 1)"
      var name = wanted
      var copies = 1
      while !taken.insert(name).inserted {
        copies += 1
        name = "\(wanted) (\(copies))"
      }
      weights.append((name, tensor, index))
    }
    let ports = weights.map {
      Port(name: $0.name, type: ValueType($0.tensor.elementType, $0.tensor.shape))
    }
    let positions = Dictionary(
      uniqueKeysWithValues: weights.enumerated().map { ($1.equation, inputs.count + $0) })
    let program = try lifted(ports, positions)
    return (program, Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.tensor) }))
  }

  /// The program with new inputs in place of some of its equations.
  private func lifted(_ ports: [Port], _ positions: [Int: Int]) throws -> Program {
    var numbers = Array(inputs.indices)
    var kept: [Equation] = []
    for (index, equation) in equations.enumerated() {
      if let position = positions[index] {
        numbers.append(position)
        continue
      }
      numbers.append(inputs.count + ports.count + kept.count)
      kept.append(
        Equation(
          primitive: equation.primitive, operands: equation.operands.map { numbers[$0] },
          type: equation.type))
    }
    return try Program(
      inputs: inputs + ports, equations: kept, outputs: outputs.map { numbers[$0] },
      outputNames: outputNames)
  }
}

extension ImportedNetwork {
  /// What the file calls its weights, by the tensor.
  package var weightsByTensor: [Tensor.Identity: String] {
    var result: [Tensor.Identity: String] = [:]
    for (value, name) in weightNames {
      guard case .constant(let tensor) = program.equation(of: value)?.primitive else { continue }
      result[tensor.identity] = name
    }
    return result
  }
}
