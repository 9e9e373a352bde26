import Audits
public import Checks
import Crypto
import Tensors

/// A check as a SARIF log, which code scanning services show beside the code.
///
/// A gate that fails is an error, an inconclusive one a warning, an open one that counts as passed a
/// note; gates that hold are no results. A veto is a warning, another warning of the soundness checks
/// a note. Newly broken samples are notes: they are evidence, and no requirement. An exhausted budget
/// is a notification of the run. A passed check thus has no error, a failed one has.
public struct CheckSARIF: Hashable, Sendable {
  public var check: CheckRecord
  public var locations: CheckLocations
  /// The version of the program.
  public var toolVersion: String

  public init(_ check: CheckRecord, locations: CheckLocations, toolVersion: String) {
    self.check = check
    self.locations = locations
    self.toolVersion = toolVersion
  }

  /// How many newly broken samples have a result of their own.
  static let listedSamples = 50

  /// The JSON text in UTF-8, ending in a newline.
  ///
  /// - Throws: an error of the encoder.
  public func encoded() throws -> [UInt8] { try StableJSON.encoded(log) }

  var log: SARIFLog {
    let check = check.displayed
    let rules = CheckRules(check)
    var identities: [String: Int] = [:]
    let results = (gates(check) + warnings(check) + replay(check)).map { finding in
      // Findings that are otherwise alike are told apart by their number.
      let identity = finding.identity.joined(separator: "\u{1F}")
      identities[identity, default: 0] += 1
      return result(finding, rules, occurrence: identities[identity, default: 1])
    }
    let driver = SARIFLog.Driver(name: "Assay", version: toolVersion, rules: rules.all)
    let run = SARIFLog.Run(
      tool: SARIFLog.Tool(driver: driver), invocations: [invocation(check)], results: results)
    return SARIFLog(runs: [run])
  }

  /// What becomes a result.
  private struct Finding {
    var rule: String
    var level: SARIFLog.Level
    var message: String
    var place: CheckLocations.Place
    /// What stays the same from run to run, measured values excluded.
    var identity: [String]
  }

  private func gates(_ check: CheckRecord) -> [Finding] {
    check.gates.enumerated().compactMap { index, gate in
      guard let level = level(of: gate) else { return nil }
      let text = GateText(gate)
      return Finding(
        rule: CheckRules.id(gate), level: level,
        message: "\(gate.requirement): \(text.verdict). \(DisplayText.sentence(gate.reason)) "
          + "Baseline \(text.baseline), candidate \(text.candidate), judged \(text.judged).",
        place: locations.place(ofGate: index), identity: [CheckRules.id(gate), gate.requirement])
    }
  }

  private func level(of gate: CheckedGate) -> SARIFLog.Level? {
    switch gate.outcome {
    case .failed: .error
    case .inconclusive: .warning
    case .passed: gate.verdict == .passed ? nil : .note
    }
  }

  private func warnings(_ check: CheckRecord) -> [Finding] {
    check.warnings.map { warning in
      let parts = [warning.raised, warning.explanation, warning.suggestion]
      return Finding(
        rule: CheckRules.id(warning), level: warning.isVeto ? .warning : .note,
        message: "\(warning.name): "
          + parts.filter { !$0.isEmpty }.map(DisplayText.sentence).joined(separator: " "),
        place: locations.model, identity: [CheckRules.id(warning)])
    }
  }

  private func replay(_ check: CheckRecord) -> [Finding] {
    let all = check.newlyBroken
    func finding(_ message: String, _ identity: [String]) -> Finding {
      Finding(
        rule: CheckRules.newlyBroken, level: .note, message: message, place: locations.model,
        identity: [CheckRules.newlyBroken] + identity)
    }
    let listed = all.prefix(Self.listedSamples).map { norm, broken in
      finding(
        check.sentence(norm, broken), [norm.rawValue, "\(broken.sample)", broken.name, check.data])
    }
    let rest = all.count - listed.count
    guard rest > 0 else { return listed }
    let message =
      "\(NumberText.count(rest)) more of the replayed samples \(rest == 1 ? "is" : "are") newly "
      + "broken; the check's JSON lists every one."
    return listed + [finding(message, ["rest", check.data])]
  }

  private func result(
    _ finding: Finding, _ rules: CheckRules, occurrence: Int
  ) -> SARIFLog.Result {
    let identity = finding.identity.joined(separator: "\u{1F}")
    let hash = SHA256.hash(data: Array(identity.utf8)).prefix(16).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    let fingerprint = "\(hash):\(occurrence)"
    return SARIFLog.Result(
      ruleId: finding.rule, ruleIndex: rules.index(of: finding.rule), level: finding.level,
      message: SARIFLog.Text(finding.message), locations: [SARIFLog.Location(finding.place)],
      // GitHub compares results by this key alone, and would else hash a line that all share.
      partialFingerprints: [
        "assayFinding/v1": fingerprint, "primaryLocationLineHash": fingerprint,
      ])
  }

  private func invocation(_ check: CheckRecord) -> SARIFLog.Invocation {
    let exhausted = check.budget.exhaustionSentence.map { sentence in
      SARIFLog.Invocation.Notification(level: .warning, message: SARIFLog.Text(sentence))
    }
    return SARIFLog.Invocation(
      executionSuccessful: true, toolExecutionNotifications: exhausted.map { [$0] } ?? [])
  }
}

extension CheckRecord {
  /// The check as a SARIF log.
  public func sarif(locations: CheckLocations, toolVersion: String) -> CheckSARIF {
    CheckSARIF(self, locations: locations, toolVersion: toolVersion)
  }
}
