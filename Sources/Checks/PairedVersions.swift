import Audits
import Explanations
import Statistics
import Tensors

/// Two versions' answers to the same samples, in sample order.
struct PairedVersions {
  let baseline: AuditRecord
  let candidate: AuditRecord
  /// The predictions of both, sample by sample.
  let before: [PredictionFinding]
  let after: [PredictionFinding]
  let robustnessBefore: Robustness
  let robustnessAfter: Robustness

  /// - Precondition: both records are about the same samples.
  init(_ baseline: AuditRecord, _ candidate: AuditRecord) {
    precondition(
      baseline.predictions.map(\.sample) == candidate.predictions.map(\.sample),
      "expected two records of the same samples")
    self.baseline = baseline
    self.candidate = candidate
    before = baseline.predictions
    after = candidate.predictions
    robustnessBefore = Robustness(baseline)
    robustnessAfter = Robustness(candidate)
  }

  var count: Int { before.count }

  /// What the samples say about a gate.
  ///
  /// - Throws: `NotMeasured` where they say nothing.
  func evidence(for gate: RegressionGate, _ bootstrap: PairedBootstrap) throws(NotMeasured)
    -> GateEvidence
  {
    switch gate.kind {
    case .cleanAccuracy:
      return GateEvidence(share: before.map(\.isCorrect), after.map(\.isCorrect), gate)
    case .robustAccuracy: return try robustAccuracy(gate)
    case .medianDistance: return try medianDistance(gate, bootstrap)
    case .calibrationError:
      return try paired(
        gate, bootstrap, ScoredAnswers(before).calibrationError,
        ScoredAnswers(after).calibrationError)
    case .groupGap: return try groupGap(gate, bootstrap)
    case .explanationDrift: return try explanationDrift(gate, bootstrap)
    }
  }

  // MARK: Robustness

  private func robustAccuracy(_ gate: RegressionGate) throws(NotMeasured) -> GateEvidence {
    let (norm, epsilon) = try threat(of: gate)
    guard let epsilon else { preconditionFailure("expected a radius in \(gate.requirement)") }
    let open = Set(robustnessAfter.unfinished(norm, within: epsilon))
    return GateEvidence(
      share: before.map { robustnessBefore.isRobust($0, norm, within: epsilon) },
      after.map {
        open.contains($0.sample) ? nil : robustnessAfter.isRobust($0, norm, within: epsilon)
      }, gate)
  }

  /// The norm and the radius of a gate, which both versions were attacked at.
  private func threat(of gate: RegressionGate) throws(NotMeasured) -> (Norm, Double?) {
    guard let norm = gate.norm else { preconditionFailure("expected a norm") }
    for (name, robustness) in [("baseline", robustnessBefore), ("candidate", robustnessAfter)] {
      let radii = robustness.epsilons(norm)
      guard !radii.isEmpty, gate.epsilon.map(radii.contains) ?? true else {
        let known = radii.isEmpty ? "none" : radii.map(\.words).joined(separator: ", ")
        throw NotMeasured(
          reason: "the \(name) was not attacked there (radii in \(norm.symbol): \(known))")
      }
    }
    let scales = [baseline, candidate].map { record in
      record.attacks.first { $0.norm == norm && !$0.isProbe }?.scale
    }
    guard scales[0] == scales[1] else {
      throw NotMeasured(
        reason: "the baseline's radii are \(scales[0] ?? ""), the candidate's \(scales[1] ?? "")")
    }
    let open = gate.epsilon.map { robustnessBefore.unfinished(norm, within: $0).count } ?? 0
    guard open == 0 else {
      throw NotMeasured(reason: "the baseline's own audit left \(open) samples open")
    }
    return (norm, gate.epsilon)
  }

  /// The median over the samples that both versions classify correctly of the smallest breaking
  /// distance, where a sample that nothing broke counts as the largest radius that both tried.
  private func medianDistance(
    _ gate: RegressionGate, _ bootstrap: PairedBootstrap
  ) throws(NotMeasured) -> GateEvidence {
    let (norm, _) = try threat(of: gate)
    let radii = robustnessAfter.epsilons(norm)
    guard let cap = Set(radii).intersection(robustnessBefore.epsilons(norm)).max() else {
      throw NotMeasured(reason: "the versions have no radius in common")
    }
    let rows = before.indices.filter { before[$0].isCorrect && after[$0].isCorrect }
    guard !rows.isEmpty else { throw NotMeasured(reason: "no sample is correct in both versions") }
    let samples = rows.map { before[$0].sample }
    let first = samples.map { min(robustnessBefore.distance(of: $0, norm) ?? cap, cap) }
    let second = samples.map { min(robustnessAfter.distance(of: $0, norm) ?? cap, cap) }
    let floors = openFloors(norm, radii)
    let pessimistic = samples.indices.map { min(second[$0], floors[samples[$0]] ?? .infinity) }
    func distribution(_ after: [Double]) -> BootstrapDistribution? {
      bootstrap.distribution(count: rows.count, purpose: gate.requirement) { indices in
        let old = Bootstrap.median(indices.map { first[$0] })
        let new = Bootstrap.median(indices.map { after[$0] })
        guard let old, let new else { return nil }
        return gate.isRelative ? old - new : new
      }
    }
    guard let mild = distribution(second), let severe = distribution(pessimistic) else {
      throw NotMeasured(reason: "the median is not defined")
    }
    var evidence = GateEvidence(mild, severe: severe, gate, bootstrap)
    evidence.baseline = Bootstrap.median(first)
    evidence.candidate = floors.isEmpty ? Bootstrap.median(second) : nil
    evidence.detail =
      "of \(rows.count) samples that both classify correctly, unbroken ones counted as \(cap.words)"
    if !floors.isEmpty { evidence.open = "the budget left \(floors.count) samples open" }
    return evidence
  }

  /// Of samples that the budget left open, the largest radius at which all attacks failed, or 0.
  private func openFloors(_ norm: Norm, _ radii: [Double]) -> [Int: Double] {
    var floors: [Int: Double] = [:]
    for (index, radius) in radii.enumerated() {
      for sample in robustnessAfter.unfinished(norm, within: radius) where floors[sample] == nil {
        floors[sample] = index == 0 ? 0 : radii[index - 1]
      }
    }
    return floors
  }

  // MARK: Predictions

  private typealias Statistic = ([Int]) -> Double?

  private func paired(
    _ gate: RegressionGate, _ bootstrap: PairedBootstrap, _ first: Statistic, _ second: Statistic
  ) throws(NotMeasured) -> GateEvidence {
    let distribution = bootstrap.distribution(count: count, purpose: gate.requirement) { indices in
      guard let new = second(indices) else { return nil }
      guard gate.isRelative else { return new }
      return first(indices).map { new - $0 }
    }
    guard let distribution else { throw NotMeasured(reason: "the measure is not defined") }
    var evidence = GateEvidence(distribution, gate, bootstrap)
    let all = Array(0..<count)
    (evidence.baseline, evidence.candidate) = (first(all), second(all))
    evidence.detail = "of \(count) samples"
    return evidence
  }

  private func groupGap(
    _ gate: RegressionGate, _ bootstrap: PairedBootstrap
  ) throws(NotMeasured) -> GateEvidence {
    let attribute = gate.group ?? ""
    guard before.contains(where: { $0.groups.contains { $0.name == attribute } }) else {
      let known = Set(before.flatMap { $0.groups.map(\.name) }).sorted()
      throw NotMeasured(
        reason: "the data have no protected attribute '\(attribute)' (known: "
          + "\(known.isEmpty ? "none" : known.joined(separator: ", ")))")
    }
    return try paired(
      gate, bootstrap, GroupGap(before, attribute).largest, GroupGap(after, attribute).largest)
  }

  // MARK: Explanations

  private func explanationDrift(
    _ gate: RegressionGate, _ bootstrap: PairedBootstrap
  ) throws(NotMeasured) -> GateEvidence {
    let method = gate.method ?? ""
    func explained(_ record: AuditRecord) -> [Int: ExplanationFinding] {
      Dictionary(
        record.explanations.filter { $0.method == method }.map { ($0.sample, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    let (old, new) = (explained(baseline), explained(candidate))
    guard !old.isEmpty else {
      throw NotMeasured(reason: "the baseline holds no explanations by \(method)")
    }
    let agreements = old.keys.sorted().compactMap { sample -> Double? in
      guard let first = old[sample], let second = new[sample], first.target == second.target,
        first.parameters == second.parameters
      else { return nil }
      return AttributionShift(
        clean: first.attributions.doubles, attacked: second.attributions.doubles
      ).rankCorrelation
    }
    let distribution = bootstrap.distribution(
      count: agreements.count, purpose: gate.requirement
    ) { indices in
      indices.isEmpty
        ? nil : indices.reduce(0) { $0 + agreements[$1] } / Double(indices.count)
    }
    guard let distribution else {
      throw NotMeasured(reason: "no explanation of both versions can be ranked")
    }
    var evidence = GateEvidence(distribution, gate, bootstrap)
    evidence.candidate = distribution.value
    evidence.detail = "mean rank correlation over \(agreements.count) explained samples"
    return evidence
  }
}
