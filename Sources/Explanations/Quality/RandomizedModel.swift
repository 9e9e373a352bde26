public import Models
import Tensors

/// A model whose parameters say nothing: the control for explanations of the real one.
public enum RandomizedModel {
  /// A copy of a model with every parameter drawn anew, each from its own stream.
  ///
  /// The numbers are normal with the mean and standard deviation of the parameter's own; where none
  /// of those is negative (variances, positive scales), absolute values are taken. A parameter whose
  /// numbers are all equal stays as it is.
  ///
  /// - Throws: `ExplanationError.noParameters` if nothing could be drawn.
  /// - Source: Adebayo et al. 2018, arXiv:1810.03292, section 3.
  public static func make(from model: Model, seed: UInt64) throws -> Model {
    var randomized = model
    var isChanged = false
    for (name, tensor) in model.parameters where tensor.elementType.isFloatingPoint {
      var random = RandomStream(seed: seed, purpose: "randomized model: \(name)")
      guard let drawn = redrawn(tensor, using: &random) else { continue }
      randomized.parameters[name] = drawn
      isChanged = true
    }
    guard isChanged else { throw ExplanationError.noParameters(model: model.name) }
    return randomized
  }

  private static func redrawn(_ tensor: Tensor, using random: inout RandomStream) -> Tensor? {
    let values = tensor.doubles
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    let isNonNegative = values.allSatisfy { $0 >= 0 }
    let drawn = values.map { _ in
      let value = mean + variance.squareRoot() * random.normal()
      return isNonNegative ? abs(value) : value
    }
    return Tensor(drawn, shape: tensor.shape).converted(to: tensor.elementType)
  }
}
