/// Where in a repository the results of a check belong.
public struct CheckLocations: Hashable, Sendable {
  /// The configuration of the check, a path from the repository's root; empty where there is none.
  public var configurationFile: String
  /// The candidate's file, a path from the repository's root.
  public var modelFile: String
  /// The line of each gate in the configuration, in the order of the record; nil where unknown.
  public var gateLines: [Int?]

  /// - Precondition: the model file has a name, and lines count from 1.
  public init(configurationFile: String, modelFile: String, gateLines: [Int?] = []) {
    precondition(!modelFile.isEmpty, "expected the path of a model file, got an empty one")
    precondition(
      gateLines.allSatisfy { $0.map { $0 > 0 } ?? true }, "expected lines from 1, got \(gateLines)")
    self.configurationFile = Self.fromRoot(configurationFile)
    self.modelFile = Self.fromRoot(modelFile)
    self.gateLines = gateLines
  }

  /// Services compare paths as texts, so that "./a" must be "a".
  private static func fromRoot(_ path: String) -> String {
    path.hasPrefix("./") ? String(path.dropFirst(2)) : path
  }

  /// A file, and a line of it where one is known.
  struct Place: Hashable, Sendable {
    var file: String
    var line: Int?
  }

  /// Where a gate is stated, or else the model that it is about.
  func place(ofGate index: Int) -> Place {
    guard !configurationFile.isEmpty else { return model }
    let line = gateLines.indices.contains(index) ? gateLines[index] : nil
    return Place(file: configurationFile, line: line)
  }

  /// What everything that is no gate is about.
  var model: Place { Place(file: modelFile, line: nil) }
}
