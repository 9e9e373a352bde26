public import Audits
public import Checks
package import ReportTemplates
package import Statistics

/// What changed between two audits, in whichever form it is asked for.
///
/// Every form is a function of the records and the history alone: the same ones give the same bytes.
public struct ComparisonDocument: Sendable {
  public var comparison: RecordComparison
  /// The records that were compared: where pictures come from.
  public var first: AuditRecord
  public var second: AuditRecord
  /// The gates over the versions of the second model; empty where there are too few.
  public var history: [GateHistory]

  /// Compares two audits.
  ///
  /// - Parameters:
  ///   - first: The earlier audit.
  ///   - second: The later one.
  ///   - history: The gates over the versions of the second model.
  /// - Throws: `ComparisonError` if the audits have no samples in common.
  public init(from first: AuditRecord, to second: AuditRecord, history: [GateHistory] = []) throws {
    try self.init(from: first, to: second, history: history, bootstrap: PairedBootstrap())
  }

  package init(
    from first: AuditRecord, to second: AuditRecord, history: [GateHistory] = [],
    bootstrap: PairedBootstrap
  ) throws {
    comparison = try RecordComparison(from: first, to: second, bootstrap: bootstrap)
    self.first = first
    self.second = second
    self.history = history
  }

  /// One self-contained page, no script, no network, in the given templates.
  ///
  /// - Throws: an error where a picture cannot be written.
  package func html(templates: ReportTemplates) throws -> String {
    let words = Words(templates)
    return try words.writingNumbers {
      try ComparisonPage(document: self, words: words).source(templates)
    }
  }

  /// One self-contained page in the built-in style.
  ///
  /// - Parameter language: What the page is written in; what the audits recorded stays in English.
  /// - Returns: The source of the page.
  /// - Throws: an error where a picture cannot be written.
  public func html(language: ReportLanguage = .english) throws -> String {
    try html(templates: .builtIn(language: language.rawValue))
  }

  /// The comparison for machines.
  public var json: ComparisonJSON { ComparisonJSON(comparison: comparison, history: history) }
}
