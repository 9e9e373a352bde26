/// The things that some others depend on, each after those that it needs.
struct DependencyOrder<Key: Hashable> {
  private(set) var keys: [Key] = []

  private enum Mark { case open, done }

  /// - Parameters:
  ///   - wanted: What is wanted, in the order in which it should come.
  ///   - needs: What a thing needs, in the order in which that should come.
  ///   - cycle: The error for a thing that depends on itself.
  /// - Throws: That error, or what `needs` throws.
  init(for wanted: [Key], needs: (Key) throws -> [Key], cycle: (Key) -> any Error) throws {
    var marks: [Key: Mark] = [:]
    // A stack of its own: a chain may be longer than the program's stack is deep.
    var stack: [(key: Key, needs: [Key])] = []
    func open(_ key: Key) throws {
      switch marks[key] {
      case .done: return
      case .open: throw cycle(key)
      case nil:
        let needed = try needs(key)
        marks[key] = .open
        stack.append((key, needed.reversed()))
      }
    }
    for key in wanted {
      try open(key)
      while let top = stack.last {
        if let next = top.needs.last {
          stack[stack.count - 1].needs.removeLast()
          try open(next)
        } else {
          stack.removeLast()
          marks[top.key] = .done
          keys.append(top.key)
        }
      }
    }
  }
}
