import Audits
import Checks
import Testing

@Suite("Verdicts of a check")
struct CheckJudgeTests {
  private let clean = "clean-accuracy: {drop-at-most: 0.02}"
  private let robust = "robust-accuracy: {threat: linf-0.1, drop-at-most: 0.02}"

  private func broken(_ samples: Range<Int>, at radius: Double = 0.1) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: samples.map { ($0, radius) })
  }

  @Test("a version that answers alike passes")
  func unchanged() throws {
    let version = VersionRecord(wrong: [3, 4], broken: broken(10..<40))
    let check = try version.judged(against: version, "\(clean), \(robust)")
    #expect(check.gates.map(\.verdict) == [.passed, .passed])
    #expect(check.gates.map(\.isImproved) == [false, false])
    #expect(check.gates.map(\.value) == [0, 0])
    #expect(check.outcome == .passed && check.sentence.hasPrefix("PASSED: candidate against"))
  }

  @Test("a version that loses many samples fails, and one that wins many passes and says so")
  func changed() throws {
    let weak = VersionRecord(broken: broken(0..<40))
    let strong = VersionRecord(broken: broken(0..<5))
    let worse = try weak.judged(against: strong, robust)
    #expect(worse.outcome == .failed && worse.gates[0].verdict == .failed)
    #expect(worse.gates[0].value == 35 / 200.0)
    #expect(worse.gates[0].reason.contains("it fell by 17.5 points, from 97.5 % to 80 %"))
    #expect(worse.gates[0].reason.contains("35 of 200 samples worse, 0 better"))
    let better = try strong.judged(against: weak, robust)
    #expect(better.outcome == .passed && better.gates[0].isImproved)
    #expect(better.sentence.contains("Improved: it rose by 17.5 points"))
  }

  @Test("a small loss is inconclusive and names the samples that would decide")
  func inconclusive() throws {
    let before = VersionRecord(broken: broken(0..<20))
    let after = VersionRecord(broken: broken(0..<28))
    let gate = try after.judged(against: before, robust).gates[0]
    #expect(gate.verdict == .inconclusive && gate.outcome == .inconclusive)
    let needed = try #require(gate.decidingCount)
    #expect(needed > 200)
    #expect(gate.reason.contains("\(needed) samples would decide"))
    // The same rates on that many samples do decide.
    let scale = Double(needed) / 200
    var large = VersionRecord(count: needed, broken: broken(0..<Int(20 * scale)))
    let old = large
    large.broken = broken(0..<Int((28 * scale).rounded(.up)))
    #expect(try large.judged(against: old, robust).gates[0].verdict == .failed)
  }

  @Test("what the budget left open never passes, and fails only where the rest suffices")
  func openSamples() throws {
    let before = VersionRecord(broken: broken(0..<20))
    let unreached = VersionRecord(broken: broken(0..<20), open: Set(50..<100))
    let open = try unreached.judged(against: before, robust)
    #expect(open.gates[0].verdict == .inconclusive)
    #expect(open.gates[0].candidate == nil)
    #expect(open.gates[0].reason.contains("the budget left 50 of 200 samples open"))
    #expect(open.budget.unfinished.map(\.samples.count) == [50, 50])
    let lost = VersionRecord(broken: broken(0..<80), open: Set(100..<110))
    #expect(try lost.judged(against: before, robust).gates[0].verdict == .failed)
    let floor = "robust-accuracy: {threat: linf-0.1, at-least: 0.7}"
    #expect(try unreached.judged(against: before, floor).gates[0].verdict == .inconclusive)
    #expect(try before.judged(against: before, floor).gates[0].verdict == .passed)
  }

  @Test("a veto lets no robustness gate pass, and saves none that fails")
  func vetoes() throws {
    let veto = SoundnessWarning(
      name: "zero-gradient", raised: "", explanation: "", suggestion: "", isVeto: true)
    let before = VersionRecord(broken: broken(0..<20))
    var after = before
    after.warnings = [veto]
    let check = try after.judged(against: before, "\(clean), \(robust)")
    #expect(check.gates.map(\.verdict) == [.passed, .inconclusive])
    #expect(check.gates[1].reason.contains("not believed: zero-gradient"))
    after.broken = broken(0..<90)
    #expect(try after.judged(against: before, robust).gates[0].verdict == .failed)
  }

  @Test("Holm's correction takes all gates together")
  func holm() throws {
    let before = VersionRecord(broken: broken(0..<20))
    var after = before
    after.broken = broken(0..<35)
    after.wrong = Set(100..<115)
    let alone = try after.judged(against: before, robust).gates[0]
    let among = try after.judged(against: before, "\(robust), \(clean)").gates
    let p = among.compactMap(\.failureProbability)
    let adjusted = among.compactMap(\.adjustedFailureProbability)
    #expect(p.count == 2 && p[0] == alone.failureProbability)
    #expect(alone.adjustedFailureProbability == p[0])
    let (small, large) = (min(p[0], p[1]), max(p[0], p[1]))
    #expect(adjusted.sorted() == [min(1, 2 * small), max(min(1, 2 * small), large)])
  }

  @Test("what cannot be measured says why, and each gate says what that means")
  func notMeasured() throws {
    let version = VersionRecord()
    let check = try version.judged(
      against: version,
      """
      robust-accuracy: {threat: l2-1, at-least: 0.5, inconclusive: pass},
      robust-accuracy: {threat: linf-0.3, at-least: 0.5, inconclusive: fail},
      group-gap: {group: age, rise-at-most: 0.1}, explanation-drift: {method: saliency, at-least: 0.5}
      """)
    #expect(check.gates.map(\.verdict) == Array(repeating: .notMeasured, count: 4))
    #expect(check.gates.map(\.outcome) == [.passed, .failed, .inconclusive, .inconclusive])
    #expect(check.gates[1].reason.contains("radii in L∞: 0.1, 0.2"))
    #expect(check.gates[2].reason.contains("known: side"))
    #expect(check.outcome == .failed)
  }

  @Test("gaps between groups, calibration and distances are compared on the same samples")
  func otherMeasures() throws {
    let before = VersionRecord(wrong: Set(0..<20), broken: broken(50..<150, at: 0.2))
    var after = before
    after.wrong = Set((0..<40).map { 2 * $0 })
    after.broken = broken(50..<200, at: 0.1)
    let gates = try after.judged(
      against: before,
      """
      group-gap: {group: side, rise-at-most: 0.05}, calibration-error: {rise-at-most: 0.02},
      median-distance: {norm: linf, drop-at-most: 0.02}
      """
    ).gates
    // 10 of 100 wrong on each side before; 40 of 100 on one side after.
    #expect(gates[0].baseline == 0 && gates[0].candidate == 0.4 && gates[0].verdict == .failed)
    // Confidence 0.75 everywhere: |0.9 − 0.75| before, |0.8 − 0.75| after.
    #expect(abs((gates[1].baseline ?? 0) - 0.15) < 1e-12)
    #expect(abs((gates[1].candidate ?? 0) - 0.05) < 1e-12)
    #expect(gates[1].verdict == .passed && gates[1].isImproved)
    #expect(gates[2].baseline == 0.2 && gates[2].candidate == 0.1)
    #expect(gates[2].verdict == .failed)
  }

  @Test("explanations that keep their order agree, reversed ones do not")
  func drift() throws {
    var before = VersionRecord(count: 40)
    for sample in 0..<10 { before.attributions[sample] = [1, 2] }
    var after = before
    let gate = "explanation-drift: {method: saliency, at-least: 0.7}"
    #expect(try after.judged(against: before, gate).gates[0].verdict == .passed)
    for sample in 0..<10 { after.attributions[sample] = [2, 1] }
    let turned = try after.judged(against: before, gate).gates[0]
    #expect(turned.verdict == .failed)
    #expect(abs((turned.value ?? 0) + 1) < 1e-12)
  }
}
