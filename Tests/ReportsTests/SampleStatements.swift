import Audits

@testable import Reports

/// Answers to every question, as a complete file would give them.
enum SampleStatements {
  static let all = answers + risk(1) + risk(2)

  private static let answers = HumanStatement.Subject.allCases.flatMap { subject in
    subject.questions.map { question in
      HumanStatement(
        subject: subject, question: question, text: "Answer to \(subject.rawValue), \(question).")
    }
  }

  /// A whole row of the register.
  static func risk(_ row: Int) -> [HumanStatement] {
    RiskColumn.allCases.map { column in
      HumanStatement(
        subject: .risks, question: column.question(row: row), text: "\(column.rawValue) \(row)")
    }
  }

  static func without(
    _ subject: HumanStatement.Subject, _ question: String
  ) -> [HumanStatement] {
    all.filter { $0.subject != subject || $0.question != question }
  }
}
