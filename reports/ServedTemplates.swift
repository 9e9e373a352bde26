import Foundation

extension ReportTemplates {
  /// The skeleton of pages that are served: `{{title}}`, `{{language}}` and `{{body}}`, the style a
  /// file of its own.
  package static var servedPage: String {
    String(decoding: PackageResources.serve_html, as: UTF8.self)
  }

  /// What served pages need besides the style of reports: forms and links between pages.
  package static var servedStyle: String {
    String(decoding: PackageResources.serve_css, as: UTF8.self)
  }
}
