public import Audits
import ConfigurationFiles
import Foundation

/// What people wrote about a model, in a YAML file whose questions a scaffold gives.
///
///     intended-use:
///       users: Credit officers of the branches.
///       outside: |
///         Business loans.
///
///         Applicants below 18 years.
///     risks:
///       register:
///         - hazard: A creditworthy applicant is declined.
///           severity: serious
///
/// What is empty is not answered. A list of texts is an answer of several paragraphs.
public struct HumanParts: Hashable, Sendable {
  /// Every answer, in the order of the subjects and questions.
  public var statements: [HumanStatement]

  /// Reads a file.
  ///
  /// - Throws: `ConfigurationError`, which names the line, where it is no such file.
  public init(file: String) throws {
    try self.init(ConfigurationNode(file: file))
  }

  /// Reads YAML text; `file` is what errors name.
  ///
  /// - Throws: `ConfigurationError`, which names the line, where it is no such text.
  public init(yaml: String, file: String) throws {
    try self.init(ConfigurationNode(yaml: yaml, file: file))
  }

  private init(_ root: ConfigurationNode) throws {
    guard !root.isNull else {
      statements = []
      return
    }
    let subjects = try root.mapping(keys: HumanStatement.Subject.allCases.map(\.rawValue))
    statements = try HumanStatement.Subject.allCases.flatMap { subject in
      try subjects[subject.rawValue].map { try Self.answers($0, about: subject) } ?? []
    }
  }

  private static func answers(
    _ node: ConfigurationNode, about subject: HumanStatement.Subject
  ) throws -> [HumanStatement] {
    let keys = subject.questions + (subject.hasRegister ? [RiskColumn.register] : [])
    let answers = try node.mapping(keys: keys)
    let register = try answers[RiskColumn.register].map(risks) ?? []
    let texts = try subject.questions.compactMap { question in
      try answers[question].map { (question, try text($0)) }
    }
    return (register + texts).compactMap { question, text in
      text.isEmpty ? nil : HumanStatement(subject: subject, question: question, text: text)
    }
  }

  /// The cells of the register with their questions; rows without any text are left out.
  private static func risks(_ node: ConfigurationNode) throws -> [(String, String)] {
    let rows = try node.items.map { item in
      let cells = try item.mapping(keys: RiskColumn.allCases.map(\.rawValue))
      return try RiskColumn.allCases.map { column in
        (column, try cells[column.rawValue].map(text) ?? "")
      }
    }
    let filled = rows.filter { row in row.contains { !$0.1.isEmpty } }
    return filled.enumerated().flatMap { index, row in
      row.map { ($0.0.question(row: index + 1), $0.1) }
    }
  }

  /// An answer without the space around it; a list is its texts as paragraphs.
  private static func text(_ node: ConfigurationNode) throws -> String {
    if case .mapping = node.content { throw node.expected("a text; put quotes around it") }
    return try node.items.map { item in
      guard !item.isNull else { return "" }
      return try item.string().trimmingCharacters(in: .whitespacesAndNewlines)
    }.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}
