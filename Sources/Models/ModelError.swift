import ConfigurationFiles
public import Tensors

/// Why a network, a model file or a training is not possible.
public struct ModelError: Error, Hashable, Sendable {
  public enum Fact: Hashable, Sendable {
    case layer(name: String, reason: String)
    case repeatedParameter(String)
    case unknownLayer(String, known: [String])
    case missingParameter(String)
    /// A file has no tensor of the name that a layer's parameter goes by.
    case missingWeight(String, layer: String, known: [String])
    case parameterShape(name: String, expected: Shape, got: Shape)
    case outputs(expected: String, got: String)
    case notAModel(missing: String)
    case newerVersion(found: String, known: Int)
    case damaged(part: String, reason: String)
    case data(String)
    case otherTraining
    case notFinite(epoch: Int, step: Int)
    case noGradient(model: String, reason: String)
  }

  /// The file that the fact concerns, if any.
  public var path: String?
  public var fact: Fact

  public init(path: String? = nil, _ fact: Fact) {
    self.path = path
    self.fact = fact
  }
}

extension ModelError: CustomStringConvertible {
  public var description: String { path.map { "\($0): \(fact)" } ?? "\(fact)" }
}

extension ModelError.Fact: CustomStringConvertible {
  public var description: String {
    switch self {
    case .layer(let name, let reason): "layer '\(name)': \(reason)"
    case .repeatedParameter(let name):
      "two layers have a parameter '\(name)': give the layers different names"
    case .unknownLayer(let name, let known):
      "there is no layer '\(name)'\(Suggestion.text(for: name, among: known))"
    case .missingParameter(let name): "has no tensor '\(name)', which the network needs"
    case .missingWeight(let name, let layer, let known):
      "has no tensor '\(name)' for the parameter '\(layer)'; it has "
        + known.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
        + (known.count > 12 ? ", …" : "") + ": name the layers alike, or map them under 'names'"
    case .parameterShape(let name, let expected, let got):
      "the tensor '\(name)' has shape \(got), the network needs \(expected)"
    case .outputs(let expected, let got): "the last layer must make \(expected), it makes \(got)"
    case .notAModel(let missing):
      "is a safetensors file, but not an Assay model: its metadata has no '\(missing)'"
    case .newerVersion(let found, let known):
      "is a model of format version \(found); this program reads up to version \(known)"
    case .damaged(let part, let reason): "is a damaged model: its \(part) \(reason)"
    case .data(let reason): reason
    case .otherTraining:
      "is the checkpoint of another configuration or other data: delete it to train anew"
    case .notFinite(let epoch, let step):
      "the loss is no longer a finite number in epoch \(epoch), step \(step): "
        + "lower the learning rate or clip the gradients"
    case .noGradient(let model, let reason):
      "the model '\(model)' has no gradient (\(reason)): make a QueryClassifier of it, which answers "
        + "without one"
    }
  }
}
