import Programs

extension NetworkTracer {
  /// The score z of columns that were put together as 1 − σ(z) and σ(z), which is how exporters
  /// write the probabilities of two classes.
  ///
  /// - Parameter value: Any value.
  /// - Returns: z, or nil if the value is nothing of the kind.
  func scoreOfPair(_ value: Value) -> Value? {
    guard value.shape.rank == 2, value.shape[1] == 2,
      let pair = equation(of: value), pair.primitive == .concatenate(axis: 1),
      pair.operands.count == 2, case .logistic(let score) = origin(of: pair.operands[1]),
      let difference = equation(of: builder.value(pair.operands[0])),
      difference.primitive == .binary(.subtract), difference.operands[1] == pair.operands[1],
      isOne(builder.value(difference.operands[0]))
    else { return nil }
    return builder.value(score)
  }

  private func equation(of value: Value) -> Equation? { builder.equation(of: value.id) }

  /// Whether all elements are 1, repeated or not.
  private func isOne(_ value: Value) -> Bool {
    if let known = known(value) { return known.tensor.doubles.allSatisfy { $0 == 1 } }
    guard let equation = equation(of: value), case .broadcast = equation.primitive else {
      return false
    }
    return isOne(builder.value(equation.operands[0]))
  }
}
