package import Audits

/// The parts of one run's report that a reader sees before the details.
package struct RunView: Sendable {
  private let page: ReportPage

  package init(_ record: AuditRecord, _ words: Words) {
    page = ReportPage(
      document: ReportDocument(title: record.run.title, records: [record]), words: words)
  }

  /// Accuracies, distances, samples and the verdict.
  package var keyNumbers: Markup { page.glance }

  /// The verdict on each requirement, with its interval and threshold.
  package var gates: Markup { page.gates }

  /// What speaks against believing a measure.
  package var warnings: Markup { page.warnings }

  /// Every measure, folded away.
  package var measures: Markup { page.measures }
}
