import Foundation
import Models
import Tensors

extension AuditRun {
  /// The model's answers for all samples; those that are stored are not asked for again.
  func predict(known: AuditRecord) throws -> [PredictionFinding] {
    if known.predictions.count == subject.count { return known.predictions }
    let encoded = model.input.encoded(subject.inputs)
    let logits = try classifier.verifiedLogits(encoded, threads: plan.threads)
    let probabilities = Softmax.rows(logits)
    let predictions = logits.argMax().scalars(of: Int64.self)
    let findings = try subject.samples.indices.map { index in
      guard probabilities[index].allSatisfy(\.isFinite) else {
        throw AuditError.notFinite(sample: subject.samples[index])
      }
      return PredictionFinding(
        sample: subject.samples[index], name: subject.names[index],
        label: subject.labels[index], predicted: Int(predictions[index]),
        probabilities: probabilities[index], input: subject.inputs.row(index),
        groups: subject.groups[index])
    }
    try store.append(findings, to: description.id)
    return findings
  }
}

/// Probabilities of logits.
enum Softmax {
  /// eᶻ / Σ eᶻ of each row `[N, K]`, in double precision; NaN where a logit is not finite.
  static func rows(_ logits: Tensor) -> [[Float]] {
    let values = logits.doubles
    let classes = logits.shape[1]
    return stride(from: 0, to: values.count, by: classes).map { start in
      let row = values[start..<start + classes]
      let largest = row.max() ?? 0
      let exponentials = row.map { exp($0 - largest) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { Float($0 / sum) }
    }
  }
}
