import ConfigurationFiles
import Tensors

/// Why a threat model, an attack's settings or a suite cannot be used.
public enum AttackError: Error, Hashable, Sendable {
  case epsilon(Double)
  case categoryCost(Double)
  case scaleCount(expected: Int, got: Int)
  case scaleValue(feature: String, value: Double)
  case scaleNeedsRange(feature: String)
  case unknownFeature(name: String, known: [String])
  case unknownAttack(name: String, known: [String])
  case unknownSetting(attack: String, name: String, known: [String])
  case invalidSetting(attack: String, name: String, expected: String, got: String)
  case needsGradient(attack: String, reason: String, alternatives: [String])
}

extension AttackError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .epsilon(let value): "epsilon must be a finite number that is not negative, got \(value)"
    case .categoryCost(let value):
      "the cost of changing a category must be a positive number, got \(value)"
    case .scaleCount(let expected, let got):
      "the scale needs \(expected) numbers, one per feature, got \(got)"
    case .scaleValue(let feature, let value):
      "the scale of \(feature) must be a finite number that is not negative, got \(value)"
    case .scaleNeedsRange(let feature):
      "\(feature) states no valid range, which the scale 'range' needs; state one in the schema, "
        + "or give --bounds"
    case .unknownFeature(let name, let known):
      "the model has no feature '\(name)'\(Suggestion.text(for: name, among: known))"
    case .unknownAttack(let name, let known):
      "there is no attack '\(name)'\(Suggestion.text(for: name, among: known))"
    case .unknownSetting(let attack, let name, let known):
      "attack '\(attack)' has no setting '\(name)'\(Suggestion.text(for: name, among: known))"
    case .invalidSetting(let attack, let name, let expected, let got):
      "setting '\(name)' of attack '\(attack)' expects \(expected), got \(got)"
    case .needsGradient(let attack, let reason, let alternatives):
      "attack '\(attack)' needs a gradient, and the model has none (\(reason)); attacks without one "
        + "are \(alternatives.joined(separator: ", "))"
    }
  }
}

extension AttackError {
  /// The setting that the error is about.
  var setting: String? {
    switch self {
    case .unknownSetting(_, let name, _), .invalidSetting(_, let name, _, _): name
    default: nil
    }
  }
}
