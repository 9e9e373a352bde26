import Audits
import Checks
import Foundation
import Reports
import Tensors
import Testing

/// A value that a test is given, under a name that can be printed.
struct Sample<Value: Sendable>: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let value: Value

  init(_ name: String, _ value: Value) {
    testDescription = name
    self.value = value
  }
}

/// Checks that never ran: whole, believable, and the same each time.
enum SampleChecks {
  /// Names that try to be markup, formulas, commands, or too long.
  static let hostile = [
    Sample("tag", "<script>alert(1)</script>"), Sample("quotes", "\"quoted\" & 'single'"),
    Sample("formula", "=1+1"), Sample("right to left", "abc\u{202E}txt.exe"),
    Sample("emoji", "👩‍👩‍👧 🎉"), Sample("long", String(repeating: "x", count: 10_000)),
    Sample("cells and lines", "a|b`c`\nd\r\ne"),
    Sample("link", "[click](https://evil.example)"), Sample("command", "::error::x%0A"),
    Sample("control", "]]>\u{0}\u{1B}[31m"),
    Sample("mention", "@everyone #1 www.evil.example {0} $x$"),
  ]

  static let all = [
    Sample("passed", passed), Sample("failed", failed), Sample("inconclusive", inconclusive),
    Sample("exhausted", exhausted), Sample("pictures", pictures),
  ]

  static let locations = CheckLocations(
    configurationFile: "ci/assay.yaml", modelFile: "./models/credit v2.safetensors",
    gateLines: [12, nil, 14])

  static let input = InputSpecification.table([
    Feature(name: "age", kind: .integer, unit: "years"),
    Feature(name: "housing|<b>", kind: .categorical, categories: ["own", "rent`"]),
    Feature(name: "amount", unit: "EUR"),
  ])

  static let passed = check(gates: [gate(.passed, "clean accuracy drops by at most 2 points")])

  /// Two failures (one gate was not measured and must be), one open, two that hold.
  static let failed: CheckRecord = {
    var check = Self.check(gates: [
      gate(.failed, "robust accuracy at L∞ 0.1 drops by at most 2 points", value: 0.055),
      gate(.notMeasured, "explanation drift", meaning: .fail, kind: "explanation-drift"),
      gate(.inconclusive, "median distance under L∞ drops by at most 0.02"),
      gate(.inconclusive, "calibration error rises by at most 0.02", meaning: .pass),
      gate(.passed, "clean accuracy drops by at most 2 points"),
    ])
    check.warnings = [
      warning("zero-gradient", isVeto: true), warning("not-converged", isVeto: false),
    ]
    return check
  }()

  static let inconclusive = check(gates: [
    gate(.passed, "clean accuracy drops by at most 2 points"),
    gate(.inconclusive, "robust accuracy at L∞ 0.1 drops by at most 2 points"),
    gate(.notMeasured, "the gap between groups"),
  ])

  static let exhausted: CheckRecord = {
    var check = passed
    check.budget.unfinished = [
      BudgetUse.Unfinished(norm: .linf, epsilon: 0.1, samples: Array(0..<37)),
      BudgetUse.Unfinished(norm: .l2, epsilon: 1, samples: [4]),
    ]
    check.warnings = [warning("zero-gradient", isVeto: true)]
    return check
  }()

  /// Every text is one of the hostile names.
  static func hostile(_ name: String) -> CheckRecord {
    var check = failed
    check.baseline.name = name
    check.candidate.name = name
    check.data = name
    check.selection = name
    check.classNames = [name, name]
    check.input = .table([
      Feature(name: name), Feature(name: name, kind: .categorical, categories: [name, name + "2"]),
      Feature(name: name, unit: name),
    ])
    check.budget.limit = name
    for index in check.gates.indices {
      check.gates[index].requirement = name
      check.gates[index].reason = name
      check.gates[index].kind = name
    }
    for index in check.replay[0].cases.indices {
      check.replay[0].cases[index].name = name
      check.replay[0].cases[index].attack = name
      check.replay[0].cases[index].model = name
    }
    check.warnings = [
      SoundnessWarning(
        name: name, raised: name, explanation: name, suggestion: name, isVeto: true)
    ]
    check.worst[0].name = name
    check.worst[0].attack = name
    return check
  }

  /// A check of pictures, 2 × 2 in grey, with two worst cases.
  static let pictures: CheckRecord = {
    var check = passed
    check.input = .image([1, 2, 2])
    func worst(_ sample: Int, _ change: Float) -> WorstCase {
      WorstCase(
        sample: sample, name: "digit <\(sample)>", label: 0, attack: "pgd", norm: .linf,
        epsilon: 0.1, distance: Double(change), predicted: 1, confidence: 0.75,
        clean: Tensor([0, 1, 0.5, 0.25] as [Float], shape: [1, 2, 2]),
        perturbed: Tensor([change, 1, 0.5, 0.25] as [Float], shape: [1, 2, 2]))
    }
    check.worst = [worst(3, 0.0625), worst(17, 0.125)]
    return check
  }()

  /// Newly broken samples 0 ..< count, the last the nearest.
  static func newlyBroken(_ count: Int) -> CheckRecord {
    var check = passed
    check.replay = [
      ReplayGroup(
        norm: .l2,
        cases: (0..<count).map { replay($0, .newlyBroken, distance: Double(count - $0)) })
    ]
    return check
  }

  static func gate(
    _ verdict: GateResult.Verdict, _ requirement: String,
    meaning: InconclusiveMeaning = .inconclusive, value: Double = 0.01,
    kind: String = "robust-accuracy"
  ) -> CheckedGate {
    let isMeasured = verdict != .notMeasured
    return CheckedGate(
      requirement: requirement, kind: kind, norm: .linf, epsilon: 0.1, verdict: verdict,
      baseline: isMeasured ? 0.9 : nil, candidate: isMeasured ? 0.9 - value : nil,
      value: isMeasured ? value : nil, lower: isMeasured ? value - 0.005 : nil,
      upper: isMeasured ? value + 0.005 : nil, threshold: 0.02, isAtLeast: false,
      isRelative: true, isFraction: true, confidence: 0.95, count: isMeasured ? 1_000 : 0,
      failureProbability: isMeasured ? 0.25 : nil, test: "score test of paired proportions",
      decidingCount: verdict == .inconclusive ? 2_400 : nil, meaning: meaning,
      reason: isMeasured ? "the drop is \(value)" : "the run did not measure it")
  }

  private static func check(gates: [CheckedGate]) -> CheckRecord {
    CheckRecord(
      baseline: CheckedModel(
        name: "credit-v1", sha256: String(repeating: "a1", count: 32), run: "run-1",
        started: "2026-03-01T09:00:00Z"),
      candidate: CheckedModel(
        name: "credit-v2", sha256: String(repeating: "b2", count: 32), run: "run-2",
        started: "2026-03-02T09:15:00Z"),
      data: "loans", selection: "test part", sampleCount: 1_000, classNames: ["good", "bad"],
      input: input, seed: 7,
      replay: [
        ReplayGroup(
          norm: .linf,
          cases: [
            replay(0, .withstood, distance: 0.04), replay(1, .newlyBroken, distance: 0.08),
            replay(2, .fixed, distance: 0.05), replay(3, .newlyBroken, distance: 0.02),
          ])
      ],
      budget: BudgetUse(
        limit: "200,000 gradients", forwardPasses: 123_456, backwardPasses: 65_432,
        unfinished: []),
      gates: gates, warnings: [],
      worst: [
        WorstCase(
          sample: 3, name: "row 3", label: 0, attack: "pgd", norm: .linf, epsilon: 0.1,
          distance: 0.02, predicted: 1, confidence: 0.75,
          clean: Tensor([31, 0, 1_200.5] as [Float], shape: [3]),
          perturbed: Tensor([34, 1, 1_200.5] as [Float], shape: [3]))
      ])
  }

  private static func replay(
    _ sample: Int, _ outcome: ReplayCase.Outcome, distance: Double
  ) -> ReplayCase {
    ReplayCase(
      sample: sample, name: "row \(sample)", label: 0, outcome: outcome, distance: distance,
      attack: "pgd", model: "credit-v0", predicted: 1)
  }

  private static func warning(_ name: String, isVeto: Bool) -> SoundnessWarning {
    SoundnessWarning(
      name: name, raised: "12 of 1,000 samples", explanation: "Gradients vanish.",
      suggestion: "Attack the logits.", samples: [1, 2], isVeto: isVeto)
  }
}
