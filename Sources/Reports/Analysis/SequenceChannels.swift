import Tensors

/// The channels of a sequence before and after a change.
struct SequenceChannels: Sendable {
  /// One channel.
  struct Channel: Sendable {
    var index: Int
    var name: String
    var unit: String?
    var clean: [Double]
    var perturbed: [Double]
    /// The largest |change|.
    var change: Double
  }

  let channels: [Channel]

  init(_ clean: Tensor, _ perturbed: Tensor, _ specification: InputSpecification) {
    let length = clean.shape.dimensions.last ?? 0
    let before = clean.doubles
    let after = perturbed.doubles
    let count = specification.audited.shape.count
    channels = (0..<(length > 0 ? count / length : 0)).map { index in
      let range = index * length..<(index + 1) * length
      let feature =
        specification.features.indices.contains(index) ? specification.features[index] : nil
      return Channel(
        index: index, name: feature?.name ?? "channel \(index)", unit: feature?.unit,
        clean: Array(before[range]), perturbed: Array(after[range]),
        change: range.reduce(0) { max($0, abs(after[$1] - before[$1])) })
    }
  }

  /// The channels that were changed most, in their own order.
  func mostChanged(limit: Int) -> [Channel] {
    let chosen = channels.sorted { ($1.change, $0.index) < ($0.change, $1.index) }.prefix(limit)
    return chosen.sorted { $0.index < $1.index }
  }
}
