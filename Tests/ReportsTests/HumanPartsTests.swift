import Audits
import ConfigurationFiles
import Testing

@testable import Reports

@Suite("The parts that people write")
struct HumanPartsTests {
  @Test("The questions that are written down are read again as not answered, in every language")
  func scaffold() throws {
    for language in ReportLanguage.allCases {
      let text = try StatementScaffold.yaml(language: language)
      #expect(try HumanParts(yaml: text, file: "f.yaml").statements == [])
      #expect(text.hasSuffix("\n") && !text.contains("{"))
    }
  }

  @Test("A scaffold whose every key is answered leaves no question open")
  func roundTrip() throws {
    let empty = try StatementScaffold.yaml()
    var count = 0
    let lines = empty.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.contains(/^ +[a-z-]+:$/), !line.hasSuffix("register:") else { return String(line) }
      count += 1
      return "\(line) Answer \(count)"
    }
    let statements = try HumanParts(yaml: lines.joined(separator: "\n"), file: "f").statements
    let questions = HumanStatement.Subject.allCases.reduce(0) { $0 + $1.questions.count }
    #expect(statements.count == count && count == questions + RiskColumn.allCases.count)
    let answers = StatementAnswers(statements)
    for subject in HumanStatement.Subject.allCases { #expect(answers.open(subject) == []) }
    #expect(Set(statements.map(\.text)) == Set((1...count).map { "Answer \($0)" }))
  }

  @Test("Keys are the same in every language, questions are not")
  func keys() throws {
    let texts = try ReportLanguage.allCases.map { try StatementScaffold.yaml(language: $0) }
    let keys = texts.map { text in
      text.split(separator: "\n").filter { !$0.contains("#") }.map(String.init)
    }
    #expect(keys[0] == keys[1] && texts[0] != texts[1])
  }

  @Test("With profiles only what they ask for is required")
  func required() throws {
    let text = try StatementScaffold.yaml(profiles: [try .named("fda"), try .named("iso-24029")])
    func demand(_ name: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix("# \(name). ") }.map(String.init)
    }
    #expect(demand("Intended use") == "# Intended use. Required by FDA-1, FDA-2.")
    #expect(demand("Monitoring") == "# Monitoring. Required by FDA-8, ISO-2.")
    #expect(demand("Planned changes") == "# Planned changes. Required by FDA-9.")
    #expect(demand("Roles") == "# Roles. Not asked for by the chosen profiles.")
    #expect(try StatementScaffold.yaml().contains("# Roles. No profile was chosen."))
  }

  @Test("A profile's text cannot break out of a comment")
  func comments() throws {
    var profile = try ComplianceProfile.named("fda")
    profile.items[0].id = "X\nroles:\n  developer: somebody\r\u{2028}  contact: b"
    let text = try StatementScaffold.yaml(profiles: [profile])
    #expect(try HumanParts(yaml: text, file: "f").statements == [])
  }

  @Test("Blocks, lists and numbers are answers; rows without text are none")
  func values() throws {
    let text = """
      intended_use:
        users: |

          Officers.

          Their deputies.
        decision: [a, '', b]
        setting: 7
        people: ~
      risks:
        register:
          - {hazard: , cause: ''}
          - hazard: Wrong answer
            residual_risk: low
      """
    let statements = try HumanParts(yaml: text, file: "f").statements
    #expect(
      statements == [
        HumanStatement(
          subject: .intendedUse, question: "users", text: "Officers.\n\nTheir deputies."),
        HumanStatement(subject: .intendedUse, question: "decision", text: "a\n\nb"),
        HumanStatement(subject: .intendedUse, question: "setting", text: "7"),
        HumanStatement(subject: .risks, question: "register.1.hazard", text: "Wrong answer"),
        HumanStatement(subject: .risks, question: "register.1.residual-risk", text: "low"),
      ])
  }

  @Test("Mistakes are named with file, line and what was meant")
  func mistakes() {
    func message(_ yaml: String) -> String? {
      #expect(throws: ConfigurationError.self) { try HumanParts(yaml: yaml, file: "f.yaml") }
        .map { "\($0)" }
    }
    #expect(
      message("roles:\n  develper: x")
        == "f.yaml:2:3: unknown key 'develper'; did you mean 'developer'?")
    #expect(message("role:\n  x: y")?.hasPrefix("f.yaml:1:1: unknown key 'role'") == true)
    #expect(
      message("roles:\n  developer: {name: x}")?
        .hasPrefix("f.yaml:2:14: expected a text; put quotes around it, got a mapping") == true)
    #expect(message("roles: nobody")?.hasPrefix("f.yaml:1:8: expected a mapping") == true)
    #expect(message("roles:\n  contact: a\n  contact: b")?.contains("contact") == true)
    #expect(
      message("risks:\n  register:\n    - hazrd: x")?.contains("did you mean 'hazard'?") == true)
    #expect(throws: ConfigurationError.self) { try HumanParts(file: "/nowhere/f.yaml") }
  }

  @Test("What is open is worked out question by question and cell by cell")
  func open() {
    #expect(StatementAnswers([]).open(.risks) == ["register", "grading"])
    let partial = StatementAnswers(
      SampleStatements.without(.risks, "register.2.control")
        + [HumanStatement(subject: .roles, question: "contact", text: "  \n")])
    #expect(partial.open(.risks) == ["register.2.control"])
    #expect(partial.open(.roles) == [])
    #expect(partial.risks.map(\.row) == [1, 2])
    let later = HumanStatement(subject: .roles, question: "contact", text: "new")
    #expect(StatementAnswers(SampleStatements.all + [later])[.roles, "contact"] == "new")
  }
}
