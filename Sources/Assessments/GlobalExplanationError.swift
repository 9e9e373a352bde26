/// Why a global explanation cannot be made.
public enum GlobalExplanationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A model answers a sample of which some values were replaced with no number.
  case notFinite(sample: Int, part: String)

  public var description: String {
    switch self {
    case .notFinite(let sample, let part):
      "sample \(sample) with another value of '\(part)': the model's logits are not finite, so "
        + "that no effect can be measured; leave out global explanations or repair the model"
    }
  }
}
