public import Audits
import Models
import Statistics

/// Holds a candidate's audit against a baseline's and decides every gate.
///
/// A gate fails if it can be ruled out, with the gate's confidence after Holm's correction over all
/// gates, that its requirement is met; it passes if it can be ruled out that it is not. Between the
/// two it is inconclusive. Samples that the budget left open count in the candidate's favour where
/// it might fail and against it where it might pass.
public struct CheckJudge: Sendable {
  let baseline: Baseline
  let configuration: CheckConfiguration
  private let bootstrap: PairedBootstrap

  public init(_ baseline: Baseline, _ configuration: CheckConfiguration) {
    self.baseline = baseline
    self.configuration = configuration
    bootstrap = PairedBootstrap(seed: configuration.seed)
  }

  /// The verdicts on all gates, in their order.
  ///
  /// - Precondition: both records are about the same samples.
  func gates(_ candidate: AuditRecord) -> [CheckedGate] {
    let versions = PairedVersions(baseline.record, candidate)
    let found = configuration.gates.map { gate in
      Result { () throws(NotMeasured) in try versions.evidence(for: gate, bootstrap) }
    }
    var adjusted = HolmCorrection.adjusted(found.compactMap(\.evidence?.failureProbability))[...]
    let vetoes = candidate.warnings.filter(\.isVeto).map(\.name)
    return zip(configuration.gates, found).map { gate, result in
      switch result {
      case .success(let evidence):
        GateDecision(gate, evidence, adjusted: adjusted.removeFirst(), vetoes: vetoes).checked
      case .failure(let error): CheckedGate(gate, error)
      }
    }
  }

  /// The whole result of a check.
  ///
  /// - Precondition: both records are about the same samples.
  public func record(_ candidate: AuditRecord) -> CheckRecord {
    CheckRecord(
      baseline: CheckedModel(baseline.record), candidate: CheckedModel(candidate),
      data: candidate.data.name, selection: candidate.data.selection,
      sampleCount: candidate.predictions.count, classNames: candidate.model.classNames,
      input: candidate.model.input, seed: candidate.run.seed,
      replay: ReplayGroup.all(of: baseline.bank, candidate), budget: budget(candidate),
      gates: gates(candidate), warnings: candidate.warnings,
      worst: WorstCase.all(baseline.record, candidate, limit: 3))
  }

  private func budget(_ candidate: AuditRecord) -> BudgetUse {
    let robustness = Robustness(candidate)
    let unfinished = robustness.norms.flatMap { norm in
      robustness.epsilons(norm).compactMap { epsilon -> BudgetUse.Unfinished? in
        let samples = robustness.unfinished(norm, within: epsilon)
        return samples.isEmpty
          ? nil : BudgetUse.Unfinished(norm: norm, epsilon: epsilon, samples: samples)
      }
    }
    return BudgetUse(
      limit: configuration.budget?.words ?? "none",
      forwardPasses: candidate.findings.reduce(0) { $0 + $1.passes.forward },
      backwardPasses: candidate.findings.reduce(0) { $0 + $1.passes.backward },
      unfinished: unfinished)
  }
}

extension Result<GateEvidence, NotMeasured> {
  fileprivate var evidence: GateEvidence? {
    switch self {
    case .success(let evidence): evidence
    case .failure: nil
    }
  }
}

extension CheckedGate {
  fileprivate init(_ gate: RegressionGate, _ error: NotMeasured) {
    self.init(
      requirement: gate.requirement, kind: gate.kind.rawValue, norm: gate.norm,
      epsilon: gate.epsilon, group: gate.group ?? gate.method ?? "", verdict: .notMeasured,
      threshold: gate.threshold, isAtLeast: gate.isAtLeast, isRelative: gate.isRelative,
      isFraction: gate.isFraction,
      confidence: gate.confidence, count: 0, meaning: gate.meaning, reason: error.reason)
  }
}

/// What an earlier version's audit found, and the adversarial examples known by then.
public struct Baseline: Hashable, Sendable {
  public var record: AuditRecord
  public var bank: AdversarialBank

  public init(record: AuditRecord, bank: AdversarialBank) {
    self.record = record
    self.bank = bank
  }
}
