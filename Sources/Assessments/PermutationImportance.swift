import Statistics
import Tensors

/// Scores of samples whose parts come from other samples.
///
/// The same permutations serve all parts, so that what they have in common cancels where parts are
/// compared.
struct PermutationImportance: Sendable {
  let inputs: ReplacedInputs
  /// Each sample's score as it is.
  let scores: [SampleScore]
  /// A repetition each: whose values each sample gets.
  let permutations: [[Int]]

  /// How well one sample is answered.
  struct SampleScore: Sendable {
    let logLoss: Double
    let isRight: Bool

    init(_ answer: LogitRow, label: Int) {
      logLoss = answer.logLoss(label)
      isRight = answer.predicted == label
    }
  }

  init(_ inputs: ReplacedInputs, repeats: Int, seed: UInt64) throws {
    self.inputs = inputs
    let labels = inputs.samples.labels
    scores = try zip(inputs.answers(), labels).map { SampleScore($0, label: $1) }
    permutations = (0..<repeats).map { repetition in
      var random = RandomStream(seed: seed, purpose: "permutation importance", step: repetition)
      return labels.indices.shuffled(using: &random)
    }
  }

  /// What permuting the given positions together does to log loss and accuracy.
  func importance(
    of positions: [Int], named name: String
  ) throws -> (loss: ImportanceEstimate, accuracy: ImportanceEstimate) {
    let donors = firstSamplesWithSameValues(at: positions)
    let changed = try scoresAfterReplacing(positions, from: donors, named: name)
    let differences = permutations.map { permutation in
      permutation.enumerated().map { sample, donor in
        changed[pair(sample, donors[donor])].map { after in
          (
            loss: after.logLoss - scores[sample].logLoss,
            accuracy: (scores[sample].isRight ? 1.0 : 0) - (after.isRight ? 1 : 0)
          )
        } ?? (loss: 0, accuracy: 0)
      }
    }
    return (
      estimate(differences.map { $0.map(\.loss) }),
      estimate(differences.map { $0.map(\.accuracy) })
    )
  }

  /// For each sample the first with the same values there: equal values are answered once.
  private func firstSamplesWithSameValues(at positions: [Int]) -> [Int] {
    var first: [[Float]: Int] = [:]
    return scores.indices.map { sample in
      let values = positions.map { inputs.values[sample * inputs.size + $0] }
      if let known = first[values] { return known }
      first[values] = sample
      return sample
    }
  }

  private func pair(_ sample: Int, _ donor: Int) -> Int { sample * scores.count + donor }

  /// The scores of all pairs of a sample and other values that some permutation makes.
  private func scoresAfterReplacing(
    _ positions: [Int], from donors: [Int], named name: String
  ) throws -> [Int: SampleScore] {
    var wanted: Set<Int> = []
    for permutation in permutations {
      for (sample, donor) in permutation.enumerated() where donors[donor] != donors[sample] {
        wanted.insert(pair(sample, donors[donor]))
      }
    }
    let pairs = wanted.sorted()
    let count = scores.count
    var found: [Int: SampleScore] = [:]
    found.reserveCapacity(pairs.count)
    try inputs.visit(
      count: pairs.count, part: name, sample: { pairs[$0] / count },
      replace: { index, raw in
        let donor = pairs[index] % count * inputs.size
        for position in positions { raw[position] = inputs.values[donor + position] }
      },
      visit: { index, answer in
        found[pairs[index]] = SampleScore(
          answer, label: inputs.samples.labels[pairs[index] / count])
      })
    return found
  }

  /// The mean of differences, a row a repetition, with its errors.
  ///
  /// Each difference has two samples in it, the one whose answer changes and the one that lends its
  /// values. The interval counts both, as the variance of a mean over pairs does:
  ///
  ///     ψ_i = (mean difference of i as receiver) + (that of i as donor) − mean,   SE² = Var ψ / n
  ///
  /// - Source: Hoeffding 1948, "A class of statistics with asymptotically normal distribution",
  ///   Annals of Mathematical Statistics 19.
  private func estimate(_ differences: [[Double]]) -> ImportanceEstimate {
    let n = Double(scores.count)
    let means = differences.map { $0.reduce(0, +) / n }
    let mean = means.reduce(0, +) / Double(means.count)
    var influence = [Double](repeating: -mean, count: scores.count)
    for (permutation, row) in zip(permutations, differences) {
      for (sample, donor) in permutation.enumerated() {
        influence[sample] += row[sample] / Double(means.count)
        influence[donor] += row[sample] / Double(means.count)
      }
    }
    let half = NormalDistribution.quantile(0.975) * Self.standardError(influence)
    return ImportanceEstimate(
      estimate: IntervalEstimate(
        value: mean, lower: mean - half, upper: mean + half, count: scores.count,
        method: "normal, over samples as receivers and donors of values"),
      standardError: Self.standardError(means))
  }

  /// The standard deviation over √n.
  private static func standardError(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (n - 1) / n).squareRoot()
  }
}
