import Attacks
public import Tensors

/// An input that fooled a model once.
public struct BankExample: Codable, Hashable, Sendable {
  /// The sample that it was made from.
  public var sample: Int
  public var norm: Norm
  /// How far it is from the sample, in the norm and the scale of the attack.
  public var distance: Double
  /// What distances are measured in.
  public var scale: String
  /// The raw input.
  public var perturbed: Tensor
  /// The id of the attack that found it.
  public var attack: String
  /// The model that it fooled first: its name and the SHA-256 of its file.
  public var model: String
  public var modelSHA256: String
  /// Whether it, or another of the sample's under the norm, fools the model the bank belongs to.
  public var fools: Bool

  public init(
    sample: Int, norm: Norm, distance: Double, scale: String, perturbed: Tensor, attack: String,
    model: String, modelSHA256: String, fools: Bool
  ) {
    self.sample = sample
    self.norm = norm
    self.distance = distance
    self.scale = scale
    self.perturbed = perturbed
    self.attack = attack
    self.model = model
    self.modelSHA256 = modelSHA256
    self.fools = fools
  }
}

/// The adversarial examples that audits of one model and of its predecessors found.
///
/// Of each sample, norm and model the nearest is kept, and no input twice.
public struct AdversarialBank: Hashable, Sendable {
  /// By sample, norm and distance.
  public let examples: [BankExample]

  public init(_ examples: [BankExample]) {
    struct Origin: Hashable {
      let sample: Int
      let norm: Norm
      let model: String
    }
    struct Input: Hashable {
      let sample: Int
      let norm: Norm
      let perturbed: Tensor
    }
    var origins: Set<Origin> = []
    var inputs: Set<Input> = []
    self.examples = examples.sorted { $0.order < $1.order }.filter { example in
      let input = Input(
        sample: example.sample, norm: example.norm, perturbed: example.perturbed)
      let origin = Origin(
        sample: example.sample, norm: example.norm, model: example.modelSHA256)
      guard !inputs.contains(input), origins.insert(origin).inserted else { return false }
      return inputs.insert(input).inserted
    }
  }

  /// What an audit found, together with what was known before.
  ///
  /// - Parameters:
  ///   - record: The audit, which replayed the known examples.
  ///   - known: The bank that it replayed; empty where there was none.
  public init(_ record: AuditRecord, known: AdversarialBank = AdversarialBank([])) {
    let attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let found = record.findings.compactMap { finding -> BankExample? in
      guard let attack = attacks[finding.attack], !attack.isProbe, !attack.isReplay,
        finding.outcome == .broken, let perturbed = finding.perturbed
      else { return nil }
      return BankExample(
        sample: finding.sample, norm: attack.norm, distance: finding.distance,
        scale: attack.scale, perturbed: perturbed, attack: attack.id, model: record.model.name,
        modelSHA256: record.model.sha256, fools: true)
    }
    let fooled = record.replayed
    self.init(
      found
        + known.examples.map { example in
          var example = example
          example.fools = fooled.contains(
            ReplayedSample(sample: example.sample, norm: example.norm))
          return example
        })
  }

  /// The attack that asks about the examples of one norm again.
  ///
  /// - Parameters:
  ///   - threat: The norm with the radii that are tried.
  ///   - input: What encodes the raw inputs.
  /// - Returns: The attack; nil where the bank has no example that is measured so.
  func replay(under threat: AuditPlan.Threat, of input: InputSpecification) -> Replay? {
    let members = examples.filter {
      $0.norm == threat.norm && $0.scale == threat.scale.words
    }
    guard !members.isEmpty else { return nil }
    let bySample = Dictionary(grouping: members, by: \.sample).mapValues { examples in
      examples.map { example in
        let raw = example.perturbed.reshaped(to: [1] + example.perturbed.shape)
        return Replay.Example(
          perturbed: input.encoded(raw).row(0), distance: example.distance)
      }
    }
    return Replay(bySample, radii: threat.epsilons)
  }
}

extension BankExample {
  fileprivate var order: (Int, String, Double, String, String) {
    (sample, norm.rawValue, distance, modelSHA256, attack)
  }
}

/// A sample that known examples of a norm fool.
package struct ReplayedSample: Hashable, Sendable {
  package let sample: Int
  package let norm: Norm

  package init(sample: Int, norm: Norm) {
    self.sample = sample
    self.norm = norm
  }
}

extension AuditRecord {
  /// The samples that a known example fooled.
  package var replayed: Set<ReplayedSample> {
    let replays = Dictionary(
      attacks.filter(\.isReplay).map { ($0.id, $0.norm) },
      uniquingKeysWith: { first, _ in first })
    return Set(
      findings.compactMap { finding in
        guard finding.outcome == .broken, let norm = replays[finding.attack] else { return nil }
        return ReplayedSample(sample: finding.sample, norm: norm)
      })
  }
}

extension AttackDescription {
  /// Whether the attack only asks about known examples again.
  public var isReplay: Bool { method == Replay.name }
}
