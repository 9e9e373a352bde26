import Tensors

/// Looks for reasons not to believe the robustness figures of a record.
///
/// A model whose gradients say nothing resists every gradient attack without being robust; each
/// check names a sign of that, what it means, and what to try.
///
/// - Source: Athalye et al. 2018, arXiv:1802.00420, section 3.1; Carlini et al. 2019,
///   arXiv:1902.06705, section 3; Croce et al. 2020, arXiv:2003.01690.
package struct SoundnessChecks {
  let record: AuditRecord
  let missing: MissingGradient?
  private let answers: ModelAnswers?
  private let rounds: [SampleRound: RoundFindings]
  private let probes: [AttackFinding]

  package init(
    _ record: AuditRecord, answers: ModelAnswers? = nil, missing: MissingGradient? = nil
  ) {
    self.record = record
    self.missing = missing
    self.answers = answers
    let attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var rounds: [SampleRound: RoundFindings] = [:]
    var probes: [AttackFinding] = []
    for finding in record.findings {
      guard let attack = attacks[finding.attack] else { continue }
      if attack.isProbe {
        probes.append(finding)
      } else {
        let round = SampleRound(
          sample: finding.sample, norm: attack.norm, epsilon: finding.epsilon)
        rounds[round, default: RoundFindings()].add(finding, of: attack)
      }
    }
    self.rounds = rounds
    self.probes = probes
  }

  /// Every warning that the record gives cause for, in a fixed order.
  package func warnings() -> [SoundnessWarning] {
    [
      answersDiffer(), softmaxOutput(), noGradient(), straightThroughGradient(),
      controlsBeatAttacks(), zeroGradients(), notFinite(),
      rejected(), unboundedAttack(), notConverged(), falseClaims(),
    ].compactMap(\.self)
  }

  private var sampleCount: Int { record.predictions.count }

  /// How many samples may be concerned before robust accuracy is no longer believed.
  ///
  /// One sample, or one in a hundred: a point of robust accuracy. AutoAttack raises its flag where
  /// the black-box attack lowers robust accuracy by more than 0.2 points (its flags_doc.md): here
  /// any sample is named in a warning, and more than a point vetoes.
  private func isVeto(_ count: Int) -> Bool { Double(count) > max(1, 0.01 * Double(sampleCount)) }

  private func share(_ samples: [Int]) -> String {
    "\(samples.count) of \(sampleCount) samples"
  }

  /// The samples of all rounds for which something holds.
  private func samples(_ isConcerned: (RoundFindings) -> Bool) -> [Int] {
    Set(rounds.filter { isConcerned($0.value) }.map(\.key.sample)).sorted()
  }

  // MARK: The model

  private func answersDiffer() -> SoundnessWarning? {
    guard let answers, !answers.changed.isEmpty else { return nil }
    return SoundnessWarning(
      name: "answers-differ",
      raised: "the model answered differently when it was asked again about the same inputs, for "
        + "\(answers.changed.count) of the \(answers.count) samples that were asked twice",
      explanation: "A random model hides its gradients behind noise, and no figure of this audit "
        + "can be repeated exactly.",
      suggestion: "Run the model in inference mode, without dropout or noise; attack a model that "
        + "is random by design through the average of many answers.",
      samples: answers.changed, isVeto: true)
  }

  private func softmaxOutput() -> SoundnessWarning? {
    guard let answers, answers.areDistributions else { return nil }
    return SoundnessWarning(
      name: "softmax-output",
      raised: "the outputs for the first \(answers.count) samples lie in [0, 1] and sum to 1",
      explanation: "The model seems to end in a softmax. Audits expect logits: probabilities "
        + "saturate, which weakens gradients, and a second softmax falsifies confidences.",
      suggestion: "Export the model without its last softmax.", isVeto: false)
  }

  // MARK: The attacks

  /// Controls run last, on what the attacks have left: whatever they break, the attacks missed.
  private func controlsBeatAttacks() -> SoundnessWarning? {
    let missed = rounds.filter { $0.value.isMissed }
    guard !missed.isEmpty else { return nil }
    let samples = Set(missed.map(\.key.sample)).sorted()
    let methods = Set(missed.flatMap(\.value.blackBoxBreakers)).sorted()
    // A sample that is missed at one radius may be broken at the next: radii are judged apart.
    let perRadius = Dictionary(grouping: missed.map(\.key)) { $0.radius }.mapValues(\.count)
    let worst = perRadius.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let left = rounds.count { $0.key.radius == worst?.key && $0.value.isLeftByWhiteBox }
    let place = worst.map {
      "\($0.value) of the \(left) left at \($0.key.norm.symbol) \($0.key.epsilon.words)"
    }
    return SoundnessWarning(
      name: "control-beats-attack",
      raised: "\(methods.joined(separator: " and ")) broke \(share(samples)) that every gradient "
        + "attack had left; at most \(place ?? "none")",
      explanation: isDiscrete
        ? "Gradients say little about values that change in steps, so that a search may find what "
          + "gradient attacks miss; more queries may break more."
        : "An attack that sees no gradients should not find what gradient attacks miss; where it "
          + "does, the gradients mislead and robust accuracy is overstated.",
      suggestion: "Add restarts and steps, the margin objective and stronger black-box attacks; "
        + "look for quantised, saturated or random parts of the model.",
      samples: samples, isVeto: !isDiscrete && isVeto(worst?.value ?? 0))
  }

  /// Whether an input can change in steps only: there a search may well find what gradients miss.
  private var isDiscrete: Bool {
    record.model.input.features.contains { $0.isDiscrete && $0.isMutable }
  }

  private func zeroGradients() -> SoundnessWarning? {
    let flat = samples(\.isFlat)
    guard !flat.isEmpty else { return nil }
    return SoundnessWarning(
      name: "zero-gradient",
      raised: "the gradient was exactly zero at most points of every gradient attack for "
        + "\(share(flat)) that survived them",
      explanation: "A gradient attack cannot leave a place without slope: these samples count as "
        + "robust although nothing was tried there.",
      suggestion: "Use the margin objective, random starts and a black-box attack; check the model "
        + "for dead units and saturated outputs.",
      samples: flat, isVeto: isVeto(flat.count))
  }

  private func notFinite() -> SoundnessWarning? {
    let broken = samples(\.isUndefined)
    guard !broken.isEmpty else { return nil }
    return SoundnessWarning(
      name: "not-finite",
      raised: "the objective or its gradient was not a finite number for \(share(broken))",
      explanation:
        "Attacks cannot use infinite or undefined gradients; survival there means little.",
      suggestion: "Check the model for divisions, logarithms and exponentials without limits.",
      samples: broken, isVeto: isVeto(broken.count))
  }

  private func rejected() -> SoundnessWarning? {
    let refused = samples(\.isRejected)
    guard !refused.isEmpty else { return nil }
    return SoundnessWarning(
      name: "proposal-rejected",
      raised: "an attack proposed an input outside its limits for \(share(refused))",
      explanation: "The audit did not count these proposals; the samples count as not broken.",
      suggestion: "Report this: an attack of this program should stay within its limits.",
      samples: refused, isVeto: true)
  }

  /// Without a limit every sample must fall: the probe's ball holds inputs of all classes.
  ///
  /// As in the Adversarial Robustness Toolbox's check, more survivors than a guess among the classes
  /// would leave raise it.
  private func unboundedAttack() -> SoundnessWarning? {
    let tried = Set(probes.map(\.sample))
    let left = tried.subtracting(probes.filter { $0.outcome == .broken }.map(\.sample)).sorted()
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
  private func notConverged() -> SoundnessWarning? {
    let rising = samples(\.isRising)
    guard Double(rising.count) > 0.1 * Double(sampleCount) else { return nil }
    return SoundnessWarning(
      name: "not-converged",
      raised: "the objective was still rising when the last gradient attack ended for "
        + "\(share(rising))",
      explanation: "More steps would have found better perturbations: robust accuracy is an upper "
        + "bound that is not tight.",
      suggestion: "Give the attack more steps.", samples: rising, isVeto: false)
  }

  private func falseClaims() -> SoundnessWarning? {
    let claimed = samples(\.isFalselyClaimed)
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

/// What an attack can notice about one sample.
package enum AttackFlag {
  package static let zeroGradient = "zero gradient"
  package static let notFinite = "not finite"
  package static let stillRising = "still rising"
  package static let falseClaim = "claim not confirmed"
}
