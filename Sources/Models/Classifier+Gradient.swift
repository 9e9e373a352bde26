public import Programs
public import Tensors

extension DifferentiableClassifier {
  /// The gradient of an objective in the inputs, and the objective's value.
  ///
  /// Objectives are summed, never averaged, over samples: a sample's gradient does not depend on
  /// the batch around it.
  ///
  /// - Parameters:
  ///   - objective: What is differentiated.
  ///   - classes: The class of each sample, int64 `[N]`.
  ///   - inputs: Encoded inputs, any number of them.
  ///   - rules: The table of backward rules.
  ///   - rulesName: The name under which the function with these rules is kept.
  /// - Returns: Gradients of the shape of the inputs, values `[N]` and logits `[N, K]`.
  /// - Throws: `ExecutionError` if the inputs do not fit the model.
  public func gradient(
    of objective: Objective, classes: Tensor, at inputs: Tensor,
    rules: BackwardRules = .gradient, named rulesName: String = "gradient"
  ) throws -> (gradient: Tensor, value: Tensor, logits: Tensor) {
    let ports = [
      Program.Port(
        name: "inputs", type: ValueType(.float32, [Shape.batch] + input.encodedShape)),
      Program.Port(name: "classes", type: ValueType(.int64, [Shape.batch])),
    ]
    let function = try function(
      ["gradient", objective.rawValue, rulesName], inputs: ports,
      passes: PassCount(forward: 1, backward: 1)
    ) { values, model in
      let logits = model(values[0])
      let value = objective(logits, classes: values[1])
      let gradient = value.builder.gradient(of: value, withRespectTo: [values[0]], rules: rules)
      return [("gradient", gradient[0]), ("value", value), ("logits", logits)]
    }
    let results = try function.inMicroBatches([inputs, classes], of: microBatch)
    return (results[0], results[1], results[2])
  }
}
