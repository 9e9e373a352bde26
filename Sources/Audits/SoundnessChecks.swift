import Tensors

/// Looks for reasons not to believe the robustness figures of a record.
///
/// A model whose gradients say nothing resists every gradient attack without being robust; each
/// check names a sign of that, what it means, and what to try.
///
/// - Source: Athalye et al. 2018, arXiv:1802.00420, section 3.1; Carlini et al. 2019,
///   arXiv:1902.06705, section 3; Croce et al. 2020, arXiv:2003.01690.
package struct SoundnessChecks {
  private let record: AuditRecord
  private let attacks: [String: AttackDescription]

  package init(_ record: AuditRecord) {
    self.record = record
    attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Every warning that the record gives cause for, in a fixed order.
  package func warnings() -> [SoundnessWarning] {
    [
      controlsBeatAttacks(), zeroGradients(), notFinite(), rejected(), unboundedAttack(),
      notConverged(), falseClaims(),
    ].compactMap(\.self)
  }

  private var sampleCount: Int { record.predictions.count }

  private func samples(
    _ isConcerned: (AttackFinding, AttackDescription) -> Bool
  ) -> [Int] {
    let concerned = record.findings.filter { finding in
      attacks[finding.attack].map { isConcerned(finding, $0) } ?? false
    }
    return Set(concerned.map(\.sample)).sorted()
  }

  private func share(_ samples: [Int]) -> String {
    "\(samples.count) of \(sampleCount) samples"
  }

  /// Controls run last, on what the attacks have left: whatever they break, the attacks missed.
  private func controlsBeatAttacks() -> SoundnessWarning? {
    let missed = samples { $0.outcome == .broken && $1.isControl && !$1.isProbe }
    guard !missed.isEmpty else { return nil }
    let names = Set(
      record.findings.filter { $0.outcome == .broken }.compactMap { attacks[$0.attack] }
        .filter { $0.isControl && !$0.isProbe }.map(\.method)
    ).sorted()
    return SoundnessWarning(
      name: "control-beats-attack",
      raised: "\(names.joined(separator: " and ")) broke \(share(missed)) that every gradient "
        + "attack had left",
      explanation: "An attack that sees no gradients should not find what gradient attacks miss; "
        + "where it does, the gradients mislead and robust accuracy is overstated.",
      suggestion: "Add restarts and steps, the margin objective and stronger black-box attacks; "
        + "look for quantised, saturated or random parts of the model.",
      samples: missed, isVeto: Double(missed.count) > 0.01 * Double(sampleCount))
  }

  private func zeroGradients() -> SoundnessWarning? {
    let flat = samples {
      $0.outcome == .survived && $1.isWhiteBox && $0.flags.contains(AttackFlag.zeroGradient)
    }
    guard !flat.isEmpty else { return nil }
    return SoundnessWarning(
      name: "zero-gradient",
      raised: "the gradient was exactly zero on the way for \(share(flat)) that survived",
      explanation: "A gradient attack cannot leave a place without slope: these samples count as "
        + "robust although nothing was tried there.",
      suggestion: "Use the margin objective, random starts and a black-box attack; check the model "
        + "for dead units and saturated outputs.",
      samples: flat, isVeto: Double(flat.count) > 0.05 * Double(sampleCount))
  }

  private func notFinite() -> SoundnessWarning? {
    let broken = samples { finding, _ in finding.flags.contains(AttackFlag.notFinite) }
    guard !broken.isEmpty else { return nil }
    return SoundnessWarning(
      name: "not-finite",
      raised: "the objective or its gradient was not a finite number for \(share(broken))",
      explanation:
        "Attacks cannot use infinite or undefined gradients; survival there means little.",
      suggestion: "Check the model for divisions, logarithms and exponentials without limits.",
      samples: broken, isVeto: Double(broken.count) > 0.01 * Double(sampleCount))
  }

  private func rejected() -> SoundnessWarning? {
    let refused = samples { finding, _ in finding.outcome == .rejected }
    guard !refused.isEmpty else { return nil }
    return SoundnessWarning(
      name: "proposal-rejected",
      raised: "an attack proposed an input outside its limits for \(share(refused))",
      explanation: "The audit did not count these proposals; the samples count as not broken.",
      suggestion: "Report this: an attack of this program should stay within its limits.",
      samples: refused, isVeto: true)
  }

  /// Without a limit every sample must fall: the probe's ball holds inputs of all classes.
  private func unboundedAttack() -> SoundnessWarning? {
    let probed = record.findings.filter { attacks[$0.attack]?.isProbe == true }
    guard !probed.isEmpty else { return nil }
    let tried = Set(probed.map(\.sample))
    let left = tried.subtracting(probed.filter { $0.outcome == .broken }.map(\.sample)).sorted()
    let chance = 1 / Double(max(record.model.classNames.count, 2))
    guard Double(left.count) > chance * Double(tried.count) else { return nil }
    let isFree = record.model.input.features.allSatisfy(\.isMutable)
    return SoundnessWarning(
      name: "unbounded-attack-fails",
      raised: "\(left.count) of \(tried.count) samples survived an attack that may change "
        + "everything that can change",
      explanation: isFree
        ? "Within so wide a limit an input of every class can be reached; an attack that fails "
          + "there is too weak to say anything about smaller limits."
        : "Some features are immutable, so that survival may be real; it was not shown to be.",
      suggestion: "Use more steps and random starts; if that does not help, the gradients of the "
        + "model are masked.",
      samples: left, isVeto: isFree)
  }

  private func notConverged() -> SoundnessWarning? {
    let rising = samples {
      $0.outcome == .survived && $1.isWhiteBox && !$1.isProbe
        && $0.flags.contains(AttackFlag.stillRising)
    }
    guard Double(rising.count) > 0.1 * Double(sampleCount) else { return nil }
    return SoundnessWarning(
      name: "not-converged",
      raised: "the objective was still rising when the attack ended for \(share(rising))",
      explanation: "More steps would have found better perturbations: robust accuracy is an upper "
        + "bound that is not tight.",
      suggestion: "Give the attack more steps.", samples: rising, isVeto: false)
  }

  private func falseClaims() -> SoundnessWarning? {
    let claimed = samples {
      $0.outcome == .survived && $0.flags.contains(AttackFlag.falseClaim) && !$1.isProbe
    }
    guard !claimed.isEmpty else { return nil }
    return SoundnessWarning(
      name: "claim-not-confirmed",
      raised: "an attack claimed success that the model did not confirm for \(share(claimed))",
      explanation: "The model answered differently when the audit asked again: it is random, or "
        + "its answer hangs on rounding.",
      suggestion: "Check that the model runs in inference mode, without dropout or noise.",
      samples: claimed, isVeto: true)
  }
}

/// What an attack can notice about one sample.
package enum AttackFlag {
  package static let zeroGradient = "zero gradient"
  package static let notFinite = "not finite"
  package static let stillRising = "still rising"
  package static let falseClaim = "claim not confirmed"
}
