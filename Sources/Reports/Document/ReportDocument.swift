public import Attestations
public import Audits
package import ReportTemplates
import Tensors

/// A report on one or several audits, in whichever form it is asked for.
///
/// Every form is a function of the records, the profiles and the language alone: the same ones give
/// the same bytes.
public struct ReportDocument: Sendable {
  public var title: String
  public var records: [AuditRecord]
  /// The profiles whose clauses the report answers to; without any it has no clause map.
  public var profiles: [ComplianceProfile]
  /// What changed since earlier audits; empty where none is given.
  public var changes: [ComparisonDocument] = []
  /// What pages and the model card are written in; forms for machines are English.
  public var language: ReportLanguage

  /// - Precondition: there is at least one record.
  public init(
    title: String, records: [AuditRecord], profiles: [ComplianceProfile] = [],
    language: ReportLanguage = .english
  ) {
    precondition(!records.isEmpty, "expected at least one record")
    self.title = title
    self.records = records
    self.profiles = profiles
    self.language = language
  }

  /// One self-contained page, no script, no network, in the given or else the built-in templates.
  ///
  /// - Throws: an error where a picture cannot be written.
  package func html(
    templates: ReportTemplates? = nil, for medium: ReportMedium = .screen,
    manifests: [Manifest]? = nil
  ) throws -> String {
    let templates = try templates ?? .builtIn(language: language.rawValue)
    let words = Words(templates)
    return try words.writingNumbers {
      try ReportPage(
        document: self, words: words, manifests: manifests ?? self.manifests()
      ).source(templates, for: medium)
    }
  }

  /// One self-contained page in the built-in style.
  ///
  /// - Parameters:
  ///   - medium: Where the page is read; a printer of pages wants the one for print.
  ///   - manifests: Those of the records, where they were worked out already.
  /// - Returns: The source of the page.
  /// - Throws: an error where a picture cannot be written.
  public func html(
    for medium: ReportMedium = .screen, manifests: [Manifest]? = nil
  ) throws -> String {
    try html(templates: nil, for: medium, manifests: manifests)
  }

  /// The records whose data and classes agree, in the order of the first of each.
  var groups: [[AuditRecord]] {
    var groups: [[AuditRecord]] = []
    for record in records {
      let index = groups.firstIndex { group in
        group[0].data == record.data && group[0].model.classNames == record.model.classNames
          && group[0].model.input.shape == record.model.input.shape
      }
      if let index { groups[index].append(record) } else { groups.append([record]) }
    }
    return groups
  }

  /// What each record's model is called: its name, with the run where two share one.
  static func names(of records: [AuditRecord], _ words: Words? = nil) -> [String] {
    records.map { record in
      let twins = records.filter {
        $0.model.name == record.model.name && $0.data.name == record.data.name
      }
      guard twins.count > 1 else { return record.model.name }
      let values: KeyValuePairs = ["model": record.model.name, "run": record.run.id]
      return words?("names.twin", values) ?? "\(record.model.name) (run \(record.run.id))"
    }
  }
}
