import Audits
public import Checks

/// A check as JUnit XML, which continuous-integration services show as tests.
///
/// The suite "gates" has a case a gate: a failure or a skipped case exactly where the gate makes the
/// check fail or leaves it inconclusive. What was replayed is no requirement, so that the cases of
/// the suite "replay" pass and list their samples. In "soundness" an exhausted budget and every veto
/// are skipped: they say what is not known. A passed check thus has no failure, a failed one has.
public struct CheckJUnit: Hashable, Sendable {
  public var check: CheckRecord

  public init(_ check: CheckRecord) { self.check = check }

  /// How many samples a case lists.
  static let listedSamples = 50

  /// The XML text in UTF-8, ending in a newline.
  public func encoded() -> [UInt8] {
    let check = check.displayed
    let suites = [gates(check), replay(check), soundness(check)]
    let all = JUnitSuite(name: "all", cases: suites.flatMap(\.cases))
    let title = "\(check.candidate.name) against \(check.baseline.name)"
    let text: Markup = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="\(title)" \(all.counts)>
      \(suites.map { $0.markup(started: check.candidate.started, properties(check)) })
      </testsuites>

      """
    return Array(text.source.utf8)
  }

  private func gates(_ check: CheckRecord) -> JUnitSuite {
    let cases = check.gates.map { gate -> JUnitCase in
      let text = GateText(gate)
      let measured =
        "baseline \(text.baseline), candidate \(text.candidate), judged \(text.judged)"
      return switch gate.outcome {
      case .failed:
        JUnitCase(
          gate.requirement, .failed("\(text.verdict): \(gate.reason)", details: measured))
      case .inconclusive: JUnitCase(gate.requirement, .skipped("\(text.verdict): \(gate.reason)"))
      case .passed:
        JUnitCase(gate.requirement, .passed("\(text.verdict): \(gate.reason); \(measured)"))
      }
    }
    return JUnitSuite(name: "gates", cases: cases)
  }

  private func replay(_ check: CheckRecord) -> JUnitSuite {
    let cases = check.replay.flatMap { group in
      ReplayCase.Outcome.allCases.map { outcome -> JUnitCase in
        let samples = group.cases.filter { $0.outcome == outcome }.map { broken in
          "\(broken.name) (sample \(broken.sample))"
        }
        let count = NumberText.count(samples.count)
        return JUnitCase(
          "\(group.norm.symbol): \(count) \(outcome.rawValue)",
          .passed(DisplayText.list(samples, limit: Self.listedSamples)))
      }
    }
    return JUnitSuite(name: "replay", cases: cases)
  }

  private func soundness(_ check: CheckRecord) -> JUnitSuite {
    let budget = JUnitCase(
      "the budget sufficed",
      check.budget.exhaustionSentence.map { .skipped($0) } ?? .passed(check.budget.useSentence))
    let vetoes = check.warnings.filter(\.isVeto).map { warning in
      JUnitCase("no veto: \(warning.name)", .skipped("\(warning.raised) \(warning.suggestion)"))
    }
    return JUnitSuite(name: "soundness", cases: [budget] + vetoes)
  }

  private func properties(_ check: CheckRecord) -> Markup {
    """
    <properties>
    <property name="baseline.run" value="\(check.baseline.run)"/>
    <property name="baseline.sha256" value="\(check.baseline.sha256)"/>
    <property name="candidate.run" value="\(check.candidate.run)"/>
    <property name="candidate.sha256" value="\(check.candidate.sha256)"/>
    <property name="data" value="\(check.data)"/>
    <property name="seed" value="\(String(check.seed))"/>
    </properties>
    """
  }
}

extension CheckRecord {
  /// The check as JUnit XML.
  public var junit: CheckJUnit { CheckJUnit(self) }
}
