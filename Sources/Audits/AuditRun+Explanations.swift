import Explanations
import Models
import Tensors

extension AuditRun {
  /// Explains the chosen samples by every method of the plan, beside controls and under attack.
  ///
  /// - Returns: all explanations of the run, those that were stored before included.
  func explain(
    _ record: AuditRecord, progress: (Double, String) -> Void
  ) throws -> [ExplanationFinding] {
    let chosen = explained(of: record)
    guard !chosen.isEmpty, !plan.explanations.isEmpty else { return record.explanations }
    let attacked = BrokenSamples(record)
    let randomized = try randomizedClassifier()
    var result = record.explanations
    for (index, (name, method)) in plan.namedExplanations.enumerated() {
      progress(Double(index) / Double(plan.explanations.count), name)
      let known = Set(record.explanations.filter { $0.method == name }.map(\.sample))
      let missing = chosen.filter { !known.contains($0.sample) }
      guard !missing.isEmpty else { continue }
      var findings = try findings(
        of: method, for: missing, attacked: attacked, randomized: randomized)
      for row in findings.indices { findings[row].method = name }
      try store.append(findings, to: description.id)
      result += findings
    }
    progress(1, "")
    return result.inOrder
  }

  /// The samples that the plan names, else those of the audit's rule.
  private func explained(of record: AuditRecord) -> [PredictionFinding] {
    guard let targets = plan.explainedTargets else {
      return ExplanationChoice(record, count: plan.explainedSamples).samples
    }
    return record.predictions.filter { targets[$0.sample] != nil }
  }

  /// Explains one sample by every method, so that a method which cannot explain this model fails
  /// before the attacks and not after them.
  func tryExplanations(_ predictions: [PredictionFinding]) throws {
    guard let first = predictions.first, plan.explainedSamples > 0, !plan.explanations.isEmpty
    else { return }
    let randomized = try randomizedClassifier()
    for method in plan.explanations {
      _ = try findings(of: method, for: [first], attacked: nil, randomized: randomized)
    }
  }

  /// What audits measure of every explanation: the curves, not the figures that cost many more.
  ///
  /// A removed feature of a table takes the mean of the training samples, where there are some: 0
  /// is no neutral age.
  private var assessment: QualityAssessment {
    var assessment = QualityAssessment()
    if model.input.layout == .table, subject.background != nil { assessment.baseline = .mean }
    assessment.infidelityDraws = 0
    assessment.sensitivityDraws = 0
    return assessment
  }

  private func randomizedClassifier() throws -> any ModelClassifier {
    try RandomizedModel.make(from: model, seed: description.seed)
      .classifier(on: classifier.backend, microBatch: classifier.microBatch)
  }

  private func findings(
    of method: any AttributionMethod, for chosen: [PredictionFinding], attacked: BrokenSamples?,
    randomized: any ModelClassifier
  ) throws -> [ExplanationFinding] {
    let request = request(for: chosen, inputs: chosen.map(\.input))
    let attribution = try Explainer.explain(
      method, request, classifier, threads: plan.threads)
    let quality = try assessment.assess(
      attribution, by: method, request, classifier, randomized: randomized,
      threads: plan.threads)
    let worst = chosen.map { attacked?.nearest(of: $0.sample)?.perturbed }
    let broken = chosen.indices.filter { worst[$0] != nil }
    let moved =
      broken.isEmpty
      ? nil
      : try Explainer.explain(
        method,
        self.request(for: broken.map { chosen[$0] }, inputs: broken.compactMap { worst[$0] }),
        classifier, threads: plan.threads)
    return chosen.indices.map { row in
      var finding = finding(row, of: attribution, quality: quality.samples[row])
      if let moved, let position = broken.firstIndex(of: row) {
        finding.attackedAttributions = raw(moved, position)
        finding.rankCorrelationUnderAttack =
          AttributionShift(
            clean: finding.attributions.doubles,
            attacked: raw(moved, position).doubles
          ).rankCorrelation
      }
      return finding
    }
  }

  private func request(
    for chosen: [PredictionFinding], inputs: [Tensor]
  ) -> AttributionRequest {
    let stacked = Tensor.concatenated(inputs.map { $0.reshaped(to: [1] + $0.shape) })
    return AttributionRequest(
      inputs: model.input.encoded(stacked),
      classes: chosen.map { plan.explainedTargets?[$0.sample] ?? $0.predicted },
      samples: chosen.map(\.sample), seed: description.seed, background: subject.background)
  }

  private func finding(
    _ row: Int, of attribution: Attribution, quality: SampleQuality
  ) -> ExplanationFinding {
    let completeness = attribution.completeness?[row]
    return ExplanationFinding(
      sample: attribution.samples[row], method: attribution.method,
      parameters: attribution.parameters.map { NamedValue($0.name, $0.value) },
      target: attribution.classes[row], baseline: attribution.baseline,
      attributions: raw(attribution, row), completenessError: completeness?.error,
      outputDifference: completeness?.outputDifference, steps: completeness?.steps,
      isConverged: attribution.isConverged(row),
      quality: [
        QualityMeasure("deletion", quality.deletion),
        QualityMeasure("insertion", quality.insertion),
      ])
  }

  /// One sample's attributions in the shape of the raw input: one-hot blocks are summed.
  private func raw(_ attribution: Attribution, _ row: Int) -> Tensor {
    let encoded = attribution.attributions.row(row)
    guard !model.input.isEncodingIdentity else { return encoded }
    let values = encoded.doubles
    return Tensor(
      model.input.encodedBlocks.map { Float(values[$0].reduce(0, +)) }, shape: model.input.shape)
  }
}

extension QualityMeasure {
  fileprivate init(_ name: String, _ comparison: CurveComparison) {
    self.init(
      name: name, value: comparison.method.area, random: comparison.random.area,
      randomizedModel: comparison.randomizedModel.area,
      fractions: comparison.method.fractions, curve: comparison.method.probabilities,
      randomCurve: comparison.random.probabilities,
      randomizedModelCurve: comparison.randomizedModel.probabilities)
  }
}
