import Audits

/// The quality of one method's explanations beside its controls, averaged over samples.
struct QualitySummary: Sendable {
  /// One figure: deletion, insertion.
  struct Figure: Sendable {
    var name: String
    var count: Int
    var value: Double
    var random: Double
    var randomizedModel: Double
    var fractions: [Double]
    var curve: [Double]
    var randomCurve: [Double]
    var randomizedModelCurve: [Double]

    /// Whether a small value is good: the target's probability should fall fast in deletion.
    var isLowGood: Bool { name == "deletion" }
    /// Whether the method does better than its random control.
    var beatsRandom: Bool { isLowGood ? value < random : value > random }
  }

  let method: String
  let figures: [Figure]
  let explanationCount: Int
  let unconvergedCount: Int

  /// Whether the method is better than a random attribution in no figure that was measured.
  var isWithdrawn: Bool { !figures.isEmpty && !figures.contains(where: \.beatsRandom) }

  /// One summary a method, in the order of the record.
  static func all(_ record: AuditRecord) -> [QualitySummary] {
    var methods: [String] = []
    for explanation in record.explanations where !methods.contains(explanation.method) {
      methods.append(explanation.method)
    }
    return methods.map { method in
      QualitySummary(method, record.explanations.filter { $0.method == method })
    }
  }

  private init(_ method: String, _ explanations: [ExplanationFinding]) {
    self.method = method
    explanationCount = explanations.count
    unconvergedCount = explanations.count { !$0.isConverged }
    let names = explanations.first?.quality.map(\.name) ?? []
    figures = names.map { name in
      Self.figure(name, explanations.compactMap { $0.quality.first { $0.name == name } })
    }
  }

  private static func figure(_ name: String, _ all: [QualityMeasure]) -> Figure {
    func mean(_ values: [Double]) -> Double {
      values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
    let fractions = all.first?.fractions ?? []
    func meanCurve(_ curve: KeyPath<QualityMeasure, [Double]>) -> [Double] {
      // Only curves over the same fractions can be averaged point by point.
      let comparable = all.filter {
        $0.fractions == fractions && $0[keyPath: curve].count == fractions.count
      }
      return comparable.isEmpty
        ? [] : fractions.indices.map { index in mean(comparable.map { $0[keyPath: curve][index] }) }
    }
    return Figure(
      name: name, count: all.count, value: mean(all.map(\.value)),
      random: mean(all.map(\.random)), randomizedModel: mean(all.map(\.randomizedModel)),
      fractions: fractions, curve: meanCurve(\.curve), randomCurve: meanCurve(\.randomCurve),
      randomizedModelCurve: meanCurve(\.randomizedModelCurve))
  }
}
