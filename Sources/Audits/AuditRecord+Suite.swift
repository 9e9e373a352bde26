package import Attacks
package import Tensors

extension AuditRecord {
  /// The suite as it was stored; nil where the stored configuration is none.
  package var suite: Suite? {
    // Audits that a program started may name a suite that is none.
    try? Suite(yaml: run.suiteText, file: run.suiteName)
  }

  /// What an attacker may do to a feature that has categories.
  package enum CategoryRule: Hashable, Sendable {
    case fixed
    /// A changed category counts as much as so large a distance.
    case counts(Double)
  }

  /// The rule under a norm, as the stored suite states it; nil where it does not.
  package func categoryRule(_ norm: Norm) -> CategoryRule? {
    suite?.threats.first { $0.norm == norm }.map { threat in
      threat.categoryCost.map(CategoryRule.counts) ?? .fixed
    }
  }
}
