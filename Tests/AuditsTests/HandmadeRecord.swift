import Audits
import Models
import Tensors

/// Records of audits that are written down by hand, for what is computed from them.
enum HandmadeRecord {
  /// All samples survive "fgsm", and all but the first few "square".
  static func record(
    missed: Int = 0, count: Int, feature: Feature = Feature(name: "x"), features: Int = 1
  ) -> AuditRecord {
    var record = AuditRecord(
      run: RunDescription(
        id: "0", title: "", started: "", command: "", seed: 0, suiteName: "", suiteText: "",
        environment: []),
      model: ModelDescription(
        name: "", sha256: "", programText: "", parameterCount: 0, classNames: ["a", "b"],
        input: .table(Array(repeating: feature, count: features)), trainingRecord: ""),
      data: DataDescription(
        name: "", sha256: [], selection: "", sampleCount: count, classCounts: []))
    record.attacks = [
      description("fgsm/linf", isWhiteBox: true), description("square/linf", isWhiteBox: false),
    ]
    record.predictions = (0..<count).map {
      PredictionFinding(
        sample: $0, name: "", label: 0, predicted: 0, probabilities: [1, 0],
        input: Tensor([0] as [Float]))
    }
    record.findings =
      (0..<count).map { finding($0, "fgsm/linf", .survived) }
      + (0..<count).map { finding($0, "square/linf", $0 < missed ? .broken : .survived) }
    return record
  }

  static func description(_ id: String, isWhiteBox: Bool) -> AttackDescription {
    AttackDescription(
      id: id, method: String(id.prefix { $0 != "/" }), norm: .linf, epsilons: [0.1],
      scale: "input units", goal: "untargeted", parameters: [], isWhiteBox: isWhiteBox,
      isControl: !isWhiteBox)
  }

  static func finding(
    _ sample: Int, _ attack: String, _ outcome: AttackFinding.Outcome
  ) -> AttackFinding {
    AttackFinding(
      sample: sample, attack: attack, epsilon: 0.1, outcome: outcome, distance: 0.1,
      predicted: 0, probabilities: [1, 0])
  }
}
