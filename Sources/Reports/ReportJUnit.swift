public import Audits

/// The gates as JUnit XML, which continuous-integration services show as tests.
///
/// A record is a test suite, a gate a test case. A failed gate is a failure, an inconclusive or
/// unmeasured one is skipped, with its reason. An audit that was not completed has an error.
public struct ReportJUnit: Hashable, Sendable {
  public var title: String
  public var records: [AuditRecord]

  public init(title: String, records: [AuditRecord]) {
    self.title = title
    self.records = records
  }

  /// The XML text in UTF-8, ending in a newline.
  public func encoded() -> [UInt8] {
    let suites = zip(ReportDocument.names(of: records), records).map { suite($0, $1) }
    let counts = records.reduce(Counts()) { $0 + Counts($1) }
    let text: Markup = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="\(title)" \(counts.attributes)>
      \(suites)
      </testsuites>

      """
    return Array(text.source.utf8)
  }

  private func suite(_ name: String, _ record: AuditRecord) -> Markup {
    let group = "\(record.data.name): \(name)"
    var cases = record.gates.map { testCase($0, group) }
    if !record.run.isComplete { cases.append(incomplete(group)) }
    return """
      <testsuite name="\(group)" \(Counts(record).attributes) timestamp="\(record.run.started)">
      <properties>
      <property name="run" value="\(record.run.id)"/>
      <property name="model.sha256" value="\(record.model.sha256)"/>
      <property name="suite" value="\(record.run.suiteName)"/>
      <property name="seed" value="\(String(record.run.seed))"/>
      </properties>
      \(cases)
      </testsuite>
      """
  }

  private func testCase(_ gate: GateResult, _ group: String) -> Markup {
    let outcome: Markup =
      switch gate.verdict {
      case .passed: .empty
      case .failed: "<failure message=\"\(gate.reason)\">\(measured(gate))</failure>"
      case .inconclusive, .notMeasured:
        "<skipped message=\"\(gate.verdict.rawValue): \(gate.reason)\"/>"
      }
    return """
      <testcase classname="\(group)" name="\(gate.requirement)">\(outcome)</testcase>
      """
  }

  private func measured(_ gate: GateResult) -> String {
    let estimate = Estimate(gate)
    let interval = estimate.interval.map { " (\($0))" } ?? ""
    let sign = gate.isAtLeast ? "≥" : "≤"
    return
      "measured \(estimate.text)\(interval), required \(sign) \(NumberText.plain(gate.threshold))"
  }

  private func incomplete(_ group: String) -> Markup {
    """
    <testcase classname="\(group)" name="the audit is complete">\
    <error message="The audit was stopped before its end."/></testcase>
    """
  }

  /// The numbers that JUnit wants on every suite.
  private struct Counts {
    var tests = 0
    var failures = 0
    var skipped = 0
    var errors = 0

    init() {}

    init(_ record: AuditRecord) {
      errors = record.run.isComplete ? 0 : 1
      tests = record.gates.count + errors
      failures = record.gates.count { $0.verdict == .failed }
      skipped = record.gates.count { $0.verdict == .inconclusive || $0.verdict == .notMeasured }
    }

    static func + (left: Counts, right: Counts) -> Counts {
      var sum = left
      sum.tests += right.tests
      sum.failures += right.failures
      sum.skipped += right.skipped
      sum.errors += right.errors
      return sum
    }

    var attributes: Markup {
      """
      tests="\(tests)" failures="\(failures)" errors="\(errors)" skipped="\(skipped)"
      """
    }
  }
}

extension ReportDocument {
  /// The gates as JUnit XML.
  public var junit: ReportJUnit { ReportJUnit(title: title, records: records) }
}
