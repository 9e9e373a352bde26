package import Audits
import Tensors

/// What is known about one sample: its input, what attacks made of it, its explanations.
///
/// Colour scales are shared by the pictures of the sample alone, so that what stands on one page can
/// be compared.
package struct SampleView: Sendable {
  package let prediction: PredictionFinding
  /// In the order of the record.
  package let findings: [AttackFinding]
  let record: AuditRecord
  let chapter: Chapter
  let words: Words
  private let withdrawn: Set<String>

  /// - Returns: nil where the run holds no such sample.
  package init?(_ record: AuditRecord, sample: Int, _ words: Words) {
    guard let prediction = record.predictions.first(where: { $0.sample == sample }) else {
      return nil
    }
    self.prediction = prediction
    findings = record.findings.filter { $0.sample == sample }
    // Whether a method is to be believed is a question to all of its explanations.
    withdrawn = Set(QualitySummary.all(record).filter(\.isWithdrawn).map(\.method))
    var own = record
    own.predictions = [prediction]
    own.findings = findings
    own.explanations = record.explanations.filter { $0.sample == sample }
    self.record = own
    self.words = words
    chapter = Chapter(number: 1, records: [own], names: [record.model.name], words: words)
  }

  /// The perturbed input of a finding beside the clean one, or the features that were changed.
  ///
  /// - Returns: nil where the finding keeps no perturbed input.
  /// - Throws: an error where a picture cannot be written.
  package func evidence(of finding: AttackFinding) throws -> Markup? {
    guard let perturbed = perturbed(finding) else { return nil }
    let position = findings.firstIndex(of: finding) ?? 0
    return try chapter.evidence(
      WorstCases.Case(prediction: prediction, finding: finding, perturbed: perturbed), record,
      differenceScale(of: finding), id: "finding-\(position)")
  }

  /// The explanations; in place of a method that failed its controls the reason.
  ///
  /// - Throws: an error where a picture cannot be written.
  package func explanations() throws -> Markup {
    guard !record.explanations.isEmpty else {
      return "<p>\(words("serve.sample.unexplained"))</p>"
    }
    let figures = try record.explanations.enumerated().map { index, explanation -> Markup in
      guard !withdrawn.contains(explanation.method) else { return refusal(of: explanation) }
      let figure = try chapter.figure(
        of: explanation, prediction, record, scale: chapter.scale(explanation.method),
        id: "explanation-\(index)")
      return "<div>\(figure)\(shift(of: explanation))</div>"
    }
    return "<div class=\"examples\">\(figures)</div>"
  }

  private func refusal(of explanation: ExplanationFinding) -> Markup {
    let reason = words(
      "trust.withdrawn", ["model": record.model.name, "method": explanation.method])
    return "<p class=\"callout\">\(reason)</p>"
  }

  private func shift(of explanation: ExplanationFinding) -> Markup {
    guard let correlation = explanation.rankCorrelationUnderAttack else { return .empty }
    let text = words(
      "serve.sample.shift", ["correlation": NumberText.decimal(correlation, digits: 2)])
    return "<p class=\"small\">\(text)</p>"
  }

  private func perturbed(_ finding: AttackFinding) -> Tensor? {
    guard let perturbed = finding.perturbed, perturbed.shape == prediction.input.shape else {
      return nil
    }
    return perturbed
  }

  /// One scale for the changes under a norm: those of other norms are of another size.
  private func differenceScale(of finding: AttackFinding) -> HeatmapScale {
    let norms = Dictionary(
      record.attacks.map { ($0.id, $0.norm) }, uniquingKeysWith: { first, _ in first })
    let panels = findings.filter { norms[$0.attack] == norms[finding.attack] }
      .compactMap(perturbed)
      .map { Triptych.differences(prediction.input, $0).values }
    return HeatmapScale(panels: panels)
  }
}
