package import Programs

/// A table of backward rules with the name under which compiled functions are kept.
package struct NamedRules: Sendable {
  package let name: String
  package let rules: BackwardRules

  package init(_ name: String, _ rules: BackwardRules) {
    self.name = name
    self.rules = rules
  }

  /// The derivative itself.
  package static let gradient = NamedRules("gradient", .gradient)
}
