import ConfigurationFiles
public import Tensors

/// Why samples cannot be explained as asked.
public enum ExplanationError: Error, Hashable, Sendable, CustomStringConvertible {
  case unknownMethod(name: String, known: [String])
  case unknownSetting(method: String, name: String, known: [String])
  case invalidSetting(method: String, name: String, expected: String, got: String)
  /// A baseline is made from training samples, and there are none.
  case missingBackground(purpose: String)
  /// A method needs the valid range of a feature that states none.
  case unknownRange(feature: String)
  case unsuitedLayout(purpose: String, layout: InputSpecification.Layout)
  case noParameters(model: String)
  /// An attribution is NaN or infinite: the model's output or its gradient is.
  case notFinite(method: String, sample: Int)
  case needsGradient(method: String, reason: String, alternatives: [String])

  public var description: String {
    switch self {
    case .unknownMethod(let name, let known):
      "unknown attribution method '\(name)'" + ending(name, known)
    case .unknownSetting(let method, let name, let known):
      "\(method) has no setting '\(name)'" + ending(name, known)
    case .invalidSetting(let method, let name, let expected, let got):
      "\(method): setting '\(name)' expects \(expected), got '\(got)'"
    case .missingBackground(let purpose):
      "\(purpose) needs training samples, and none were given"
    case .unknownRange(let feature):
      "\(feature) states no valid range, and no training samples were given to take one from"
    case .unsuitedLayout(let purpose, let layout):
      "\(purpose) is not defined for inputs of layout '\(layout.rawValue)'"
    case .notFinite(let method, let sample):
      "\(method): the gradient or output of sample \(sample) is not a finite number"
    case .noParameters(let model):
      "the model '\(model)' has no parameters that could be randomised"
    case .needsGradient(let method, let reason, let alternatives):
      "\(method) needs a gradient, and the model has none (\(reason)); methods without one are "
        + alternatives.joined(separator: ", ")
    }
  }

  private func ending(_ name: String, _ known: [String]) -> String {
    known.isEmpty ? "; it has none" : Suggestion.text(for: name, among: known)
  }
}
