/// One call of a layer.
struct KerasCallKey: Hashable {
  let layer: String
  let call: Int

  init(layer: String, call: Int) {
    self.layer = layer
    self.call = call
  }

  init(_ reference: KerasReference) {
    self.init(layer: reference.layer, call: reference.call)
  }
}

/// The calls that a network's outputs depend on, each after those that it needs.
struct KerasOrder {
  let calls: [KerasCallKey]
  private let indices: [String: Int]

  /// - Parameters:
  ///   - network: The network.
  ///   - isKnown: Whether the results of a call exist already.
  /// - Throws: `InterchangeError.Fact` if a result is made by no call, or from itself.
  init(_ network: KerasNetwork, isKnown: (KerasCallKey) -> Bool) throws {
    let indices = Dictionary(
      uniqueKeysWithValues: network.layers.enumerated().map { ($1.name, $0) })
    self.indices = indices
    /// The calls that make values which do not exist already.
    func missing(_ references: [KerasReference]) -> [KerasCallKey] {
      references.map(KerasCallKey.init).filter { !isKnown($0) }
    }
    calls = try DependencyOrder(
      for: missing(network.outputs),
      needs: { key in
        guard let index = indices[key.layer],
          network.layers[index].calls.indices.contains(key.call)
        else { throw Self.damaged(key, "is needed, but nothing calls it so often") }
        return missing(network.layers[index].calls[key.call].references)
      },
      cycle: { Self.damaged($0, "depends on itself") }
    ).keys
  }

  /// The position of a call's layer in the network.
  func index(of key: KerasCallKey) -> Int { indices[key.layer] ?? 0 }

  private static func damaged(_ key: KerasCallKey, _ reason: String) -> InterchangeError.Fact {
    .damaged(format: "Keras", "call \(key.call) of the layer '\(key.layer)' \(reason)")
  }
}
