/// Causes for which an attack that follows gradients gets nowhere.
extension SoundnessChecks {
  func zeroGradients(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let flat = samples(\.isFlat).filter { !explained.names($0) }
    guard !flat.isEmpty else { return nil }
    return SoundnessWarning(
      name: "zero-gradient",
      raised: "the gradient was exactly zero at most points of every gradient attack for "
        + "\(share(flat)) that survived them\(breakers(of: flat))",
      explanation: "A gradient attack cannot leave a place without slope: these samples count as "
        + "robust although nothing was tried there.",
      suggestion: "Use the margin objective, random starts and a black-box attack; check the model "
        + "for rounding, dead units and saturated outputs.",
      samples: flat, isVeto: isVeto(flat.count))
  }

  /// Slopes that lead nowhere: every step went down, or no further up than rounding goes.
  ///
  /// Gradients that lead nowhere on more than a point of samples are not believed on the others.
  /// Where values change in steps, a small radius may hold no valid input but the clean one, so
  /// that nothing rises for a good reason: there the controls have to tell.
  ///
  /// - Source: Pintor et al. 2022, arXiv:2106.09947, section 3 (failures of the optimisation).
  func lossDoesNotRise(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let stuck = samples(\.isStuck).filter { !explained.names($0) }
    guard !isDiscrete, !stuck.isEmpty else { return nil }
    return SoundnessWarning(
      name: "loss-does-not-rise",
      raised: "no gradient attack raised its objective, nor the margin, above where it started for "
        + "\(share(stuck)) that survived them, although there were gradients to follow"
        + breakers(),
      explanation: "The gradients point where the objective falls, or rises by rounding alone: "
        + "attacks go astray, and samples count as robust for it.",
      suggestion: "Use a black-box attack, smaller steps, or the gradient of a smoothed model (an "
        + "average over noise, or a straight-through estimate); look for kinks, steep steps and "
        + "gradients that are defined by hand.",
      samples: stuck, isVeto: isVeto(stuck.count))
  }

  func notFinite(_ explained: ExplainedSamples) -> SoundnessWarning? {
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

  func rejected(_ explained: ExplainedSamples) -> SoundnessWarning? {
    let refused = samples(\.isRejected)
    guard !refused.isEmpty else { return nil }
    return SoundnessWarning(
      name: "proposal-rejected",
      raised: "an attack proposed an input outside its limits for \(share(refused))",
      explanation: "The audit did not count these proposals; the samples count as not broken.",
      suggestion: "Report this: an attack of this program should stay within its limits.",
      samples: refused, isVeto: true)
  }
}
