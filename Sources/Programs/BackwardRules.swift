import Tensors

/// How a gradient passes backward through each primitive: a table whose rows can be replaced.
///
/// `gradient` is the true derivative. Other attributions are the same walk with other rows:
/// guided backpropagation replaces the row of `relu`, and so on.
public struct BackwardRules: Sendable {
  /// From operands x, result y and the gradient dy: the gradient in each operand, nil where none.
  public typealias Rule = @Sendable (_ x: [Value], _ y: Value, _ dy: Value) -> [Value?]

  private var replaced: [Primitive.Name: Rule] = [:]

  /// The derivative of every primitive.
  public static let gradient = BackwardRules()

  /// The same table with one row replaced.
  public func replacing(_ name: Primitive.Name, with rule: @escaping Rule) -> BackwardRules {
    var rules = self
    rules.replaced[name] = rule
    return rules
  }

  func apply(_ primitive: Primitive, _ x: [Value], _ y: Value, _ dy: Value) -> [Value?] {
    replaced[primitive.name]?(x, y, dy) ?? primitive.gradient(x, y, dy)
  }
}

extension ProgramBuilder {
  /// Appends the gradient of a value in others: Σ seed · ∂y/∂x, zero where y does not depend on x.
  ///
  /// The appended equations can be differentiated again.
  ///
  /// - Parameters:
  ///   - output: The value y to differentiate.
  ///   - seed: The gradient of the final result in y; ones by default.
  ///   - operands: The values x; their gradients have their shapes.
  ///   - rules: The table of backward rules.
  /// - Returns: One gradient for each of the operands.
  public func gradient(
    of output: Value, seed: Value? = nil, withRespectTo operands: [Value],
    rules: BackwardRules = .gradient
  ) -> [Value] {
    let depends = dependents(of: operands, upTo: output.id)
    // The parts of a gradient are summed once all have arrived.
    var gradients: [Int: [Value]] = [:]
    gradients[output.id] = [seed ?? output.scalar(1).broadcast(to: output.shape)]
    let targets = Set(operands.map(\.id))
    for id in stride(from: output.id, through: inputs.count, by: -1) where depends[id] {
      guard let arrived = gradients[id], let equation = equation(of: id) else { continue }
      let dy = sum(arrived)
      gradients[id] = targets.contains(id) ? [dy] : nil
      let x = equation.operands.map(value)
      let parts = rules.apply(equation.primitive, x, value(id), dy)
      for (operand, part) in zip(equation.operands, parts) where depends[operand] {
        guard let part else { continue }
        gradients[operand, default: []].append(part)
      }
    }
    return operands.map { operand in
      gradients[operand.id].map(sum) ?? operand.scalar(0).broadcast(to: operand.shape)
    }
  }

  /// For each value up to `last`: whether it is one of the operands or computed from one.
  private func dependents(of operands: [Value], upTo last: Int) -> [Bool] {
    var depends = [Bool](repeating: false, count: Swift.max(last + 1, inputs.count))
    for operand in operands where operand.id <= last { depends[operand.id] = true }
    guard last >= inputs.count else { return depends }
    for id in inputs.count...last where !depends[id] {
      depends[id] = equations[id - inputs.count].operands.contains { depends[$0] }
    }
    return depends
  }
}

extension Program {
  /// The program that returns, after the outputs, the gradients of one output in some inputs.
  ///
  ///     (inputs, seed) ↦ (outputs, Σ seed · ∂output/∂inputᵢ)
  ///
  /// - Parameters:
  ///   - output: The position of the output that is differentiated.
  ///   - inputs: The positions of the inputs in which it is differentiated.
  ///   - rules: The table of backward rules.
  /// - Returns: A program with one more input, the seed, and one more output for each gradient.
  /// - Throws: `ProgramError` if a replaced rule returns a value of the wrong shape.
  public func differentiated(
    output: Int = 0, withRespectTo inputs: [Int] = [0], rules: BackwardRules = .gradient
  ) throws -> Program {
    precondition(
      outputs.indices.contains(output) && inputs.allSatisfy(self.inputs.indices.contains),
      "expected one of \(outputs.count) outputs and of \(self.inputs.count) inputs, got "
        + "\(output) and \(inputs)")
    let seedPort = Port(name: "seed", type: type(of: outputs[output]))
    return try Program.trace(self.inputs + [seedPort]) { values in
      guard let seed = values.last else { return [] }
      let results = seed.builder.inline(self, Array(values.dropLast()))
      let gradients = seed.builder.gradient(
        of: results[output], seed: seed, withRespectTo: inputs.map { values[$0] }, rules: rules)
      let names = inputs.map { "gradient of \(self.inputs[$0].name)" }
      return Array(zip(outputNames, results)) + Array(zip(names, gradients))
    }
  }
}
