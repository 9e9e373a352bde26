public import Audits
package import ReportTemplates
import Tensors

/// A report on one or several audits, in whichever form it is asked for.
///
/// Every form is a function of the records and profiles alone: the same ones give the same bytes.
public struct ReportDocument: Sendable {
  public var title: String
  public var records: [AuditRecord]
  /// The profiles whose clauses the report answers to; without any it has no clause map.
  public var profiles: [ComplianceProfile]

  /// - Precondition: there is at least one record.
  public init(title: String, records: [AuditRecord], profiles: [ComplianceProfile] = []) {
    precondition(!records.isEmpty, "expected at least one record")
    self.title = title
    self.records = records
    self.profiles = profiles
  }

  /// One self-contained page, no script, no network, in the given or else the built-in templates.
  ///
  /// - Throws: an error where a picture cannot be written.
  package func html(templates: ReportTemplates? = nil) throws -> String {
    let templates = try templates ?? .builtIn()
    return try ReportPage(document: self, words: Words(templates)).source(templates)
  }

  /// One self-contained page in the built-in style.
  ///
  /// - Throws: an error where a picture cannot be written.
  public func html() throws -> String { try html(templates: nil) }

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
  static func names(of records: [AuditRecord]) -> [String] {
    records.map { record in
      let twins = records.filter {
        $0.model.name == record.model.name && $0.data.name == record.data.name
      }
      return twins.count > 1 ? "\(record.model.name) (run \(record.run.id))" : record.model.name
    }
  }
}
