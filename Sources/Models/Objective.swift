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
  /// The margin as a share of the spread of the logits, which no rescaling of logits changes:
  /// (max_{i ≠ y} z_i − z_y) / (z_π1 − z_π3), π sorting from high to low (Croce and Hein 2020,
  /// 2003.01690). With fewer than three classes it is the margin.
  case differenceOfLogitsRatio = "dlr"

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
    case .differenceOfLogitsRatio:
      let margin = Objective.margin(logits, classes: classes)
      guard logits.shape[1] >= 3 else { return margin }
      let ranked = logits.sorted(axis: 1, descending: true)
      return margin / (ranked.select(axis: 1, 0) - ranked.select(axis: 1, 2) + 1e-12)
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
