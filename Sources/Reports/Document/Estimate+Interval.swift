import Statistics

extension Estimate {
  /// An assessment's number, as a percentage where it is a fraction.
  init(interval estimate: IntervalEstimate, isFraction: Bool) {
    value = estimate.value
    lower = estimate.lower
    upper = estimate.upper
    self.isFraction = isFraction
  }
}

extension NumberText {
  /// A p-value with three decimals, "< 0.001" below them.
  static func probability(_ value: Double) -> String {
    value < 0.001 ? "<\u{A0}\(fixed(0.001, decimals: 3))" : fixed(value, decimals: 3)
  }

  /// The same for sentences, with its relation: "= 0.012", "< 0.001".
  static func probabilityRelation(_ value: Double) -> String {
    value < 0.001 ? probability(value) : "=\u{A0}" + probability(value)
  }
}
