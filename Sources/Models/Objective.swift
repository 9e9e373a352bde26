public import Programs
import Tensors

/// What is differentiated: a number per sample computed from the logits.
public enum Objective: String, Hashable, Sendable, Codable, CaseIterable {
  /// The logit of a class.
  case logit
  /// The cross-entropy of a class: log Σ eᶻ − z_y
  case crossEntropy = "cross-entropy"
  /// The margin by which a class loses: max_{i ≠ y} z_i − z_y (Carlini and Wagner 2017, 1608.04644)
  case margin

  /// The objective of each sample, to be raised.
  ///
  /// - Shapes: logits `[N, K]`, int64 classes `[N]`, result `[N]`.
  public func callAsFunction(_ logits: Value, classes: Value) -> Value {
    let chosen = classes.oneHot(count: logits.shape[1], elementType: logits.elementType)
    let logit = (logits * chosen).sum(over: [1])
    switch self {
    case .logit: return logit
    case .crossEntropy: return logits.logSumExponential(axis: 1) - logit
    case .margin:
      // Far below any logit, yet finite, so that its gradient is 0 and not NaN.
      return (logits - chosen * 1e30).maximum(over: [1]) - logit
    }
  }
}

/// What an attacker wants of the logits; the sign of the objective is decided here, once.
public enum Goal: Hashable, Sendable, Codable {
  /// Any class but the given one.
  case untargeted
  /// The given class.
  case targeted

  /// The objective as something to ascend: `classes` are the labels, or the targets.
  public func ascended(_ objective: Objective, _ logits: Value, classes: Value) -> Value {
    let value = objective(logits, classes: classes)
    return self == .untargeted ? value : -value
  }
}
