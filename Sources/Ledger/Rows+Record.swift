import Audits
import Models
import Tensors

extension ModelRow {
  init(_ model: ModelDescription) {
    self.init(
      sha256: model.sha256, name: model.name, program: model.programText,
      parameterCount: model.parameterCount, classNames: model.classNames, input: model.input,
      trainingRecord: model.trainingRecord)
  }

  /// The model as a run names it and found it.
  func description(in run: RunRow) -> ModelDescription {
    ModelDescription(
      name: run.modelName, sha256: sha256, programText: program, parameterCount: parameterCount,
      classNames: classNames, input: input, trainingRecord: trainingRecord,
      gradient: run.modelGradient, notes: run.modelNotes)
  }
}

extension RunRow {
  init(_ run: RunDescription, model: ModelDescription) {
    self.init(
      id: run.id, title: run.title, started: run.started, command: run.command,
      seed: String(run.seed), suiteName: run.suiteName, suiteText: run.suiteText,
      isComplete: run.isComplete, model: model.sha256, modelName: model.name,
      modelGradient: model.gradient, modelNotes: model.notes)
  }

  func description(
    _ environment: [EnvironmentRow], shard: ShardRow?, path: String
  ) throws -> RunDescription {
    guard let seed = UInt64(seed) else {
      throw LedgerError(path: path, .corrupt("the seed of run \(id)"))
    }
    return RunDescription(
      id: id, title: title, started: started, command: command, seed: seed,
      suiteName: suiteName, suiteText: suiteText,
      environment: environment.map { NamedValue($0.name, $0.value) }, isComplete: isComplete,
      shard: shard?.description)
  }
}

extension DataRow {
  init(_ data: DataDescription, run: String) {
    self.init(
      run: run, name: data.name, sha256: data.sha256, selection: data.selection,
      sampleCount: data.sampleCount, classCounts: data.classCounts, features: data.features,
      notes: data.notes)
  }

  var description: DataDescription {
    DataDescription(
      name: name, sha256: sha256, selection: selection, sampleCount: sampleCount,
      classCounts: classCounts, features: features, notes: notes)
  }
}

extension AttackRow {
  init(_ attack: AttackDescription, run: String, position: Int) {
    self.init(
      run: run, id: attack.id, position: position, method: attack.method,
      norm: attack.norm.rawValue, epsilons: attack.epsilons, scale: attack.scale,
      goal: attack.goal, parameters: attack.parameters, isWhiteBox: attack.isWhiteBox,
      isControl: attack.isControl, samplesAttacked: attack.samplesAttacked,
      forwardPasses: attack.forwardPasses, backwardPasses: attack.backwardPasses)
  }

  func description(path: String) throws -> AttackDescription {
    guard let norm = Norm(rawValue: norm) else {
      throw LedgerError(path: path, .corrupt("the norm of attack \(id)"))
    }
    return AttackDescription(
      id: id, method: method, norm: norm, epsilons: epsilons, scale: scale, goal: goal,
      parameters: parameters, isWhiteBox: isWhiteBox, isControl: isControl,
      samplesAttacked: samplesAttacked, forwardPasses: forwardPasses,
      backwardPasses: backwardPasses)
  }
}

extension PredictionRow {
  init(_ finding: PredictionFinding, run: String) {
    self.init(
      run: run, sample: finding.sample, name: finding.name, label: finding.label,
      predicted: finding.predicted, probabilities: finding.probabilities,
      input: TensorBlob(finding.input), groups: finding.groups)
  }

  var finding: PredictionFinding {
    PredictionFinding(
      sample: sample, name: name, label: label, predicted: predicted,
      probabilities: probabilities, input: input.tensor, groups: groups)
  }
}

extension FindingRow {
  init(_ finding: AttackFinding, run: String) {
    self.init(
      run: run, attack: finding.attack, epsilon: finding.epsilon, sample: finding.sample,
      outcome: finding.outcome.rawValue, distance: finding.distance,
      predicted: finding.predicted, probabilities: finding.probabilities,
      perturbed: finding.perturbed.map(TensorBlob.init), flags: finding.flags,
      rejection: finding.rejection, forwardPasses: finding.passes.forward,
      backwardPasses: finding.passes.backward)
  }

  func finding(path: String) throws -> AttackFinding {
    guard let outcome = AttackFinding.Outcome(rawValue: outcome) else {
      throw LedgerError(path: path, .corrupt("the outcome of sample \(sample)"))
    }
    return AttackFinding(
      sample: sample, attack: attack, epsilon: epsilon, outcome: outcome, distance: distance,
      predicted: predicted, probabilities: probabilities, perturbed: perturbed?.tensor,
      flags: flags, rejection: rejection,
      passes: PassCount(forward: forwardPasses, backward: backwardPasses))
  }
}

extension ExplanationRow {
  init(_ finding: ExplanationFinding, run: String) {
    self.init(
      run: run, sample: finding.sample, method: finding.method, parameters: finding.parameters,
      target: finding.target, baseline: finding.baseline,
      attributions: TensorBlob(finding.attributions),
      completenessError: finding.completenessError, outputDifference: finding.outputDifference,
      steps: finding.steps, isConverged: finding.isConverged, quality: finding.quality,
      attackedAttributions: finding.attackedAttributions.map(TensorBlob.init),
      rankCorrelationUnderAttack: finding.rankCorrelationUnderAttack)
  }

  var finding: ExplanationFinding {
    ExplanationFinding(
      sample: sample, method: method, parameters: parameters, target: target,
      baseline: baseline, attributions: attributions.tensor,
      completenessError: completenessError, outputDifference: outputDifference, steps: steps,
      isConverged: isConverged, quality: quality,
      attackedAttributions: attackedAttributions?.tensor,
      rankCorrelationUnderAttack: rankCorrelationUnderAttack)
  }
}

extension MeasureRow {
  init(_ measure: Measure, run: String, position: Int) {
    self.init(
      run: run, position: position, kind: measure.kind.rawValue, group: measure.group,
      method: measure.method, norm: measure.norm?.rawValue, epsilon: measure.epsilon,
      value: measure.value, lower: measure.lower, upper: measure.upper,
      confidence: measure.confidence, intervalMethod: measure.intervalMethod,
      count: measure.count, note: measure.note)
  }

  func measure(path: String) throws -> Measure {
    guard let kind = Measure.Kind(rawValue: kind) else {
      throw LedgerError(path: path, .corrupt("measure \(position)"))
    }
    return Measure(
      kind: kind, group: group, method: method, norm: norm.flatMap(Norm.init(rawValue:)),
      epsilon: epsilon, value: value, lower: lower, upper: upper, confidence: confidence,
      intervalMethod: intervalMethod, count: count, note: note)
  }
}

extension WarningRow {
  init(_ warning: SoundnessWarning, run: String, position: Int) {
    self.init(
      run: run, position: position, name: warning.name, raised: warning.raised,
      explanation: warning.explanation, suggestion: warning.suggestion,
      samples: warning.samples, isVeto: warning.isVeto)
  }

  var warning: SoundnessWarning {
    SoundnessWarning(
      name: name, raised: raised, explanation: explanation, suggestion: suggestion,
      samples: samples, isVeto: isVeto)
  }
}

extension GateRow {
  init(_ gate: GateResult, run: String, position: Int) {
    self.init(
      run: run, position: position, requirement: gate.requirement,
      verdict: gate.verdict.rawValue, value: gate.value, lower: gate.lower, upper: gate.upper,
      threshold: gate.threshold, isAtLeast: gate.isAtLeast, reason: gate.reason,
      kind: gate.kind?.rawValue, norm: gate.norm?.rawValue, epsilon: gate.epsilon,
      group: gate.group)
  }

  func gate(path: String) throws -> GateResult {
    guard let verdict = GateResult.Verdict(rawValue: verdict) else {
      throw LedgerError(path: path, .corrupt("gate \(position)"))
    }
    return GateResult(
      requirement: requirement, verdict: verdict, value: value, lower: lower, upper: upper,
      threshold: threshold, isAtLeast: isAtLeast, reason: reason,
      kind: kind.flatMap(Measure.Kind.init(rawValue:)), norm: norm.flatMap(Norm.init(rawValue:)),
      epsilon: epsilon, group: group ?? "")
  }
}

extension ArtefactRow {
  init(_ artefact: Artefact, run: String, position: Int) {
    self.init(
      run: run, position: position, name: artefact.name, mediaType: artefact.mediaType,
      sha256: artefact.sha256)
  }
}
