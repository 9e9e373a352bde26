import Audits

extension Output {
  /// What speaks against believing figures: what was raised, what it means and what to try.
  static func warnings(_ warnings: [SoundnessWarning]) {
    for warning in warnings {
      line()
      line("Warning \(warning.name)\(warning.isVeto ? " (veto)" : ""): \(warning.raised).")
      line("  \(warning.explanation)")
      line("  \(warning.suggestion)")
    }
  }
}
