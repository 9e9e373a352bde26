import Models
import Tensors
import Testing

@testable import Audits

/// Warnings of records that are written down by hand.
@Suite("Soundness of records")
struct SoundnessRecordTests {
  @Test("noise that breaks as many probed samples as gradients is told; one fewer is not")
  func noiseAsStrong() throws {
    let names = { (gradients: Int, noise: Int) in
      SoundnessChecks(Self.probed(gradients: gradients, noise: noise)).warnings().map(\.name)
    }
    #expect(names(10, 10) == ["noise-as-strong"])
    #expect(names(11, 10).isEmpty)
    let warning = try #require(
      SoundnessChecks(Self.probed(gradients: 4, noise: 11)).warnings().first)
    #expect(warning.isVeto && warning.samples == Array(0..<11))
    #expect(
      warning.raised
        == "random noise broke 11 of 20 probed samples at the radius at which they fell, all "
        + "gradient attacks together 4")
  }

  @Test("noise is not compared where it says nothing")
  func noiseNotCompared() {
    // Fewer than ten broken samples; nothing left by the gradients; too few dimensions.
    #expect(SoundnessChecks(Self.probed(gradients: 2, noise: 9)).warnings().isEmpty)
    #expect(SoundnessChecks(Self.probed(gradients: 20, noise: 20)).warnings().isEmpty)
    // √(π ln 10 / d) ≤ 2/3 from d = 16.3 on.
    let few = Self.probed(gradients: 10, noise: 10, features: 16)
    #expect(SoundnessChecks(few).warnings().isEmpty)
    // Known examples that come before the attacks leave nothing to compare.
    var known = Self.probed(gradients: 10, noise: 10)
    known.attacks.insert(HandmadeRecord.description("replay/linf", isWhiteBox: false), at: 0)
    known.findings = known.findings.map { finding in
      var finding = finding
      if finding.attack == "fgsm/linf", finding.sample == 9 { finding.attack = "replay/linf" }
      return finding
    }
    #expect(SoundnessChecks(known).warnings().isEmpty)
  }

  @Test("a loss that rises for no attack warns, and vetoes for more than a point of samples")
  func noRise() {
    for (stuck, isVeto) in [(1, false), (2, true)] {
      var record = HandmadeRecord.record(count: 100)
      for sample in 0..<stuck { record.findings[sample].flags = [AttackFlag.noRise] }
      let warnings = SoundnessChecks(record).warnings()
      #expect(warnings.map(\.name) == ["loss-does-not-rise"])
      #expect(warnings.first?.isVeto == isVeto && warnings.first?.samples == Array(0..<stuck))
      // A second attack that came higher shows that the loss can rise.
      record.attacks.append(HandmadeRecord.description("pgd/linf", isWhiteBox: true))
      record.findings += (0..<100).map { HandmadeRecord.finding($0, "pgd/linf", .survived) }
      #expect(SoundnessChecks(record).warnings().isEmpty)
      // One that had no gradient does not.
      for sample in 0..<stuck { record.findings[200 + sample].flags = [AttackFlag.zeroGradient] }
      #expect(SoundnessChecks(record).warnings().map(\.name) == ["loss-does-not-rise"])
    }
    var discrete = HandmadeRecord.record(count: 10, feature: Feature(name: "x", kind: .integer))
    discrete.findings[0].flags = [AttackFlag.noRise]
    #expect(SoundnessChecks(discrete).warnings().isEmpty)
  }

  @Test("a veto by a cause tells its consequences; a warning leaves them to be told")
  func consequences() {
    for (flat, names) in [
      (1, ["zero-gradient", "control-beats-attack"]), (2, ["zero-gradient"]),
    ] {
      var record = HandmadeRecord.record(count: 100)
      for sample in 0..<flat {
        record.findings[sample].flags = [AttackFlag.zeroGradient]
        record.findings[100 + sample].outcome = .broken
      }
      let warnings = SoundnessChecks(record).warnings()
      #expect(warnings.map(\.name) == names)
      #expect(warnings.first?.raised.hasSuffix("; square broke \(flat) of them") == true)
    }
    // A missed sample that no cause names is told beside the cause.
    var record = HandmadeRecord.record(count: 100)
    for sample in 0..<2 { record.findings[sample].flags = [AttackFlag.zeroGradient] }
    for sample in 1..<5 { record.findings[100 + sample].outcome = .broken }
    let warnings = SoundnessChecks(record).warnings()
    #expect(warnings.map(\.name) == ["zero-gradient", "control-beats-attack"])
    #expect(warnings.last?.samples == [2, 3, 4] && warnings.last?.isVeto == true)
  }

  @Test("what breaks a sample before every gradient attack had its turn beats none of them")
  func turns() {
    var record = HandmadeRecord.record(count: 10)
    record.attacks[1].isControl = false
    record.attacks.append(HandmadeRecord.description("pgd/linf", isWhiteBox: true))
    record.findings += (5..<10).map { HandmadeRecord.finding($0, "pgd/linf", .survived) }
    for sample in 0..<5 { record.findings[10 + sample].outcome = .broken }
    #expect(SoundnessChecks(record).warnings().isEmpty)
    // Known examples come first of all.
    var known = HandmadeRecord.record(count: 10)
    known.attacks.insert(HandmadeRecord.description("replay/linf", isWhiteBox: false), at: 0)
    known.attacks[0].isControl = false
    known.findings = (0..<10).map {
      HandmadeRecord.finding($0, $0 < 5 ? "replay/linf" : "fgsm/linf", $0 < 5 ? .broken : .survived)
    }
    #expect(SoundnessChecks(known).warnings().isEmpty)
  }

  @Test("a softmax vetoes once it has saturated, or its gradients have gone")
  func softmax() {
    func warnings(saturated: Int, flat: Int) -> [SoundnessWarning] {
      var record = HandmadeRecord.record(count: 100)
      for sample in 0..<flat { record.findings[99 - sample].flags = [AttackFlag.zeroGradient] }
      let answers = ModelAnswers(
        changed: [], areDistributions: true, saturated: Array(0..<saturated), count: 64)
      return SoundnessChecks(record, answers: answers).warnings()
    }
    #expect(warnings(saturated: 1, flat: 0).map(\.name) == ["softmax-output"])
    #expect(warnings(saturated: 1, flat: 0).map(\.isVeto) == [false])
    for (saturated, flat) in [(2, 0), (0, 2), (2, 1)] {
      let found = warnings(saturated: saturated, flat: flat)
      #expect(found.map(\.name) == ["saturated-softmax"])
      #expect(found.first?.isVeto == true && found.first?.samples.count == saturated + flat)
    }
    #expect(warnings(saturated: 1, flat: 1).map(\.name) == ["softmax-output", "zero-gradient"])
  }

  /// Twenty samples, of which gradients break the first, and noise, tried on all, the first.
  private static func probed(gradients: Int, noise: Int, features: Int = 17) -> AuditRecord {
    var record = HandmadeRecord.record(count: 20, features: features)
    record.findings.removeAll { $0.attack == "square/linf" && $0.sample < gradients }
    for sample in 0..<gradients { record.findings[sample].outcome = .broken }
    var probe = HandmadeRecord.description("probe/noise/linf", isWhiteBox: false)
    probe.method = "noise"
    probe.parameters = [NamedValue("draws", "10")]
    record.attacks.append(probe)
    record.findings += (0..<20).map {
      HandmadeRecord.finding($0, "probe/noise/linf", $0 < noise ? .broken : .survived)
    }
    return record
  }
}
