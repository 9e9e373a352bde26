import Attacks
import Audits
import Tensors

extension RecordRecalculation {
  /// The distance of every broken sample, from the stored inputs and the stored suite, and the rules
  /// that a perturbation keeps.
  func distances() -> VerificationStep {
    guard let suite else { return VerificationStep("distances", .skipped, noSuite) }
    let check = DistanceCheck(record, suite)
    let broken = record.findings.filter { $0.outcome == .broken }
    return VerificationStep(
      "distances", count: broken.count,
      "every broken sample is as far from its input as is recorded, and keeps the rules",
      failure: check.firstFailure(in: broken))
  }
}

/// The distances of a record's broken samples, computed again.
private struct DistanceCheck {
  private let input: InputSpecification
  private let attacks: [AttackDescription]
  private let suite: Suite
  /// The unperturbed raw input of each sample.
  private let clean: [Int: Tensor]

  init(_ record: AuditRecord, _ suite: Suite) {
    input = record.model.input
    attacks = record.attacks
    self.suite = suite
    clean = Dictionary(
      record.predictions.map { ($0.sample, $0.input) }, uniquingKeysWith: { first, _ in first })
  }

  /// What does not agree; nil where everything does.
  func firstFailure(in broken: [AttackFinding]) -> String? {
    let groups = Dictionary(grouping: broken) { Round(attack: $0.attack, epsilon: $0.epsilon) }
    for (round, findings) in groups.sorted(by: { $0.key < $1.key }) {
      do {
        if let failure = try firstFailure(in: findings, of: round) { return failure }
      } catch {
        return "the threat of attack '\(round.attack)' does not fit the model: \(error)"
      }
    }
    return nil
  }

  private struct Round: Hashable, Comparable {
    let attack: String
    let epsilon: Double

    static func < (left: Round, right: Round) -> Bool {
      (left.attack, left.epsilon) < (right.attack, right.epsilon)
    }
  }

  private func firstFailure(in findings: [AttackFinding], of round: Round) throws -> String? {
    guard let attack = attacks.first(where: { $0.id == round.attack }),
      let threat = suite.threat(of: attack)
    else { return "the suite has no threat that attack '\(round.attack)' belongs to" }
    for finding in findings where encoded(finding.perturbed) == nil || cleanInput(finding) == nil {
      return "the finding about \(finding.words) holds an input that the model does not take"
    }
    let points = Tensor.concatenated(findings.compactMap { encoded($0.perturbed) })
    let originals = Tensor.concatenated(findings.compactMap(cleanInput))
    let model = try ThreatModel(
      norm: attack.norm, epsilon: round.epsilon, input: input,
      scale: try threat.scale(of: attack, input), categoryCost: threat.categoryCost)
    let distances = try model.distances(points, from: originals)
    let violations = try model.permits(points, around: originals)
    return zip(findings, zip(distances, violations)).lazy.compactMap { finding, found in
      failure(of: finding, distance: found.0, violation: found.1)
    }.first
  }

  private func failure(
    of finding: AttackFinding, distance: Double, violation: ConstraintViolation?
  ) -> String? {
    if let violation { return "the finding about \(finding.words) breaks a rule: \(violation)" }
    // Both are sums of the same float32 inputs in double precision.
    guard abs(distance - finding.distance) > 1e-9 * max(1, abs(distance)) else { return nil }
    return
      "the finding about \(finding.words) is recorded at distance \(finding.distance), but its "
      + "inputs are \(distance) apart"
  }

  private func cleanInput(_ finding: AttackFinding) -> Tensor? { encoded(clean[finding.sample]) }

  /// A raw input as the model computes with it, `[1] + encodedShape`; nil for what it does not take.
  private func encoded(_ raw: Tensor?) -> Tensor? {
    guard let raw, raw.shape == input.shape else { return nil }
    for (value, feature) in zip(raw.doubles, input.features) where feature.kind == .categorical {
      guard let code = Int(exactly: value), feature.categories.indices.contains(code) else {
        return nil
      }
    }
    return input.encoded(raw.reshaped(to: [1] + raw.shape))
  }
}

extension Suite {
  /// The threat that an attack of an audit belongs to; probes belong to the first.
  fileprivate func threat(of attack: AttackDescription) -> Threat? {
    attack.isProbe ? threats.first : threats.first { $0.norm == attack.norm }
  }
}

extension Suite.Threat {
  /// What the attack's ε is measured in: a probe may measure in ranges where the suite does not.
  fileprivate func scale(
    of attack: AttackDescription, _ input: InputSpecification
  ) throws -> ThreatModel.Scale {
    let stated = try scale(for: input)
    guard stated.words != attack.scale else { return stated }
    return [ThreatModel.Scale.unit, .range].first { $0.words == attack.scale } ?? stated
  }
}
