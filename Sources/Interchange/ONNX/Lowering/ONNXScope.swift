import Programs

/// The values of a graph by name; a subgraph sees those of the graphs around it.
final class ONNXScope {
  enum Entry {
    case operand(Operand)
    /// A value that exists in the file, but not for Assay, with the reason.
    case unavailable(String)
  }

  let parent: ONNXScope?
  /// The versions of the operators by domain: those of a function may differ from the model's.
  let opsets: [String: Int]
  private var entries: [String: Entry] = [:]

  init(parent: ONNXScope? = nil, opsets: [String: Int]) {
    self.parent = parent
    self.opsets = opsets
  }

  /// A scope within this one.
  func nested() -> ONNXScope { ONNXScope(parent: self, opsets: opsets) }

  subscript(name: String) -> Entry? {
    get {
      var scope: ONNXScope? = self
      while let current = scope {
        if let entry = current.entries[name] { return entry }
        scope = current.parent
      }
      return nil
    }
    set { entries[name] = newValue }
  }

  func define(_ name: String, _ operand: Operand) { entries[name] = .operand(operand) }

  func opset(of domain: String) -> Int? {
    let domain = domain == "ai.onnx" ? "" : domain
    return opsets[domain]
  }
}

extension [ONNXOperatorSet] {
  /// The largest version of each domain.
  var byDomain: [String: Int] {
    reduce(into: [:]) { result, entry in
      let domain = entry.domain == "ai.onnx" ? "" : entry.domain
      result[domain] = Swift.max(result[domain] ?? 0, Int(clamping: entry.version))
    }
  }
}
