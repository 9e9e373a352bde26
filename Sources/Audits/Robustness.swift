public import Tensors

/// What the findings of a run say about robustness; every number derives from stored findings.
///
/// All attacks of the plan take part, controls too: a broken sample is broken, whoever broke it.
/// Probes do not: their ε is no claim, and may be measured in other units.
public struct Robustness: Sendable {
  private let predictions: [PredictionFinding]
  private let attacks: [AttackDescription]
  /// Per norm and sample: the smallest ε at which a verified finding broke the sample.
  private let breakingEpsilon: [Norm: [Int: Double]]
  private let breakingDistance: [Norm: [Int: Double]]
  /// Per norm and ε: how many of the attacks each sample was given.
  private let tries: [Norm: [Double: [Int: Int]]]

  public init(_ record: AuditRecord) {
    predictions = record.predictions
    attacks = record.attacks.filter { !$0.isProbe }
    let norms = Dictionary(
      attacks.map { ($0.id, $0.norm) }, uniquingKeysWith: { first, _ in first })
    var epsilons: [Norm: [Int: Double]] = [:]
    var distances: [Norm: [Int: Double]] = [:]
    let replays = Set(attacks.filter(\.isReplay).map(\.id))
    var tries: [Norm: [Double: [Int: Int]]] = [:]
    for finding in record.findings {
      guard let norm = norms[finding.attack] else { continue }
      if !replays.contains(finding.attack) {
        tries[norm, default: [:]][finding.epsilon, default: [:]][finding.sample, default: 0] += 1
      }
      guard finding.outcome == .broken else { continue }
      let sample = finding.sample
      epsilons[norm, default: [:]][sample] = Swift.min(
        epsilons[norm]?[sample] ?? .infinity, finding.epsilon)
      distances[norm, default: [:]][sample] = Swift.min(
        distances[norm]?[sample] ?? .infinity, finding.distance)
    }
    breakingEpsilon = epsilons
    breakingDistance = distances
    self.tries = tries
  }

  /// The samples of which nothing is known at ε: correct, unbroken, and not given every attack, since
  /// the budget was spent before.
  public func unfinished(_ norm: Norm, within epsilon: Double) -> [Int] {
    let planned = attacks.count {
      $0.norm == norm && !$0.isReplay && $0.epsilons.contains(epsilon)
    }
    return predictions.filter { prediction in
      isRobust(prediction, norm, within: epsilon)
        && (tries[norm]?[epsilon]?[prediction.sample] ?? 0) < planned
    }.map(\.sample)
  }

  /// The smallest verified breaking distance of a sample; nil if nothing broke it.
  public func distance(of sample: Int, _ norm: Norm) -> Double? {
    breakingDistance[norm]?[sample]
  }

  /// The norms that were attacked, in the order of the plan.
  public var norms: [Norm] {
    attacks.reduce(into: []) { if !$0.contains($1.norm) { $0.append($1.norm) } }
  }

  /// Every ε that was tried under a norm, ascending.
  public func epsilons(_ norm: Norm) -> [Double] {
    Set(attacks.filter { $0.norm == norm }.flatMap(\.epsilons)).sorted()
  }

  /// Whether a sample is classified correctly and broken by no attack within ε.
  public func isRobust(
    _ prediction: PredictionFinding, _ norm: Norm, within epsilon: Double
  ) -> Bool {
    prediction.isCorrect && (breakingEpsilon[norm]?[prediction.sample] ?? .infinity) > epsilon
  }

  /// The number of samples that are correct and unbroken; the denominator is all samples.
  public func robustCount(_ norm: Norm, within epsilon: Double) -> Int {
    predictions.count { isRobust($0, norm, within: epsilon) }
  }

  /// The smallest verified breaking distance of each correctly classified sample, ∞ if unbroken.
  public func distances(_ norm: Norm) -> [Double] {
    predictions.filter(\.isCorrect).map { breakingDistance[norm]?[$0.sample] ?? .infinity }
  }
}

extension AttackDescription {
  /// Whether the attack only tests the tests: its ε is larger than any that is claimed, or its
  /// samples are broken already.
  public var isProbe: Bool { id.hasPrefix(Self.probePrefix) }

  static let probePrefix = "probe/"
  /// Whether the attack searches by the model's answers alone; noise does not search.
  package var isBlackBoxSearch: Bool { !isWhiteBox && !isProbe && method != Self.noise }

  /// The method that says how much chance alone breaks.
  static let noise = "noise"
}
