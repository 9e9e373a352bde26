import Audits
import Foundation
import Statistics
import Tensors

/// Records of audits that never ran: whole, believable, and the same each time.
enum SampleRecords {
  static let environment = [
    NamedValue("assay", "0.1.0"), NamedValue("system", "Debian 12"),
    NamedValue("processor", "x86-64 with AVX-512, 2 cores"), NamedValue("oneDNN", "2.6.3"),
  ]

  static let all = [
    makeDigits(robust: false), makeDigits(robust: true), makeCredit(robust: false),
    makeCredit(robust: true), makeSeries(),
  ]

  static func digits(robust: Bool) -> AuditRecord { all[robust ? 1 : 0] }
  static func credit(robust: Bool) -> AuditRecord { all[robust ? 3 : 2] }
  static var series: AuditRecord { all[4] }

  static func run(_ id: String, _ title: String, _ command: String) -> RunDescription {
    RunDescription(
      id: id, title: title, started: "2026-03-02T09:15:00Z", command: command, seed: 7,
      suiteName: "standard", suiteText: "attacks:\n  - pgd: {steps: 40, restarts: 5}\n",
      environment: environment, isComplete: true)
  }

  static func hash(_ seed: Int) -> String {
    var random = RandomStream(seed: UInt64(seed), purpose: "hash")
    return (0..<8).map { _ in String(format: "%08x", UInt32(truncatingIfNeeded: random.next())) }
      .joined()
  }

  static func softmax(_ logits: [Double]) -> [Float] {
    let largest = logits.max() ?? 0
    let weights = logits.map { exp($0 - largest) }
    return weights.map { Float($0 / weights.reduce(0, +)) }
  }

  /// Adds what an audit computes from its findings: accuracies, distances, calibration.
  static func measured(_ record: AuditRecord) -> AuditRecord {
    var record = record
    let predictions = record.predictions
    let robustness = Robustness(record)
    var measures = [
      proportion(
        .cleanAccuracy, predictions.count(where: \.isCorrect), predictions.count)
    ]
    for (index, name) in record.model.classNames.enumerated() {
      let members = predictions.filter { $0.label == index }
      measures.append(
        proportion(
          .cleanAccuracy, members.count(where: \.isCorrect), members.count,
          group: "class \(name)"))
    }
    for value in Set(predictions.flatMap(\.groups)).sorted(by: { $0.value < $1.value }) {
      let members = predictions.filter { $0.groups.contains(value) }
      measures.append(
        proportion(
          .cleanAccuracy, members.count(where: \.isCorrect), members.count,
          group: "\(value.name): \(value.value)"))
    }
    if predictions.contains(where: { !$0.groups.isEmpty }) {
      measures.append(value(.groupGap, 0.034, 0.004, 0.091, group: "age group"))
    }
    let calibration = Calibration(
      confidences: predictions.map { Double($0.probabilities.max() ?? 0) },
      isCorrect: predictions.map(\.isCorrect)
    ).expectedError
    measures.append(value(.expectedCalibrationError, calibration, 0.011, 0.058))
    measures.append(value(.brierScore, 0.084, 0.061, 0.113))
    for norm in robustness.norms {
      for epsilon in robustness.epsilons(norm) {
        measures.append(
          proportion(
            .robustAccuracy, robustness.robustCount(norm, within: epsilon), predictions.count,
            norm: norm, epsilon: epsilon))
      }
      let distances = robustness.distances(norm).sorted()
      let median = distances.isEmpty ? .infinity : distances[distances.count / 2]
      measures.append(
        median.isFinite
          ? value(.medianDistance, median, median * 0.9, median * 1.1, norm: norm)
          : value(.medianDistance, nil, nil, nil, norm: norm))
    }
    for attack in record.attacks {
      for epsilon in attack.epsilons {
        let tried = record.findings.filter { $0.attack == attack.id && $0.epsilon == epsilon }
        measures.append(
          proportion(
            .attackAccuracy, tried.count { $0.outcome != .broken }, tried.count,
            norm: attack.norm, epsilon: epsilon, method: attack.id))
      }
    }
    record.measures = measures + explanationMeasures(record)
    return record
  }

  private static func explanationMeasures(_ record: AuditRecord) -> [Measure] {
    Set(record.explanations.map(\.method)).sorted().flatMap { method -> [Measure] in
      let explained = record.explanations.filter { $0.method == method }
      let names = explained.first?.quality.map(\.name) ?? []
      let qualities = names.map { name in
        let values = explained.compactMap { $0.quality.first { $0.name == name }?.value }
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        return value(
          .explanationQuality, mean, mean - 0.03, mean + 0.03, group: name, method: method)
      }
      let moved = explained.compactMap(\.rankCorrelationUnderAttack)
      let mean = moved.reduce(0, +) / Double(max(moved.count, 1))
      return qualities + [
        value(.explanationStability, mean, mean - 0.1, mean + 0.08, method: method)
      ]
    }
  }

  private static func proportion(
    _ kind: Measure.Kind, _ successes: Int, _ count: Int, group: String = "", norm: Norm? = nil,
    epsilon: Double? = nil, method: String? = nil
  ) -> Measure {
    let interval = count > 0 ? BinomialInterval(successes: successes, count: count) : nil
    return Measure(
      kind: kind, group: group, method: method, norm: norm, epsilon: epsilon,
      value: count > 0 ? Double(successes) / Double(count) : nil, lower: interval?.lower,
      upper: interval?.upper, intervalMethod: "Clopper–Pearson", count: count)
  }

  private static func value(
    _ kind: Measure.Kind, _ value: Double?, _ lower: Double?, _ upper: Double?,
    group: String = "", norm: Norm? = nil, method: String? = nil
  ) -> Measure {
    Measure(
      kind: kind, group: group, method: method, norm: norm, value: value, lower: lower,
      upper: upper, intervalMethod: "bootstrap, 1,000 resamples, seed 7", count: 200)
  }

  /// A gate on the last robust accuracy under a norm.
  static func gate(_ record: AuditRecord, _ norm: Norm, atLeast threshold: Double) -> GateResult {
    let measure = record.measures.last { $0.kind == .robustAccuracy && $0.norm == norm }
    let passed = (measure?.lower ?? 0) >= threshold
    let failed = (measure?.upper ?? 0) < threshold
    return GateResult(
      requirement:
        "accuracy under \(norm == .linf ? "L∞" : "L2") attack at ε \(measure?.epsilon ?? 0) is at least \(Int(threshold * 100)) %",
      verdict: passed ? .passed : (failed ? .failed : .inconclusive), value: measure?.value,
      lower: measure?.lower, upper: measure?.upper, threshold: threshold, isAtLeast: true,
      reason: passed
        ? "The whole interval lies above the threshold."
        : (failed ? "The whole interval lies below it." : "The interval holds the threshold."),
      kind: .robustAccuracy, norm: norm, epsilon: measure?.epsilon)
  }
}
