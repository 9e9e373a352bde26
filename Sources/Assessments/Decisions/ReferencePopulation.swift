import Statistics
import Tensors

/// The applicants that the declined are compared with: those accepted at or just above the cut-off.
///
/// - Source: 12 CFR part 1002, supplement I, comment 9(b)(2)-5 names this method.
public struct ReferencePopulation: Codable, Hashable, Sendable {
  /// The share of the accepted that is taken.
  public static let share = 0.1
  /// At least so many are taken, if so many are accepted.
  public static let minimumCount = 20
  /// At most so many are taken.
  public static let maximumCount = 100

  /// What one feature is like among the reference applicants.
  public struct TypicalValue: Codable, Hashable, Sendable {
    public var feature: String
    /// The lower median of a number, the commonest category else.
    public var value: Double
    public var text: String
  }

  public var source: PopulationSource
  public var populationCount: Int
  public var acceptedCount: Int
  /// The reference applicants' indices in their data set, the nearest to the cut-off first.
  public var samples: [Int]
  /// The range and the mean of their log-odds.
  public var lowestScore: Double
  public var highestScore: Double
  public var meanScore: Double
  /// One a feature, in the features' order.
  public var typicalValues: [TypicalValue]

  public var count: Int { samples.count }
  public var lowestProbability: Double { LogOdds.probability(lowestScore) }
  public var highestProbability: Double { LogOdds.probability(highestScore) }
}

extension ReferencePopulation {
  /// The positions of the accepted nearest to the cut-off, nearest first.
  static func nearest(_ population: Applicants) -> [Int] {
    let accepted = population.accepted.filter { population.scores[$0].isFinite }
    let tenth = Int((Double(accepted.count) * share).rounded(.up))
    let count = min(max(tenth, minimumCount), maximumCount)
    return Array(
      accepted.sorted { (population.scores[$0], $0) < (population.scores[$1], $1) }.prefix(count))
  }

  /// - Precondition: there is at least one position.
  init(
    _ positions: [Int], of population: Applicants, source: PopulationSource, features: [Feature]
  ) {
    precondition(!positions.isEmpty, "expected at least one reference applicant")
    let scores = positions.map { population.scores[$0] }
    self.source = source
    populationCount = population.count
    acceptedCount = population.accepted.count
    samples = positions.map { population.samples[$0] }
    lowestScore = scores.min() ?? 0
    highestScore = scores.max() ?? 0
    meanScore = scores.reduce(0, +) / Double(scores.count)
    typicalValues = features.enumerated().map { column, feature in
      let values = positions.map { Double(population.raw[$0][column]) }
      let value = feature.isNominal ? Self.commonest(values) : Self.lowerMedian(values)
      return TypicalValue(feature: feature.name, value: value, text: feature.text(for: value))
    }
  }

  /// A middle value that occurs: half an instalment would be no typical number of instalments.
  static func lowerMedian(_ values: [Double]) -> Double {
    values.sorted()[(values.count - 1) / 2]
  }

  /// The value that occurs most often; the smallest of several.
  static func commonest(_ values: [Double]) -> Double {
    var counts: [Double: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let most = counts.values.max() ?? 0
    return counts.filter { $0.value == most }.keys.min() ?? 0
  }
}
