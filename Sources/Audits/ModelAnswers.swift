import Models
import Tensors

/// What a model answers when it is asked about the same clean samples again.
///
/// An audit presumes that a model is a function, and that its outputs are logits. Both are looked
/// at on the first samples; each further answer costs a forward pass.
package struct ModelAnswers: Sendable {
  /// How many samples are looked at, at most.
  package static let limit = 64

  /// The samples whose answers differed in any bit.
  package let changed: [Int]
  /// Whether every row of outputs is a distribution: in [0, 1] with sum 1.
  package let areDistributions: Bool
  /// The samples whose largest output is exactly 1, if the outputs are distributions.
  package let saturated: [Int]
  package let count: Int

  package init(changed: [Int], areDistributions: Bool, saturated: [Int] = [], count: Int) {
    self.changed = changed
    self.areDistributions = areDistributions
    self.saturated = saturated
    self.count = count
  }

  /// Asks twice, and compares with what was predicted when the audit began.
  ///
  /// - Throws: what the model throws.
  init(
    of model: some Classifier, to subject: AuditSubject, _ predictions: [PredictionFinding]
  ) throws {
    count = min(subject.count, Self.limit)
    let inputs = model.input.encoded(subject.inputs.rows(0..<count))
    let first = try model.verifiedLogits(inputs, threads: 1)
    let second = try model.verifiedLogits(inputs, threads: 1)
    let stored = Dictionary(
      predictions.map { ($0.sample, $0.probabilities) }, uniquingKeysWith: { first, _ in first })
    let probabilities = Softmax.rows(first)
    changed = (0..<count).filter { row in
      first.row(row) != second.row(row) || probabilities[row] != stored[subject.samples[row]]
    }.map { subject.samples[$0] }
    let areDistributions = (0..<count).allSatisfy { row in
      let values = first.row(row).doubles
      return values.count > 1 && values.allSatisfy { $0 >= 0 && $0 <= 1 }
        && abs(values.reduce(0, +) - 1) < 1e-4
    }
    self.areDistributions = areDistributions
    saturated =
      areDistributions
      ? (0..<count).filter { first.row($0).doubles.max() == 1 }.map { subject.samples[$0] }
      : []
  }
}
