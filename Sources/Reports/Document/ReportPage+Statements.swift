import Audits

extension ReportPage {
  /// The number of the first chapter on data: the summary and the scope come before.
  static let firstChapter = 3

  /// What people wrote: intended use, misuse, risks, oversight, monitoring, roles, planned changes;
  /// and every question that nobody has answered.
  var scope: Markup {
    let sets = statementSets
    let parts = sets.map { set -> Markup in
      let heading: Markup =
        sets.count == 1 ? .empty : "<h3>\(set.names.joined(separator: ", "))</h3>"
      let body = subjects(set.answers, level: sets.count == 1 ? 3 : 4)
      return heading + body
    }
    return "<p>\(words("scope.lead"))</p>\(parts)"
  }

  /// The records' statements: those that say the same are shown once, under all their models.
  var statementSets: [(names: [String], answers: StatementAnswers)] {
    var sets: [(names: [String], statements: [HumanStatement])] = []
    for (name, record) in zip(names, records) {
      let title = "\(record.data.name): \(name)"
      if let index = sets.firstIndex(where: { $0.statements == record.statements }) {
        sets[index].names.append(title)
      } else {
        sets.append((names: [title], statements: record.statements))
      }
    }
    return sets.map { (names: $0.names, answers: StatementAnswers($0.statements)) }
  }

  private func subjects(_ answers: StatementAnswers, level: Int) -> Markup {
    guard !answers.isEmpty else { return nothing }
    return HumanStatement.Subject.allCases.map { subject -> Markup in
      let heading: Markup = level == 3 ? "h3" : "h4"
      return """
        <\(heading)>\(words.subject(subject))</\(heading)>
        \(demand(on: subject))
        \(subject.hasRegister ? register(answers) : .empty)
        \(answered(subject, answers))
        \(open(answers.open(subject), about: subject))
        """
    }.joined
  }

  /// Nobody has written anything: the questions in one table.
  private var nothing: Markup {
    let none = StatementAnswers([])
    let rows = HumanStatement.Subject.allCases.map { subject -> [Markup] in
      let questions = none.open(subject).map { question -> Markup in
        "<li>\(words.question(question, about: subject))</li>"
      }
      return ["\(words.subject(subject))", "<ul class=\"plain\">\(questions)</ul>"]
    }
    let table = Table(
      words("scope.questions"),
      columns: [.init(words("column.subject")), .init(words("column.question"))], rows: rows)
    return "<p class=\"callout\">\(words("scope.nothing"))</p>\(table.markup)"
  }

  /// Which items of the chosen profiles ask for a subject.
  private func demand(on subject: HumanStatement.Subject) -> Markup {
    guard !document.profiles.isEmpty else { return .empty }
    let items = subject.items(of: document.profiles)
    let text =
      items.isEmpty
      ? words("scope.optional") : words("scope.required", ["items": items.joined(separator: ", ")])
    return "<p class=\"small\">\(text)</p>"
  }

  private func answered(
    _ subject: HumanStatement.Subject, _ answers: StatementAnswers
  ) -> Markup {
    let entries = subject.questions.compactMap { question -> Markup? in
      answers[subject, question].map { text in
        "<dt>\(words.question(question, about: subject))</dt><dd>\(Markup(paragraphs: text))</dd>"
      }
    }
    return entries.isEmpty ? .empty : "<dl class=\"answers\">\(entries)</dl>"
  }

  private func open(_ questions: [String], about subject: HumanStatement.Subject) -> Markup {
    guard !questions.isEmpty else { return .empty }
    let items = questions.map { "<li>\(words.question($0, about: subject))</li>" as Markup }
    return """
      <div class="callout"><p>\(words("scope.missing"))</p><ul>\(items)</ul></div>
      """
  }

  private func register(_ answers: StatementAnswers) -> Markup {
    let risks = answers.risks
    guard !risks.isEmpty else { return .empty }
    return Table(
      words("scope.register"),
      columns: [.init(words("column.number"))]
        + RiskColumn.allCases.map { .init(words("statement.risk.\($0.rawValue)")) },
      rows: risks.map { row, cells in
        ["\(row)"]
          + RiskColumn.allCases.map { column -> Markup in
            let empty: Markup = "<span class=\"small\">\(words("scope.empty"))</span>"
            return cells[column].map { "<span class=\"prose\">\($0)</span>" } ?? empty
          }
      }
    ).markup
  }
}

extension Markup {
  /// Text as paragraphs: an empty line parts them, a line break stays one.
  init(paragraphs text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let blocks = lines.split { $0.allSatisfy(\.isWhitespace) }
    self =
      blocks.map { block -> Markup in
        let parts = block.map { Markup(text: String($0)) }
        return "<p>\(parts.dropFirst().reduce(parts[0]) { "\($0)<br/>\($1)" })</p>"
      }.joined
  }
}
