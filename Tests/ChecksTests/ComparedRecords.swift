import Audits
import Models
import Tensors

/// Two audits whose every change can be counted by hand.
///
/// Ten samples are common, all of class "a". Distances are in L∞, tried at ε 0.1 and 0.2; "–" is
/// unbroken. The odd samples are of the group "m", the even ones of "f".
///
///     sample   first          second         what it is
///     0        right, 0.05    right, 0.05    unchanged
///     1        right, –       right, 0.15    newly broken
///     2        right, 0.15    right, –       fixed
///     3        right, 0.18    right, 0.08    nearer by more than a tenth
///     4        right, 0.1     right, 0.095   nearer by a twentieth
///     5        right, –       "b"            right to wrong
///     6        "b"            right, –       wrong to right
///     7        "b"            "c"            wrong to another wrong
///     8        "b"            "b"            unchanged
///     9        right, –       right, –       unchanged
///
/// Sample 10 is in the first audit alone, 11 in the second alone, the input of 12 and the label of 13
/// differ.
enum ComparedRecords {
  /// The answer to a sample, and where an attack broke it.
  struct Answer {
    var predicted = 0
    var distance: Double?
  }

  static let answers: [(first: Answer, second: Answer)] = [
    (Answer(distance: 0.05), Answer(distance: 0.05)), (Answer(), Answer(distance: 0.15)),
    (Answer(distance: 0.15), Answer()), (Answer(distance: 0.18), Answer(distance: 0.08)),
    (Answer(distance: 0.1), Answer(distance: 0.095)), (Answer(), Answer(predicted: 1)),
    (Answer(predicted: 1), Answer()), (Answer(predicted: 1), Answer(predicted: 2)),
    (Answer(predicted: 1), Answer(predicted: 1)), (Answer(), Answer()),
  ]

  static var first: AuditRecord {
    var record = record("first")
    for (sample, answer) in answers.enumerated() { add(sample, answer.first, to: &record) }
    add(10, Answer(distance: 0.01), to: &record)
    add(12, Answer(), to: &record)
    add(13, Answer(), to: &record)
    record.explanations = [
      explanation(0, [1, 2, 3, 4]), explanation(1, [1, 2, 3, 4]), explanation(2, [1, 2, 3, 4]),
      explanation(3, [1, 2, 3, 4]), explanation(4, [1, 2, 3, 4]),
    ]
    record.warnings = [warning("softmax-output"), warning("zero-gradient")]
    record.gates = [gate("clean accuracy is at least 60 %", .passed), gate("other", .passed)]
    return record
  }

  static var second: AuditRecord {
    var record = record("second")
    for (sample, answer) in answers.enumerated() { add(sample, answer.second, to: &record) }
    add(11, Answer(distance: 0.01), to: &record)
    add(12, Answer(), to: &record)
    record.predictions[11].input = Tensor([9, 9, 9, 9] as [Float])
    add(13, Answer(), to: &record)
    record.predictions[12].label = 1
    record.explanations = [
      explanation(0, [4, 3, 2, 1]), explanation(1, [1, 2, 4, 3]),
      explanation(2, [4, 3, 2, 1], target: 1), explanation(3, [4, 3, 2, 1], steps: "9"),
      explanation(4, [2, 2, 2, 2]),
    ]
    record.warnings = [warning("not-converged"), warning("softmax-output")]
    record.gates = [
      gate("clean accuracy is at least 60 %", .failed), gate("other", .passed),
      gate("new", .failed),
    ]
    return record
  }

  /// The probability that each model gives its answers.
  private static let confidences: [String: Float] = ["first": 0.8, "second": 0.7]

  private static func record(_ name: String) -> AuditRecord {
    var record = AuditRecord(
      run: RunDescription(
        id: "\(name)-run", title: "Title", started: "2026-01-01T00:00:00Z", command: "assay audit",
        seed: 0, suiteName: "suite", suiteText: "", environment: [], isComplete: true),
      model: ModelDescription(
        name: name, sha256: "\(name)-hash", programText: "", parameterCount: 1,
        classNames: ["a", "b", "c"],
        input: InputSpecification(layout: .array, shape: [4], range: nil), trainingRecord: ""),
      data: DataDescription(
        name: "data", sha256: [], selection: "all", sampleCount: 12, classCounts: [12, 0, 0]))
    record.attacks = [
      AttackDescription(
        id: "pgd/linf", method: "pgd", norm: .linf, epsilons: [0.1, 0.2], scale: "input units",
        goal: "untargeted", parameters: [], isWhiteBox: true, isControl: false)
    ]
    return record
  }

  private static func add(_ sample: Int, _ answer: Answer, to record: inout AuditRecord) {
    let confidence = confidences[record.model.name] ?? 1
    var probabilities = [Float](repeating: (1 - confidence) / 2, count: 3)
    probabilities[answer.predicted] = confidence
    record.predictions.append(
      PredictionFinding(
        sample: sample, name: "row \(sample)", label: 0, predicted: answer.predicted,
        probabilities: probabilities, input: Tensor([Float(sample), 1, 2, 3]),
        groups: [NamedValue("sex", sample % 2 == 0 ? "f" : "m")]))
    guard answer.predicted == 0 else { return }
    for epsilon in [0.1, 0.2] {
      let distance = answer.distance.flatMap { $0 <= epsilon ? $0 : nil }
      record.findings.append(
        AttackFinding(
          sample: sample, attack: "pgd/linf", epsilon: epsilon,
          outcome: distance == nil ? .survived : .broken, distance: distance ?? 0,
          predicted: distance == nil ? 0 : 2, probabilities: [0.3, 0.3, 0.4],
          perturbed: distance.map { Tensor([Float(sample) + Float($0), 1, 2, 3]) }))
      if distance != nil { return }
    }
  }

  private static func explanation(
    _ sample: Int, _ values: [Float], target: Int = 0, steps: String = "1"
  ) -> ExplanationFinding {
    ExplanationFinding(
      sample: sample, method: "saliency", parameters: [NamedValue("steps", steps)], target: target,
      baseline: nil, attributions: Tensor(values), completenessError: nil, outputDifference: nil,
      steps: nil, isConverged: true)
  }

  private static func warning(_ name: String) -> SoundnessWarning {
    SoundnessWarning(
      name: name, raised: "seen", explanation: "why", suggestion: "what", isVeto: false)
  }

  private static func gate(_ requirement: String, _ verdict: GateResult.Verdict) -> GateResult {
    GateResult(
      requirement: requirement, verdict: verdict, value: 0.7, lower: nil, upper: nil,
      threshold: 0.6, isAtLeast: true, reason: "because")
  }
}
