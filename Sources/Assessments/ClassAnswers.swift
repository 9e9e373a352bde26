import Foundation
import Models
import Tensors

/// What a model answers: the class, and the probability that it gives to it.
struct ClassAnswers: Hashable, Sendable {
  /// The first class of the largest logit; nil where a logit is not a finite number.
  private(set) var predictions: [Int?] = []
  /// The largest probability of the answers that are numbers.
  private(set) var confidences: [Double] = []

  init() {}

  /// Adds the answers of logits `[N, K]`.
  mutating func append(_ logits: Tensor) {
    let classes = logits.argMax().scalars(of: Int64.self)
    let values = logits.doubles
    let width = logits.shape[1]
    for (row, answer) in classes.enumerated() {
      let scores = values[row * width..<(row + 1) * width]
      guard scores.allSatisfy(\.isFinite) else {
        predictions.append(nil)
        continue
      }
      predictions.append(Int(answer))
      confidences.append(Self.probability(ofEntry: Int(answer), in: Array(scores)))
    }
  }

  var meanConfidence: Double? {
    confidences.isEmpty ? nil : confidences.reduce(0, +) / Double(confidences.count)
  }

  /// The softmax of one of the logits.
  static func probability(ofEntry entry: Int, in logits: [Double]) -> Double {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0.0) { $0 + exp($1 - largest) }
    return exp(logits[entry] - largest) / sum
  }
}
