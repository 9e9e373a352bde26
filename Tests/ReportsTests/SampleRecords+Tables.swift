import Audits
import Foundation
import Tensors

extension SampleRecords {
  private static let features = [
    Feature(name: "duration", kind: .integer, unit: "months", range: ValueRange(4...72)),
    Feature(name: "amount", unit: "DM", range: ValueRange(250...20_000)),
    Feature(
      name: "checking account", kind: .categorical,
      categories: ["overdrawn", "below 200 DM", "200 DM or more", "none"]),
    Feature(
      name: "savings", kind: .categorical, categories: ["below 100 DM", "100 to 1,000 DM", "more"]),
    Feature(
      name: "age", kind: .integer, unit: "years", range: ValueRange(18...80), isMutable: false),
    Feature(
      name: "installment rate", kind: .integer, unit: "% of income", range: ValueRange(1...4)),
    Feature(
      name: "telephone", kind: .binary, range: ValueRange(0...1), categories: ["no", "yes"]),
    Feature(name: "existing credits", kind: .integer, range: ValueRange(1...4)),
    Feature(name: "dependants", kind: .integer, range: ValueRange(1...2), isMutable: false),
    Feature(name: "years at address", kind: .integer, unit: "years", range: ValueRange(1...4)),
    Feature(name: "income", unit: "DM/month", range: ValueRange(0...9_000), direction: .increase),
    Feature(name: "years employed", unit: "years", range: ValueRange(0...40)),
  ]

  /// A table model: credit decisions with groups that are audited, not modelled.
  static func makeCredit(robust: Bool) -> AuditRecord {
    let name = robust ? "credit-adversarial" : "credit-normal"
    var record = AuditRecord(
      run: run(
        robust ? "c0ffee120934" : "19ab77e3d1f0", "German credit",
        "assay audit \(name).safetensors --data credit-g.arff --suite tabular --seed 7"),
      model: ModelDescription(
        name: name, sha256: hash(robust ? 5 : 6), programText: "input x: float32[N, 12]\n",
        parameterCount: 2_466, classNames: ["good", "bad"], input: .table(features),
        trainingRecord: #"{"epochs": 60, "optimizer": "adamw", "weight_decay": 0.01}"#),
      data: DataDescription(
        name: "German credit", sha256: [NamedValue("credit-g.arff", hash(8))],
        selection: "test split, 150 of seed 7", sampleCount: 150, classCounts: [105, 45],
        features: features.map {
          let range = $0.validRange ?? ValueRange(0...1)
          let (low, high) = (range.lower ?? 0, range.upper ?? 1)
          return FeatureSummary(
            name: $0.name, minimum: low, mean: low + (high - low) * 0.37, maximum: high)
        },
        notes: ["No values were missing.", "Protected attribute: age group (audited only)."]))
    record.attacks = [
      AttackDescription(
        id: "pgd/linf", method: "pgd", norm: .linf, epsilons: [0.02, 0.05, 0.1],
        scale: "feature ranges", goal: "untargeted", parameters: [NamedValue("steps", "40")],
        isWhiteBox: true, isControl: false, samplesAttacked: 118, forwardPasses: 9_440,
        backwardPasses: 9_322)
    ]
    for sample in 0..<150 { addApplicant(sample, robust: robust, to: &record) }
    record = measured(record)
    record.gates = [gate(record, .linf, atLeast: 0.6)]
    return record
  }

  private static func addApplicant(_ sample: Int, robust: Bool, to record: inout AuditRecord) {
    var random = RandomStream(seed: 9, purpose: "credit", sample: sample)
    let values = features.map { feature -> Float in
      let range = feature.validRange ?? ValueRange(0...1)
      let (low, high) = (range.lower ?? 0, range.upper ?? 1)
      let value = low + (high - low) * random.uniform()
      return Float(feature.isDiscrete ? value.rounded() : (value * 100).rounded() / 100)
    }
    let label = sample % 10 < 7 ? 0 : 1
    let isWrong = random.uniform() < 0.23
    let predicted = isWrong ? 1 - label : label
    let margin = 0.4 + random.uniform() * 2.2
    let logits = predicted == 0 ? [margin, 0] : [0, margin]
    record.predictions.append(
      PredictionFinding(
        sample: sample, name: "applicant \(sample + 1)", label: label, predicted: predicted,
        probabilities: softmax(logits), input: Tensor(values),
        groups: [NamedValue("age group", sample % 3 == 0 ? "under 25" : "25 and over")]))
    guard !isWrong else { return }
    let distance = (robust ? 0.09 : 0.04) * (0.4 + random.uniform() * 1.4)
    for epsilon in record.attacks[0].epsilons {
      let isBroken = epsilon >= distance
      var changed = values
      changed[0] += Float((distance * 68).rounded(.up))
      changed[1] += Float((distance * 19_750 * 100).rounded() / 100)
      if distance > 0.04 { changed[2] = changed[2] == 0 ? 1 : 0 }
      record.findings.append(
        AttackFinding(
          sample: sample, attack: "pgd/linf", epsilon: epsilon,
          outcome: isBroken ? .broken : .survived, distance: isBroken ? distance : 0,
          predicted: isBroken ? 1 - label : label,
          probabilities: softmax(isBroken ? logits.reversed() : logits),
          perturbed: isBroken ? Tensor(changed) : nil))
      if isBroken { break }
    }
    guard sample < 30 else { return }
    for method in ["input-x-gradient", "integrated-gradients"] {
      let weights = features.map { _ in Float(random.normal()) }
      record.explanations.append(
        ExplanationFinding(
          sample: sample, method: method, parameters: [], target: predicted,
          baseline: method == "integrated-gradients" ? "training mean" : nil,
          attributions: Tensor(weights),
          completenessError: method == "integrated-gradients" ? 0.0004 : nil,
          outputDifference: method == "integrated-gradients" ? 1.84 : nil,
          steps: method == "integrated-gradients" ? 64 : nil, isConverged: true,
          rankCorrelationUnderAttack: 0.8))
    }
  }

  /// A sequence model: two channels, two classes.
  static func makeSeries() -> AuditRecord {
    let input = InputSpecification(
      layout: .sequence, shape: [2, 60],
      features: [Feature(name: "lead I", unit: "mV"), Feature(name: "lead II", unit: "mV")])
    var record = AuditRecord(
      run: run("77aa01bc93de", "Heartbeats", "assay audit ecg.safetensors --data ecg.ts"),
      model: ModelDescription(
        name: "ecg-gru", sha256: hash(9), programText: "input x: float32[N, 2, 60]\n",
        parameterCount: 18_050, classNames: ["normal", "ectopic"], input: input,
        trainingRecord: ""),
      data: DataDescription(
        name: "Heartbeats", sha256: [NamedValue("ecg.ts", hash(10))], selection: "all samples",
        sampleCount: 80, classCounts: [56, 24]))
    record.attacks = [
      AttackDescription(
        id: "pgd/linf", method: "pgd", norm: .linf, epsilons: [0.05, 0.1, 0.2],
        scale: "input units", goal: "untargeted", parameters: [NamedValue("steps", "20")],
        isWhiteBox: true, isControl: false, samplesAttacked: 77, forwardPasses: 4_620,
        backwardPasses: 4_543)
    ]
    for sample in 0..<80 { addBeat(sample, to: &record) }
    record = measured(record)
    record.run.isComplete = false
    return record
  }

  private static func addBeat(_ sample: Int, to record: inout AuditRecord) {
    var random = RandomStream(seed: 3, purpose: "ecg", sample: sample)
    let label = sample % 10 < 7 ? 0 : 1
    let values = (0..<120).map { index -> Float in
      let t = Double(index % 60) / 60
      let peak = exp(-pow((t - 0.4 - 0.1 * Double(label)) / 0.03, 2)) * (index < 60 ? 1.2 : -0.8)
      return Float(peak + 0.2 * sin(6.28 * t) + 0.02 * random.normal())
    }
    let shape: Shape = [2, 60]
    let logits = label == 0 ? [2.5, 0] : [0, 2.5]
    record.predictions.append(
      PredictionFinding(
        sample: sample, name: "beat \(sample)", label: label, predicted: label,
        probabilities: softmax(logits), input: Tensor(values, shape: shape)))
    let distance = 0.04 + 0.2 * random.uniform()
    for epsilon in [0.05, 0.1, 0.2] {
      let isBroken = epsilon >= distance
      let changed = values.enumerated().map { $1 + Float(distance) * ($0 % 7 < 3 ? 1 : -1) }
      record.findings.append(
        AttackFinding(
          sample: sample, attack: "pgd/linf", epsilon: epsilon,
          outcome: isBroken ? .broken : .survived, distance: isBroken ? distance : 0,
          predicted: isBroken ? 1 - label : label,
          probabilities: softmax(isBroken ? logits.reversed() : logits),
          perturbed: isBroken ? Tensor(changed, shape: shape) : nil))
      if isBroken { break }
    }
    guard sample < 10 else { return }
    let attributions = values.map { $0 * Float(0.4 + 0.2 * random.normal()) }
    record.explanations.append(
      ExplanationFinding(
        sample: sample, method: "integrated-gradients", parameters: [], target: label,
        baseline: "zero", attributions: Tensor(attributions, shape: shape),
        completenessError: 0.001, outputDifference: 3.1, steps: 64, isConverged: true))
  }
}
