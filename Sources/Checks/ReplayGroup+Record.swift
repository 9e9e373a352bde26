import Audits
import Tensors

extension ReplayGroup {
  /// What the bank's examples did to a candidate that was asked about them again.
  static func all(of bank: AdversarialBank, _ candidate: AuditRecord) -> [ReplayGroup] {
    let replays = candidate.attacks.filter(\.isReplay)
    let predictions = Dictionary(
      candidate.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    return replays.map { replay in
      let found = Dictionary(
        grouping: candidate.findings.filter { $0.attack == replay.id }, by: \.sample)
      let examples = Dictionary(
        grouping: bank.examples.filter { $0.norm == replay.norm }, by: \.sample)
      let cases = found.keys.sorted().compactMap { sample -> ReplayCase? in
        guard let prediction = predictions[sample], let known = examples[sample]?.first,
          let finding = found[sample]?.nearest
        else { return nil }
        return ReplayCase(prediction, known, finding)
      }
      return ReplayGroup(norm: replay.norm, cases: cases)
    }
  }
}

extension ReplayCase {
  fileprivate init(
    _ prediction: PredictionFinding, _ known: BankExample, _ finding: AttackFinding
  ) {
    let outcome: Outcome =
      switch (known.fools, finding.outcome == .broken) {
      case (true, true): .transferred
      case (true, false): .fixed
      case (false, true): .newlyBroken
      case (false, false): .withstood
      }
    self.init(
      sample: prediction.sample, name: prediction.name, label: prediction.label,
      outcome: outcome, distance: known.distance, attack: known.attack, model: known.model,
      predicted: finding.predicted)
  }
}

extension [AttackFinding] {
  /// The break at the smallest radius; where there is none, the last that was tried.
  fileprivate var nearest: AttackFinding? {
    let ascending = sorted { $0.epsilon < $1.epsilon }
    return ascending.first { $0.outcome == .broken } ?? ascending.last
  }
}
