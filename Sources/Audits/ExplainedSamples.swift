/// The samples about which a veto already says why attacks fail there.
///
/// A model without slopes also withstands the attack without limits, and falls to noise: one
/// fault, which is told once, by its cause. Only warnings that veto explain anything, so that what
/// is left out never decides whether a figure is believed.
struct ExplainedSamples {
  private let samples: Set<Int>
  private let isEverySample: Bool
  private let vetoes: Set<String>

  init(_ warnings: [SoundnessWarning]) {
    let vetoes = warnings.filter(\.isVeto)
    self.vetoes = Set(vetoes.map(\.name))
    isEverySample = vetoes.contains { Self.ofEverySample.contains($0.name) }
    samples = Set(
      vetoes.filter { !Self.ofEverySample.contains($0.name) }.flatMap(\.samples))
  }

  /// What is seen on some samples and concerns the model, or its gradients, as a whole.
  private static let ofEverySample = ["answers-differ", "loss-does-not-rise", "noise-as-strong"]

  /// Whether a veto names the sample.
  func names(_ sample: Int) -> Bool { samples.contains(sample) }

  /// Whether a veto names the sample, or concerns every sample.
  func covers(_ sample: Int) -> Bool { isEverySample || names(sample) }

  /// Whether a probe of a sample failed for a reason that is told already.
  func covers(_ probe: AttackFinding) -> Bool {
    covers(probe.sample)
      || probe.flags.contains { !vetoes.isDisjoint(with: Self.causes[$0] ?? []) }
  }

  /// The warnings that name the cause of a flag.
  private static let causes = [
    AttackFlag.zeroGradient: ["zero-gradient", "saturated-softmax"],
    AttackFlag.notFinite: ["not-finite"],
  ]
}
