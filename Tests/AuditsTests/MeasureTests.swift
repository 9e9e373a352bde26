import Audits
import Foundation
import Tensors
import Testing

@Suite("Measures and gates")
struct MeasureTests {
  @Test("every measure of a record equals a slow count of its findings")
  func naive() throws {
    let record = try SmallAudit.credit().run()
    let all = record.predictions
    let right = all.filter { $0.label == $0.predicted }
    expect(record, .cleanAccuracy, Double(right.count) / Double(all.count))
    for attack in record.attacks where !attack.id.hasPrefix("probe/") {
      for epsilon in attack.epsilons {
        let robust = right.filter { prediction in
          !record.findings.contains {
            $0.sample == prediction.sample && $0.outcome == .broken && $0.epsilon <= epsilon
              && $0.attack.hasSuffix("/\(attack.norm.rawValue)") && !$0.attack.hasPrefix("probe")
          }
        }
        expect(
          record, .robustAccuracy, Double(robust.count) / Double(all.count), norm: attack.norm,
          epsilon: epsilon)
        let tried = record.findings.filter { $0.attack == attack.id && $0.epsilon == epsilon }
        let left = tried.filter { $0.outcome != .broken }
        expect(
          record, .attackAccuracy,
          tried.isEmpty ? nil : Double(left.count) / Double(tried.count),
          norm: attack.norm, epsilon: epsilon, method: attack.id)
      }
    }
    let brier = all.reduce(0.0) { sum, prediction in
      sum
        + prediction.probabilities.enumerated().reduce(0.0) {
          let error = Double($1.element) - ($1.offset == prediction.label ? 1 : 0)
          return $0 + error * error
        }
    }
    expect(record, .brierScore, brier / Double(all.count))
    let rates = ["female", "male"].map { value in
      let members = all.filter { $0.groups.first?.value == value }
      return Double(members.filter(\.isCorrect).count) / Double(members.count)
    }
    expect(record, .groupGap, abs(rates[0] - rates[1]), group: "sex")
    #expect(
      record.measures.first { $0.kind == .groupGap }?.note == "few samples: female (8), male (14)")
    for measure in record.measures {
      if let value = measure.value, let low = measure.lower, let high = measure.upper {
        #expect(low <= high && low <= value + 0.2 && high >= value - 0.2)
      }
    }
  }

  @Test("explanation measures are means over the explained samples")
  func explanations() throws {
    let record = try SmallAudit.credit().run()
    #expect(Set(record.explanations.map(\.sample)).count == 5)
    for method in ["saliency", "integrated-gradients", "occlusion"] {
      let found = record.explanations.filter { $0.method == method }
      #expect(found.count == 5)
      let areas = found.compactMap { $0.quality.first { $0.name == "deletion" }?.value }
      expect(
        record, .explanationQuality, areas.reduce(0, +) / 5, group: "deletion", method: method)
      let moved = found.compactMap(\.rankCorrelationUnderAttack)
      expect(
        record, .explanationStability,
        moved.isEmpty ? nil : moved.reduce(0, +) / Double(moved.count), method: method)
    }
  }

  @Test("the median distance counts unbroken samples as infinitely far")
  func median() throws {
    let record = try SmallAudit.credit().run()
    let distances = record.predictions.filter(\.isCorrect).map { prediction in
      record.findings.filter {
        $0.sample == prediction.sample && $0.outcome == .broken && $0.attack.hasSuffix("/l1")
      }.map(\.distance).min() ?? .infinity
    }.sorted()
    let middle = distances[(distances.count - 1) / 2] / 2 + distances[distances.count / 2] / 2
    expect(record, .medianDistance, middle.isFinite ? middle : nil, norm: .l1)
  }

  @Test("gates pass, fail, doubt and know what was not measured")
  func gates() {
    let robust = Measure(
      kind: .robustAccuracy, norm: .linf, epsilon: 0.1, value: 0.8, lower: 0.7, upper: 0.9,
      intervalMethod: "", count: 50)
    let veto = SoundnessWarning(
      name: "zero-gradient", raised: "", explanation: "", suggestion: "", isVeto: true)
    func judge(
      _ threshold: Double, atLeast: Bool = true, epsilon: Double = 0.1, vetoed: Bool = false
    ) -> GateResult {
      Gate(
        kind: .robustAccuracy, norm: .linf, epsilon: epsilon, threshold: threshold,
        isAtLeast: atLeast
      ).judge([robust], warnings: vetoed ? [veto] : [])
    }
    #expect(judge(0.7).requirement == "robust accuracy at L∞ 0.1 is at least 70 %")
    #expect(judge(0.7).reason == "80 % meets the threshold, and so does its whole interval")
    #expect(judge(0.75).reason == "80 % meets the threshold; its interval reaches beyond it")
    #expect(judge(0.85).verdict == .failed)
    #expect(judge(0.85).reason == "80 % does not meet the threshold")
    #expect(judge(0.7, epsilon: 0.2).verdict == .notMeasured)
    #expect(judge(0.75, vetoed: true).verdict == .inconclusive)
    #expect(
      judge(0.75, vetoed: true).reason
        == "80 % would pass, but is not believed: zero-gradient")
    #expect(judge(0.85, vetoed: true).verdict == .failed)
    #expect(judge(0.95, atLeast: false).verdict == .passed)
    #expect(judge(0.95, atLeast: false, vetoed: true).verdict == .inconclusive)
    #expect(judge(0.5, atLeast: false).verdict == .failed)
    #expect(judge(0.5, atLeast: false, vetoed: true).verdict == .inconclusive)
    let clean = Gate(kind: .cleanAccuracy, threshold: 0.9, isAtLeast: true)
    let accuracy = Measure(
      kind: .cleanAccuracy, value: 0.95, lower: 0.9, upper: 0.99, intervalMethod: "", count: 50)
    #expect(clean.judge([accuracy], warnings: [veto]).verdict == .passed)
    let gap = Gate(kind: .groupGap, group: "sex", threshold: 0.05, isAtLeast: false)
    #expect(gap.requirement == "accuracy gap between groups (sex) is at most 5 %")
  }

  @Test("a plan that names a norm twice, or a method that cannot work, fails before it starts")
  func refusals() throws {
    var audit = try SmallAudit.credit()
    audit.plan.threats.append(audit.plan.threats[0])
    #expect(throws: AuditError.repeatedNorm(.linf)) { _ = try audit.run() }
    audit = try SmallAudit.credit()
    audit.subject.background = nil
    let store = MemoryStore()
    #expect(throws: (any Error).self) { _ = try audit.run(in: store) }
    #expect(try store.record(of: SmallAudit.id).findings.isEmpty)
  }

  private func expect(
    _ record: AuditRecord, _ kind: Measure.Kind, _ value: Double?, group: String = "",
    norm: Norm? = nil, epsilon: Double? = nil, method: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = record.measures.filter {
      $0.kind == kind && $0.group == group && $0.norm == norm && $0.epsilon == epsilon
        && $0.method == method
    }
    #expect(found.count == 1, sourceLocation: sourceLocation)
    guard let value, let measured = found.first?.value else {
      #expect(value == found.first?.value, sourceLocation: sourceLocation)
      return
    }
    #expect(abs(measured - value) < 1e-9, sourceLocation: sourceLocation)
  }
}
