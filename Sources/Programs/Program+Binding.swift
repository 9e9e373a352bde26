public import Tensors

extension Program {
  /// The program with some inputs replaced by constants: a model whose parameters are fixed.
  ///
  /// - Throws: `ProgramError` if a tensor does not have its input's type.
  public func binding(_ values: [String: Tensor]) throws -> Program {
    let free = inputs.filter { values[$0.name] == nil }
    return try Program.trace(free) { arguments in
      let builder = arguments.first?.builder ?? ProgramBuilder()
      var remaining = arguments[...]
      let all = inputs.compactMap { port in
        values[port.name].map(builder.constant) ?? remaining.popFirst()
      }
      return Array(zip(outputNames, builder.inline(self, all)))
    }
  }
}
