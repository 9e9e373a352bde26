import Audits

/// What people have answered, and which questions are still open.
struct StatementAnswers: Sendable {
  /// The words by subject and question; of two answers the later one stands.
  private let texts: [HumanStatement.Subject: [String: String]]

  init(_ statements: [HumanStatement]) {
    var texts: [HumanStatement.Subject: [String: String]] = [:]
    for statement in statements where !statement.text.allSatisfy(\.isWhitespace) {
      texts[statement.subject, default: [:]][statement.question] = statement.text
    }
    self.texts = texts
  }

  var isEmpty: Bool { texts.isEmpty }

  subscript(subject: HumanStatement.Subject, question: String) -> String? {
    texts[subject]?[question]
  }

  /// Whether anything is answered about a subject.
  func isBegun(_ subject: HumanStatement.Subject) -> Bool { texts[subject] != nil }

  /// The rows of the register of risks, each with its number and the cells that are filled.
  var risks: [(row: Int, cells: [RiskColumn: String])] {
    let questions = texts[.risks] ?? [:]
    let rows = Set(questions.keys.compactMap(Self.row)).sorted()
    return rows.map { row in
      let cells = RiskColumn.allCases.compactMap { column in
        questions[column.question(row: row)].map { (column, $0) }
      }
      return (row: row, cells: Dictionary(cells) { first, _ in first })
    }
  }

  /// The questions about a subject that nobody has answered; of the register its empty cells, or the
  /// whole of it where it has no row.
  func open(_ subject: HumanStatement.Subject) -> [String] {
    let missing = subject.questions.filter { self[subject, $0] == nil }
    guard subject.hasRegister else { return missing }
    let risks = risks
    guard !risks.isEmpty else { return [RiskColumn.register] + missing }
    let cells = risks.flatMap { row, cells in
      RiskColumn.allCases.filter { cells[$0] == nil }.map { $0.question(row: row) }
    }
    return cells + missing
  }

  /// The row of "register.1.hazard".
  private static func row(_ question: String) -> Int? {
    let parts = question.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == RiskColumn.register,
      RiskColumn(rawValue: String(parts[2])) != nil
    else { return nil }
    return Int(parts[1])
  }
}

extension Words {
  /// A subject's name.
  func subject(_ subject: HumanStatement.Subject) -> String {
    self("statement.subject.\(subject.rawValue)")
  }

  /// A question in this language; what no longer is one of this program's keeps its key.
  func question(_ key: String, about subject: HumanStatement.Subject) -> String {
    let parts = key.split(separator: ".")
    if subject.hasRegister, parts.count == 3, parts[0] == RiskColumn.register,
      let column = RiskColumn(rawValue: String(parts[2]))
    {
      return self(
        "statement.risk",
        ["row": String(parts[1]), "column": self("statement.risk.\(column.rawValue)")])
    }
    return ifKnown("statement.question.\(subject.rawValue).\(key)") ?? key
  }
}
