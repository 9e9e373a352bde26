package import Models
package import Tensors

/// Known adversarial examples, asked about again: what fooled one model may fool the next.
///
/// Every example is tried at the smallest radius that holds it, so that it is asked about once.
package struct Replay: BlackBoxAttack {
  package static let name = "replay"
  package static let summary = "adversarial examples that earlier audits found"
  package static var settingNames: [String] { CodingKeys.allCases.map(\.rawValue) }
  private enum CodingKeys: String, CodingKey, CaseIterable { case examples }

  /// A perturbed input, and how far it is from the sample that it was made from.
  package struct Example: Hashable, Sendable {
    /// Encoded, without the batch axis.
    package let perturbed: Tensor
    package let distance: Double

    package init(perturbed: Tensor, distance: Double) {
      self.perturbed = perturbed
      self.distance = distance
    }
  }

  /// By sample, nearest first.
  private let examples: [Int: [Example]]
  /// The radii that are tried, ascending.
  private let radii: [Double]

  package init() { self.init([:], radii: []) }

  package init(_ examples: [Int: [Example]], radii: [Double]) {
    self.examples = examples.mapValues { $0.sorted { $0.distance < $1.distance } }
    self.radii = radii.sorted()
  }

  /// An attack with its number of examples is no attack: they come from a bank.
  package init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "a replay is made from a bank"))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(examples.values.reduce(0) { $0 + $1.count }, forKey: .examples)
  }

  package func applies(to sample: Int, at epsilon: Double) -> Bool {
    !tried(for: sample, at: epsilon).isEmpty
  }

  package func perturbed(
    _ batch: AttackBatch, under threat: ThreatModel, querying model: any Classifier
  ) throws -> AttackProposal {
    var search = QuerySearch(batch, under: threat, querying: model)
    let tried = batch.samples.map { self.tried(for: $0, at: threat.epsilon) }
    let longest = tried.map(\.count).max() ?? 0
    for turn in 0..<longest where !search.isFinished {
      let points = tried.indices.map { row in
        tried[row].isEmpty
          ? batch.inputs.row(row) : tried[row][min(turn, tried[row].count - 1)].perturbed
      }
      try search.query(
        Tensor.concatenated(points.map { $0.reshaped(to: batch.inputs.shape.batched(1)) }))
    }
    return search.proposal()
  }

  /// The examples of a sample that this radius holds and no smaller one does.
  private func tried(for sample: Int, at epsilon: Double) -> [Example] {
    let smaller = radii.last { $0 < epsilon } ?? -.infinity
    return (examples[sample] ?? []).filter {
      Self.isWithin($0.distance, epsilon) && !Self.isWithin($0.distance, smaller)
    }
  }

  /// Distances are measured in double precision at points of single precision: a point on the
  /// surface may lie outside by its rounding.
  private static func isWithin(_ distance: Double, _ epsilon: Double) -> Bool {
    distance <= epsilon * (1 + ThreatModel.relativeTolerance)
  }
}
