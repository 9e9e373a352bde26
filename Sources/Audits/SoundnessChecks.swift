import Tensors

/// Looks for reasons not to believe the robustness figures of a record.
///
/// A model whose gradients say nothing resists every gradient attack without being robust; each
/// check names a sign of that, what it means, and what to try. Checks run from causes to their
/// consequences, and a consequence is told for the samples that no vetoing cause explains.
///
/// - Source: Athalye et al. 2018, arXiv:1802.00420, section 3.1; Carlini et al. 2019,
///   arXiv:1902.06705, section 3; Croce et al. 2020, arXiv:2003.01690; Pintor et al. 2022,
///   arXiv:2106.09947.
package struct SoundnessChecks {
  let record: AuditRecord
  let missing: MissingGradient?
  let answers: ModelAnswers?
  let rounds: [SampleRound: RoundFindings]
  /// The findings of the attack without limits.
  let unlimited: [AttackFinding]
  /// The findings of noise on samples that it need not share with any attack.
  let noise: NoiseFindings

  package init(
    _ record: AuditRecord, answers: ModelAnswers? = nil, missing: MissingGradient? = nil
  ) {
    self.record = record
    self.missing = missing
    self.answers = answers
    let attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let planned = Dictionary(
      grouping: record.attacks.filter { $0.isWhiteBox && !$0.isControl && !$0.isProbe },
      by: \.norm
    ).mapValues { Set($0.map(\.id)) }
    var rounds: [SampleRound: RoundFindings] = [:]
    var unlimited: [AttackFinding] = []
    var noise = NoiseFindings(record)
    for finding in record.findings {
      guard let attack = attacks[finding.attack] else { continue }
      let round = SampleRound(sample: finding.sample, norm: attack.norm, epsilon: finding.epsilon)
      if attack.isNoiseProbe {
        noise.add(finding, at: round)
      } else if attack.isProbe {
        unlimited.append(finding)
      } else {
        rounds[round, default: RoundFindings(planned: planned[attack.norm] ?? [])]
          .add(finding, of: attack)
      }
    }
    self.rounds = rounds
    self.unlimited = unlimited
    self.noise = noise
  }

  /// Every warning that the record gives cause for, in a fixed order.
  package func warnings() -> [SoundnessWarning] {
    let model = [answersDiffer(), softmaxOutput(), noGradient(), straightThroughGradient()]
    var told = model.compactMap(\.self)
    let checks = [
      zeroGradients, lossDoesNotRise, notFinite, rejected, noiseAsStrong, controlsBeatAttacks,
      unboundedAttack, notConverged, falseClaims,
    ]
    for check in checks {
      if let warning = check(ExplainedSamples(told)) { told.append(warning) }
    }
    return told
  }

  var sampleCount: Int { record.predictions.count }

  /// How many samples may be concerned before robust accuracy is no longer believed.
  ///
  /// One sample, or one in a hundred: a point of robust accuracy. AutoAttack raises its flag where
  /// the black-box attack lowers robust accuracy by more than 0.2 points (its flags_doc.md): here
  /// any sample is named in a warning, and more than a point vetoes.
  func isVeto(_ count: Int, of total: Int? = nil) -> Bool {
    Double(count) > max(1, 0.01 * Double(total ?? sampleCount))
  }

  func share(_ samples: [Int]) -> String { "\(samples.count) of \(sampleCount) samples" }

  /// The samples of all rounds for which something holds.
  func samples(_ isConcerned: (RoundFindings) -> Bool) -> [Int] {
    Set(rounds.filter { isConcerned($0.value) }.map(\.key.sample)).sorted()
  }

  /// Whether an input can change in steps only: there a search may well find what gradients miss.
  var isDiscrete: Bool {
    record.model.input.features.contains { $0.isDiscrete && $0.isMutable }
  }
}
