/// Where a page is read.
public enum ReportMedium: String, Hashable, Sendable, CaseIterable {
  /// In a browser: details fold away, tables scroll in boxes of their own, light or dark.
  case screen
  /// On paper, by a program that lays out pages: all is open, links name their pages.
  case print
}
