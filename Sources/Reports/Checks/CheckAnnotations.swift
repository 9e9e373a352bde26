import Audits
public import Checks

/// A check as workflow commands of GitHub Actions, which become annotations of a pull request.
///
///     ::error file=assay.yaml,line=12,title=Gate failed::robust accuracy at L∞ 0.1 …
///
/// The levels are those of `CheckSARIF`. GitHub shows ten annotations of each level a step; where
/// there are more, the tenth says how many.
public struct CheckAnnotations: Hashable, Sendable {
  public var check: CheckRecord
  public var locations: CheckLocations

  public init(_ check: CheckRecord, locations: CheckLocations) {
    self.check = check
    self.locations = locations
  }

  /// How many annotations of one level GitHub shows.
  static let limit = 10

  /// The commands in UTF-8, a line each.
  public func encoded() -> [UInt8] { Array(text.utf8) }

  /// The commands, a line each: for the program's standard output.
  public var text: String {
    let check = check.displayed
    let commands = gates(check) + soundness(check) + replay(check) + [summary(check)]
    return Command.Level.allCases.flatMap { level in
      bounded(commands.filter { $0.level == level }, level)
    }
    .map { $0.line + "\n" }.joined()
  }

  private func bounded(_ commands: [Command], _ level: Command.Level) -> [Command] {
    guard commands.count > Self.limit else { return commands }
    let shown = commands.prefix(Self.limit - 1)
    let rest = NumberText.count(commands.count - shown.count)
    return shown + [
      Command(level: level, title: "Assay", message: "\(rest) more: see the report of the check.")
    ]
  }

  private func gates(_ check: CheckRecord) -> [Command] {
    check.gates.enumerated().compactMap { index, gate in
      let level: Command.Level
      switch gate.outcome {
      case .failed: level = .error
      case .inconclusive: level = .warning
      case .passed:
        if gate.verdict == .passed { return nil }
        level = .notice
      }
      return Command(
        level: level, place: locations.place(ofGate: index),
        title: "Gate \(GateText(gate).verdict)", message: "\(gate.requirement): \(gate.reason)")
    }
  }

  private func soundness(_ check: CheckRecord) -> [Command] {
    let exhausted = check.budget.exhaustionSentence.map { sentence in
      [Command(level: .warning, title: "Budget exhausted", message: sentence)]
    }
    return (exhausted ?? [])
      + check.warnings.map { warning in
        Command(
          level: warning.isVeto ? .warning : .notice, place: locations.model,
          title: warning.isVeto ? "Veto: \(warning.name)" : "Warning: \(warning.name)",
          message: "\(DisplayText.sentence(warning.raised)) \(warning.suggestion)")
      }
  }

  private func replay(_ check: CheckRecord) -> [Command] {
    check.replay.compactMap { group in
      let names = group.cases.filter { $0.outcome == .newlyBroken }.map(\.name)
      guard !names.isEmpty else { return nil }
      return Command(
        level: .notice, place: locations.model, title: "Newly broken samples",
        message: "\(group.norm.symbol): \(NumberText.count(names.count)) newly broken: "
          + DisplayText.list(names, limit: 10))
    }
  }

  private func summary(_ check: CheckRecord) -> Command {
    Command(level: .notice, title: "Assay", message: check.sentence)
  }
}

/// One workflow command; the one place where text is escaped for them.
private struct Command {
  enum Level: String, CaseIterable {
    case error, warning, notice
  }

  var level: Level
  var place: CheckLocations.Place?
  var title: String
  var message: String

  var line: String {
    var properties: [String] = []
    if let place {
      properties.append("file=\(Self.property(place.file))")
      if let line = place.line { properties.append("line=\(line)") }
    }
    properties.append("title=\(Self.property(title))")
    return
      "::\(level.rawValue) \(properties.joined(separator: ","))::\(Self.data(message))"
  }

  /// Message text: what would end the line is encoded, and what encodes.
  static func data(_ text: String) -> String {
    encoded(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  /// A property's value: besides, what ends a property or all of them.
  static func property(_ text: String) -> String {
    encoded(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  /// Scalar by scalar, as a carriage return and a newline are one character.
  private static func encoded(_ text: String, _ codes: [Unicode.Scalar: String]) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      if let code = codes[scalar] { result += code } else { result.unicodeScalars.append(scalar) }
    }
  }
}

extension CheckRecord {
  /// The check as workflow commands of GitHub Actions.
  public func annotations(locations: CheckLocations) -> CheckAnnotations {
    CheckAnnotations(self, locations: locations)
  }
}
