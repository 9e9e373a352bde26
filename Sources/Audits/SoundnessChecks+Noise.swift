import Foundation
import Tensors

/// What noise alone does to samples, whether or not attacks have broken them.
struct NoiseFindings {
  /// The smallest radius at which noise broke each sample, ∞ for none, of all that it tried.
  private(set) var breakingEpsilon: [Int: Double] = [:]
  /// The radii at which each sample was tried.
  private var tried: Set<SampleRound> = []
  /// The number of points that were drawn for each sample.
  private let draws: Double

  init(_ record: AuditRecord) {
    let probe = record.attacks.first(where: \.isNoiseProbe)
    let stated = probe?.parameters.first { $0.name == "draws" }
    draws = stated.flatMap { Double($0.value) } ?? 0
  }

  mutating func add(_ finding: AttackFinding, at round: SampleRound) {
    tried.insert(round)
    let known = breakingEpsilon[finding.sample] ?? .infinity
    let found = finding.outcome == .broken ? finding.epsilon : .infinity
    breakingEpsilon[finding.sample] = min(known, found)
  }

  func hasTried(_ round: SampleRound) -> Bool { tried.contains(round) }

  /// Whether noise breaks the sample within the radius of a round.
  func breaks(_ round: SampleRound) -> Bool {
    breakingEpsilon[round.sample].map { $0 <= round.epsilon } ?? false
  }

  /// Whether a ball has enough dimensions for chance to be weak in it.
  ///
  /// Of a linear function with normal weights w, the best of n random corners of the L∞ ball reaches
  /// about √(2 ln n) ‖w‖₂, the best corner ‖w‖₁ ≈ √(2 d / π) ‖w‖₂. Noise that reaches more than two
  /// thirds of what can be reached is as good as an attack:
  ///
  ///     √(π ln n / d) ≤ 2/3
  func isWeak(dimensions: Int) -> Bool {
    Double(dimensions) >= 9 / 4 * Double.pi * log(max(draws, 2))
  }
}

extension SoundnessChecks {
  /// How many samples must be broken before noise and gradients are compared.
  ///
  /// Where noise breaks two in three of what gradients break, which is much, it breaks all of ten
  /// samples by chance in one run of fifty-eight.
  private static let leastCompared = 10

  /// Noise as strong as the attack: following the gradient finds no more than not looking.
  ///
  /// Each probed sample is compared at the radius at which it fell, or the largest, if the gradient
  /// attacks were tried on it there. Where those broke every sample, nothing is overstated.
  ///
  /// - Source: Carlini et al. 2019, arXiv:1902.06705, section 4.9 ("try random noise").
  func noiseAsStrong(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let compared = comparedWithNoise().filter { !explained.covers($0.key.sample) }
    let byNoise = compared.filter { noise.breaks($0.key) }
    let byGradient = compared.filter(\.value.isBrokenByWhiteBox)
    let fallen = Set(byNoise.keys).union(byGradient.keys)
    guard fallen.count >= Self.leastCompared, byNoise.count >= byGradient.count,
      byGradient.count < compared.count,
      noise.isWeak(dimensions: record.model.input.freeDimensions)
    else { return nil }
    return SoundnessWarning(
      name: "noise-as-strong",
      raised: "random noise broke \(byNoise.count) of \(compared.count) probed samples at the "
        + "radius at which they fell, all gradient attacks together \(byGradient.count)",
      explanation: isDiscrete
        ? "Gradients say little about values that change in steps; following them finds no more "
          + "than chance."
        : "Following the gradient finds no more than chance: the gradients say nothing about the "
          + "model, and robust accuracy is what is left after guessing.",
      suggestion: "Use stronger black-box attacks, more steps and other step lengths; look for "
        + "kinks, rounding and random parts of the model.",
      samples: byNoise.keys.map(\.sample).sorted(), isVeto: !isDiscrete)
  }

  /// One round for each probed sample.
  private func comparedWithNoise() -> [SampleRound: RoundFindings] {
    let probed = rounds.filter { noise.hasTried($0.key) }
    let bySample = Dictionary(grouping: probed, by: \.key.sample)
    let decided = bySample.values.compactMap { rounds in
      let ascending = rounds.sorted { $0.key.epsilon < $1.key.epsilon }
      return ascending.first(where: \.value.isBroken) ?? ascending.last
    }
    return Dictionary(
      decided.filter { $0.value.isBrokenByWhiteBox || $0.value.isLeftByWhiteBox }
        .map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension AttackDescription {
  /// Whether the attack is the noise that all others have to beat.
  var isNoiseProbe: Bool { isProbe && method == Self.noise }
}

extension InputSpecification {
  /// The number of values of a sample that may change.
  fileprivate var freeDimensions: Int {
    let count = audited.shape.count
    guard !features.isEmpty else { return count }
    let columns = audited.features
    return count / max(columns.count, 1) * columns.count { $0.isMutable }
  }
}
