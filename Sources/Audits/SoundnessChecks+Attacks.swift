import Tensors

/// What attacks show of each other where no cause is known.
extension SoundnessChecks {
  /// Controls run last, on what the attacks have left: whatever they break, the attacks missed.
  func controlsBeatAttacks(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let missed = rounds.filter { $0.value.isMissed && !explained.covers($0.key.sample) }
    guard !missed.isEmpty else { return nil }
    let samples = Set(missed.map(\.key.sample)).sorted()
    let methods = Set(missed.flatMap(\.value.blackBoxBreakers)).sorted()
    // A sample that is missed at one radius may be broken at the next: radii are judged apart.
    let perRadius = Dictionary(grouping: missed.map(\.key)) { $0.radius }.mapValues(\.count)
    let worst = perRadius.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let left = rounds.count { $0.key.radius == worst?.key && $0.value.isLeftByWhiteBox }
    let place = worst.map {
      "\($0.key.norm.symbol) \($0.key.epsilon.words): \($0.value) of the \(left) that were left"
    }
    return SoundnessWarning(
      name: "control-beats-attack",
      raised: "\(methods.joined(separator: " and ")) broke \(samples.count) samples that every "
        + "gradient attack had left, over all radii; most at \(place ?? "none")",
      explanation: isDiscrete
        ? "Gradients say little about values that change in steps, so that a search may find what "
          + "gradient attacks miss; more queries may break more."
        : "An attack that sees no gradients should not find what gradient attacks miss; where it "
          + "does, the gradients mislead and robust accuracy is overstated.",
      suggestion: "Add restarts and steps, the margin objective and stronger black-box attacks; "
        + "look for quantised, saturated or random parts of the model.",
      samples: samples, isVeto: !isDiscrete && isVeto(worst?.value ?? 0))
  }

  /// Without a limit every sample must fall: the probe's ball holds inputs of all classes.
  ///
  /// As in the Adversarial Robustness Toolbox's check, more survivors than a guess among the classes
  /// would leave raise it.
  func unboundedAttack(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let tried = Set(unlimited.map(\.sample))
    let broken = Set(unlimited.filter { $0.outcome == .broken }.map(\.sample))
    let left = unlimited.filter { !broken.contains($0.sample) && !explained.covers($0) }
      .map(\.sample).sorted()
    let chance = 1 / Double(max(record.model.classNames.count, 2))
    guard Double(left.count) > chance * Double(tried.count) else { return nil }
    let input = record.model.input
    let isFree =
      input.heldInputs.isEmpty
      && input.features.allSatisfy { $0.isMutable && $0.direction == .any }
    return SoundnessWarning(
      name: "unbounded-attack-fails",
      raised: "\(left.count) of \(tried.count) samples survived an attack that may change "
        + "everything that can change",
      explanation: isFree
        ? "Within so wide a limit an input of every class can be reached; an attack that fails "
          + "there is too weak to say anything about smaller limits."
        : "Some features cannot be changed freely, so that survival may be real; it was not shown "
          + "to be.",
      suggestion: "Use more steps and random starts; if that does not help, the gradients of the "
        + "model are masked.",
      samples: left, isVeto: isFree)
  }

  /// The strongest attack counts: that a cheap one before it was still rising means nothing.
  func notConverged(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let rising = samples(\.isRising).filter { !explained.covers($0) }
    guard Double(rising.count) > 0.1 * Double(sampleCount) else { return nil }
    return SoundnessWarning(
      name: "not-converged",
      raised: "the objective was still rising when the last gradient attack ended for "
        + "\(share(rising))",
      explanation: "More steps would have found better perturbations: robust accuracy is an upper "
        + "bound that is not tight.",
      suggestion: "Give the attack more steps.", samples: rising, isVeto: false)
  }

  func falseClaims(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let claimed = samples(\.isFalselyClaimed).filter { !explained.covers($0) }
    guard !claimed.isEmpty else { return nil }
    return SoundnessWarning(
      name: "claim-not-confirmed",
      raised: "an attack claimed success that the model did not confirm for \(share(claimed))",
      explanation: "The model answered differently when the audit asked again: it is random, or "
        + "its answer hangs on rounding.",
      suggestion: "Check that the model runs in inference mode, without dropout or noise.",
      samples: claimed, isVeto: isVeto(claimed.count))
  }
}
