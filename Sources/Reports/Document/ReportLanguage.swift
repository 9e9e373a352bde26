/// The languages that a report can be written in; the raw value is the code that pages state.
public enum ReportLanguage: String, Codable, Hashable, Sendable, CaseIterable {
  case english = "en"
  case german = "de"
}
