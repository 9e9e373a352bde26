import Tensors

/// Which samples an audit explains: chosen by a rule that is stated, not by hand.
///
/// A third of them are wrong answers with the highest confidence, a third are correct answers that
/// an attack broke at the smallest distance, relative to what was tried, and the rest are correct
/// answers spread evenly over the data. Where there are too few of a kind, the rest grows.
package struct ExplanationChoice {
  package let samples: [PredictionFinding]

  package init(_ record: AuditRecord, count: Int) {
    let third = max(count + 2, 0) / 3
    let wrong = record.predictions.filter { !$0.isCorrect }
      .sorted { ($0.confidence, $1.sample) > ($1.confidence, $0.sample) }.prefix(third)
    let broken = BrokenSamples(record)
    let fragile = record.predictions.compactMap { prediction in
      prediction.isCorrect ? broken.nearest(of: prediction.sample).map { (prediction, $0) } : nil
    }.sorted {
      ($0.1.relativeDistance, $0.0.sample) < ($1.1.relativeDistance, $1.0.sample)
    }.prefix(third).map(\.0)
    let taken = Set((Array(wrong) + fragile).map(\.sample))
    let rest = record.predictions.filter { $0.isCorrect && !taken.contains($0.sample) }
    let spread = rest.spread(count - taken.count).map { rest[$0] }
    samples = (Array(wrong) + fragile + spread).sorted { $0.sample < $1.sample }
  }
}

extension PredictionFinding {
  /// The probability of the predicted class.
  package var confidence: Float { probabilities.max() ?? 0 }
}
