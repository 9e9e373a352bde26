/// A test case of a JUnit file.
struct JUnitCase: Hashable, Sendable {
  enum Outcome: Hashable, Sendable {
    /// What a reader who opens the case sees.
    case passed(_ output: String)
    case failed(_ message: String, details: String)
    case skipped(_ message: String)
  }

  var name: String
  var outcome: Outcome

  init(_ name: String, _ outcome: Outcome) {
    self.name = name
    self.outcome = outcome
  }

  func markup(in suite: String) -> Markup {
    let body: Markup =
      switch outcome {
      case .passed(let output): output.isEmpty ? .empty : "<system-out>\(output)</system-out>"
      case .failed(let message, let details):
        "<failure message=\"\(message)\">\(details)</failure>"
      case .skipped(let message): "<skipped message=\"\(message)\"/>"
      }
    return "<testcase classname=\"\(suite)\" name=\"\(name)\">\(body)</testcase>"
  }
}

/// A suite of a JUnit file; its counts are those of its cases.
struct JUnitSuite: Hashable, Sendable {
  var name: String
  var cases: [JUnitCase]

  /// The numbers that JUnit wants on every suite, as attributes.
  var counts: Markup {
    let failures = cases.count { if case .failed = $0.outcome { true } else { false } }
    let skipped = cases.count { if case .skipped = $0.outcome { true } else { false } }
    return """
      tests="\(cases.count)" failures="\(failures)" errors="0" skipped="\(skipped)"
      """
  }

  func markup(started: String, _ properties: Markup) -> Markup {
    """
    <testsuite name="\(name)" \(counts) timestamp="\(started)">
    \(properties)
    \(cases.map { $0.markup(in: name) })
    </testsuite>
    """
  }
}
