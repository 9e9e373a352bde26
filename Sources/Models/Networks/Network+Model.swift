package import Programs
public import Tensors

/// How a network's outputs become a model's.
package enum OutputHead: Hashable, Sendable, Codable {
  /// `[N, K]` are the logits.
  case logits
  /// z `[N, 1]` becomes (0, z): its softmax is the logistic function of z.
  case binary
  /// z `[N, 1]` becomes mean + deviation z: the unit of the targets.
  case regression(mean: Double, deviation: Double)

  package func callAsFunction(_ outputs: Value) -> Value {
    switch self {
    case .logits: return outputs
    case .binary: return Value.concatenated([outputs * 0, outputs], axis: 1)
    case .regression(let mean, let deviation): return outputs * deviation + mean
    }
  }
}

extension Network {
  /// The network with given parameters as a model that takes inputs in the user's units.
  ///
  /// - Parameters:
  ///   - name: What reports call the model.
  ///   - input: What a sample is; its encoded shape is the network's input.
  ///   - classNames: The classes in the order of the outputs; two of them may share one output.
  ///   - parameters: The values of `parameters()`, by name.
  ///   - scaling: The normalisation of the inputs; none by default.
  /// - Returns: The model.
  /// - Throws: `ModelError` if shapes do not fit.
  public func model(
    name: String, input: InputSpecification, classNames: [String],
    parameters: [String: Tensor], scaling: InputScaling? = nil
  ) throws -> Model {
    let outputs = try structure(mode: .inference).output.shape
    let isBinary = classNames.count == 2 && outputs == [Shape.batch, 1]
    return try model(
      name: name, input: input, classNames: classNames, parameters: parameters,
      scaling: scaling, head: isBinary ? .binary : .logits)
  }

  package func model(
    name: String, input: InputSpecification, classNames: [String],
    parameters: [String: Tensor], scaling: InputScaling?, head: OutputHead
  ) throws -> Model {
    let structure = try structure(mode: .inference)
    guard input.encodedShape == self.input else {
      throw ModelError(.data("the network takes \(self.input), a sample is \(input.encodedShape)"))
    }
    var isRegression = false
    if case .regression = head { isRegression = true }
    let width = head == .logits ? classNames.count : 1
    guard structure.output.shape == [Shape.batch, width] else {
      throw ModelError(
        .outputs(expected: "\(width) values a sample", got: "\(structure.output)"))
    }
    let values = try structure.checked(parameters)
    let ports = [
      Program.Port(name: "inputs", type: ValueType(.float32, [Shape.batch] + self.input))
    ]
    let program = try Program.trace(ports + structure.parameters.map(\.port)) { arguments in
      let scope = LayerScope(
        mode: .inference,
        values: Dictionary(
          uniqueKeysWithValues: zip(structure.parameters.map(\.name), arguments.dropFirst())))
      let scaled = scaling?(arguments[0]) ?? arguments[0]
      return [(isRegression ? "values" : "logits", head(try layers(scaled, in: scope)))]
    }
    return Model(
      name: name, program: program, parameters: values, input: input,
      task: isRegression ? .regression : .classification, classNames: classNames)
  }
}

extension Network.Structure {
  /// The network's parameters among the given tensors, checked for their shapes.
  package func checked(_ tensors: [String: Tensor]) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for parameter in parameters {
      guard let tensor = tensors[parameter.name] else {
        throw ModelError(.missingParameter(parameter.name))
      }
      guard tensor.shape == parameter.shape else {
        throw ModelError(
          .parameterShape(name: parameter.name, expected: parameter.shape, got: tensor.shape))
      }
      result[parameter.name] = tensor.converted(to: .float32)
    }
    return result
  }
}
