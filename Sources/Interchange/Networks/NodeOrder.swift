/// The nodes of a graph that some values depend on, each after those that it needs.
struct NodeOrder {
  private(set) var nodes: [Int] = []

  private enum Mark { case open, done }

  /// - Parameters:
  ///   - makes: The values that each node makes.
  ///   - needs: The values that a node needs, in the order in which they should be made.
  ///   - outputs: The values that are wanted.
  ///   - format: The format of the file, for errors.
  ///   - isKnown: Whether a value exists already.
  /// - Throws: `InterchangeError.Fact` if a value is made twice, never, or from itself.
  init(
    makes: [[String]], needs: (Int, (String) -> Bool) -> [String], for outputs: [String],
    format: String, isKnown: (String) -> Bool
  ) throws {
    func damaged(_ reason: String) -> InterchangeError.Fact {
      .damaged(format: format, reason)
    }
    var makers: [String: Int] = [:]
    for (index, names) in makes.enumerated() {
      for name in names where !name.isEmpty {
        guard makers.updateValue(index, forKey: name) == nil else {
          throw damaged("two nodes make the value '\(name)'")
        }
      }
    }
    var marks = [Mark?](repeating: nil, count: makes.count)
    // A stack of its own: a chain of nodes may be longer than the program's stack is deep.
    var stack: [(node: Int, needs: [String])] = []
    func open(_ name: String) throws {
      guard let maker = makers[name] else {
        if isKnown(name) { return }
        throw damaged("nothing makes the value '\(name)'")
      }
      switch marks[maker] {
      case .done: return
      case .open: throw damaged("the value '\(name)' depends on itself")
      case nil:
        marks[maker] = .open
        stack.append((maker, needs(maker) { makers[$0] != nil }.reversed()))
      }
    }
    for output in outputs {
      try open(output)
      while let top = stack.last {
        if let next = top.needs.last {
          stack[stack.count - 1].needs.removeLast()
          try open(next)
        } else {
          stack.removeLast()
          marks[top.node] = .done
          nodes.append(top.node)
        }
      }
    }
  }
}
