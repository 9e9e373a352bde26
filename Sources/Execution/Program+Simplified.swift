public import Programs

extension Program {
  /// An equivalent program with fewer and cheaper equations, constants computed by the reference.
  ///
  /// - Throws: `ExecutionError` if constant indices lie out of range.
  public func simplified() throws -> Program {
    try simplified(evaluating: ReferenceBackend.evaluate)
  }
}
