import Attacks
import Models

/// What the model's gradient, or its absence, takes from the figures.
extension SoundnessChecks {
  func noGradient() -> SoundnessWarning? {
    guard let missing else { return nil }
    return SoundnessWarning(
      name: "no-gradient",
      raised: "the model has no gradient (\(missing.reason)): \(missing.words)",
      explanation: "Robust accuracy is an upper bound from attacks that only ask for answers; an "
        + "attack that reads the model might break more.",
      suggestion: "Give the attacks that need no gradient more queries: "
        + "\(AttackRegistry.namesWithoutGradient.joined(separator: ", ")).", isVeto: false)
  }

  func straightThroughGradient() -> SoundnessWarning? {
    guard case .straightThrough(let operators) = record.model.gradient else { return nil }
    return SoundnessWarning(
      name: "straight-through-gradient",
      raised: "the gradient is a straight-through estimate: \(operators.listed) "
        + "\(operators.count == 1 ? "counts" : "count") as the identity when it is taken",
      explanation: "Gradient attacks and explanations follow the model as if it had no steps: "
        + "attacks may miss what the steps open, and attributions are those of the smooth model.",
      suggestion: "Compare with attacks and explanations that need no gradient, and with the model "
        + "before it was quantised.", isVeto: false)
  }
}

extension MissingGradient {
  /// What was left out, as the end of a sentence.
  fileprivate var words: String {
    let parts = [("attack", attacks), ("explanation", explanations)].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return "it was attacked and explained by its answers alone" }
    let names = parts.map { noun, names in
      "the \(noun)\(names.count == 1 ? "" : "s") \(names.listed)"
    }
    let isOne = attacks.count + explanations.count == 1
    return "\(names.joined(separator: " and ")) \(isOne ? "was" : "were") not run"
  }
}

extension [String] {
  /// "a, b and c".
  fileprivate var listed: String {
    guard let last, count > 1 else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) and \(last)"
  }
}
