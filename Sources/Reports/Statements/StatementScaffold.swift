import Audits
import ReportTemplates

/// The file in which people answer what no program can measure: its questions, and room to write.
public enum StatementScaffold {
  /// The YAML text, with the questions as comments above their keys.
  ///
  /// - Parameters:
  ///   - language: What the questions are written in; the keys are the same in all.
  ///   - profiles: Where there are any, only the subjects that they ask for are marked as required.
  /// - Returns: Text that `HumanParts` reads, in which nothing is answered yet.
  /// - Throws: an error where the words of the language cannot be read.
  public static func yaml(
    language: ReportLanguage = .english, profiles: [ComplianceProfile] = []
  ) throws -> String {
    let words = Words(try .builtIn(language: language.rawValue))
    let lead = (1...4).map { comment(words("scaffold.lead.\($0)")) }
    let parts = HumanStatement.Subject.allCases.map { part($0, words, profiles) }
    return (lead.joined(separator: "\n") + "\n\n" + parts.joined(separator: "\n\n")) + "\n"
  }

  private static func part(
    _ subject: HumanStatement.Subject, _ words: Words, _ profiles: [ComplianceProfile]
  ) -> String {
    let items = subject.items(of: profiles)
    let demand =
      profiles.isEmpty
      ? "scaffold.open" : (items.isEmpty ? "scaffold.optional" : "scaffold.required")
    let lines = [
      comment(
        "\(words.subject(subject)). "
          + words(demand, ["items": items.joined(separator: ", ")])),
      "\(subject.rawValue):",
    ]
    let questions = subject.questions.map { question in
      "  \(comment(words.question(question, about: subject)))\n  \(question):"
    }
    return (lines + (subject.hasRegister ? [register(words)] : []) + questions)
      .joined(separator: "\n")
  }

  /// One empty row of the register; people copy it.
  private static func register(_ words: Words) -> String {
    let columns = RiskColumn.allCases.map { column in
      "      \(comment(words("statement.risk.\(column.rawValue)")))\n      \(column.rawValue):"
    }
    return """
        \(comment(words("statement.question.risks.register")))
        \(RiskColumn.register):
          -
      \(columns.joined(separator: "\n"))
      """
  }

  /// Text as one line of a comment: nothing in it can begin a line of its own.
  private static func comment(_ text: String) -> String {
    "# \(DisplayText.line(text, limit: 2_000))"
  }
}
