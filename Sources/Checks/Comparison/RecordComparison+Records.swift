public import Audits
package import Statistics
import Tensors

extension RecordComparison {
  /// What changed from the first audit to the second.
  ///
  /// - Parameters:
  ///   - first: The earlier audit.
  ///   - second: The later one.
  /// - Throws: `ComparisonError` if the audits have no samples in common.
  public init(from first: AuditRecord, to second: AuditRecord) throws {
    try self.init(from: first, to: second, bootstrap: PairedBootstrap())
  }

  package init(
    from first: AuditRecord, to second: AuditRecord, bootstrap: PairedBootstrap
  ) throws {
    let common = try CommonRecords(first, second)
    let norms = SharedNorm.all(common.first, common.second)
    let explanations = ExplanationMoves(common)
    self.first = Run(first)
    self.second = Run(second)
    overlap = common.overlap
    classNames = first.model.classNames
    confidence = 0.95
    measures =
      MeasureChanges(
        common: common, norms: norms.shared, bootstrap: bootstrap, confidence: confidence
      ).all()
    breaks = norms.shared.map { BreakSearch(common, $0).changes }
    flips = common.pairs.compactMap(Flip.init)
    moves = explanations.moves
    warnings = Self.warningChanges(first, second)
    gates = Self.gateChanges(first, second)
    notes = Self.notes(
      first, second, overlap, norms, incomparable: explanations.incomparable)
  }

  private static func notes(
    _ first: AuditRecord, _ second: AuditRecord, _ overlap: Overlap,
    _ norms: (shared: [SharedNorm], differing: [Norm]), incomparable: Int
  ) -> [String] {
    var notes = [first, second].filter { !$0.run.isComplete }.map {
      "The run \($0.run.id) is not complete: what it has not attacked yet is left out."
    }
    if overlap.otherInput > 0 {
      notes.append(
        "Samples with the same number but another input are left out: \(overlap.otherInput).")
    }
    if overlap.otherLabel > 0 {
      notes.append(
        "Samples with the same input but another label are left out: \(overlap.otherLabel).")
    }
    notes += norms.differing.map {
      "The runs have no radius in the same units in common under \($0.symbol): figures under it are "
        + "left out."
    }
    notes += norms.shared.filter { !$0.hasSameAttacks }.map {
      "The runs do not attack in the same way under \($0.norm.symbol): figures under it may differ "
        + "for that reason alone."
    }
    if incomparable > 0 {
      notes.append(
        "Explanations that are left out because their settings differ, one did not converge or one "
          + "is constant: \(incomparable).")
    }
    return notes
  }
}

extension RecordComparison.Flip {
  /// A sample's answers, nil where they are the same.
  fileprivate init?(_ pair: (first: PredictionFinding, second: PredictionFinding)) {
    let (before, after) = pair
    guard before.predicted != after.predicted else { return nil }
    kind =
      before.isCorrect ? .rightToWrong : after.isCorrect ? .wrongToRight : .wrongToWrong
    sample = before.sample
    name = before.name
    label = before.label
    first = before.predicted
    firstConfidence = before.answerProbability
    second = after.predicted
    secondConfidence = after.answerProbability
  }
}

extension PredictionFinding {
  /// The probability of the model's answer, nil where it is none.
  fileprivate var answerProbability: Double? {
    probabilities.indices.contains(predicted) ? Double(probabilities[predicted]).finite : nil
  }
}
