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
  private(set) var calls: [KerasCallKey] = []
  private let indices: [String: Int]

  private enum Mark { case open, done }

  /// - Parameters:
  ///   - network: The network.
  ///   - isKnown: Whether the results of a call exist already.
  /// - Throws: `InterchangeError.Fact` if a result is made by no call, or from itself.
  init(_ network: KerasNetwork, isKnown: (KerasCallKey) -> Bool) throws {
    indices = Dictionary(
      uniqueKeysWithValues: network.layers.enumerated().map { ($1.name, $0) })
    var marks: [KerasCallKey: Mark] = [:]
    // A stack of its own: a chain of layers may be longer than the program's stack is deep.
    var stack: [(key: KerasCallKey, needs: [KerasCallKey])] = []
    func open(_ key: KerasCallKey) throws {
      guard !isKnown(key), marks[key] != .done else { return }
      guard marks[key] == nil else { throw Self.damaged(key, "depends on itself") }
      guard let index = indices[key.layer],
        network.layers[index].calls.indices.contains(key.call)
      else { throw Self.damaged(key, "is needed, but nothing calls it so often") }
      marks[key] = .open
      let needs = network.layers[index].calls[key.call].references.map(KerasCallKey.init)
      stack.append((key, needs.reversed()))
    }
    for output in network.outputs {
      try open(KerasCallKey(output))
      while let top = stack.last {
        if let next = top.needs.last {
          stack[stack.count - 1].needs.removeLast()
          try open(next)
        } else {
          stack.removeLast()
          marks[top.key] = .done
          calls.append(top.key)
        }
      }
    }
  }

  /// The position of a call's layer in the network.
  func index(of key: KerasCallKey) -> Int { indices[key.layer] ?? 0 }

  private static func damaged(_ key: KerasCallKey, _ reason: String) -> InterchangeError.Fact {
    .damaged(format: "Keras", "call \(key.call) of the layer '\(key.layer)' \(reason)")
  }
}
