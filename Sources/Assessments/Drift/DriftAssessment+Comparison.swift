import Statistics

extension DriftAssessment {
  /// Compares a quantity that was taken of both samples.
  static func comparison(_ training: SampleSummaries, _ audited: SampleSummaries) -> Comparison {
    training.categories.isEmpty
      ? numbers(training, audited) : categories(training, audited)
  }

  private static func numbers(
    _ training: SampleSummaries, _ audited: SampleSummaries
  ) -> Comparison {
    let test = KolmogorovSmirnovTest(training.values, audited.values)
    let intervals = QuantileBins(of: training.values)
    let counts = [training, audited].map { intervals.counts(of: $0.values) }
    let index = PopulationStability(reference: counts[0], other: counts[1])
    return Comparison(
      quantity: training.quantity, name: training.name, test: .kolmogorovSmirnov,
      statistic: test.statistic, probability: test.probability, isExact: test.isExact,
      stability: index.value, stabilityByChance: index.expectedByChance,
      bins: bins(counts) { position in
        (intervals.edges.indices.contains(position) ? intervals.edges[position] : nil, nil)
      },
      trainingCount: training.values.count, auditedCount: audited.values.count)
  }

  private static func categories(
    _ training: SampleSummaries, _ audited: SampleSummaries
  ) -> Comparison {
    let counts = [training, audited].map(\.categoryCounts)
    let test = ChiSquareTest(counts)
    let index = PopulationStability(reference: counts[0], other: counts[1])
    return Comparison(
      quantity: training.quantity, name: training.name, test: .chiSquare,
      statistic: test.statistic, degreesOfFreedom: test.degreesOfFreedom,
      probability: test.probability, isExact: false, leastExpected: test.leastExpected,
      stability: index.value, stabilityByChance: index.expectedByChance,
      bins: bins(counts) { (nil, training.categories[$0]) },
      trainingCount: training.values.count, auditedCount: audited.values.count)
  }

  private static func bins(
    _ counts: [[Int]], _ end: (Int) -> (upper: Double?, category: String?)
  ) -> [Bin] {
    let totals = counts.map { Double($0.reduce(0, +)) }
    return counts[0].indices.map { position in
      let (upper, category) = end(position)
      return Bin(
        upper: upper, category: category,
        trainingShare: Double(counts[0][position]) / totals[0],
        auditedShare: Double(counts[1][position]) / totals[1])
    }
  }
}
