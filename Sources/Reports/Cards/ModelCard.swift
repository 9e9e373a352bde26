import Audits
package import ReportTemplates

/// A model card in Markdown, in the order of its authors: what a reader of the model needs, made from
/// the records and what people wrote.
///
/// Source: Mitchell et al. 2019, "Model Cards for Model Reporting", arXiv:1810.03993, section 4.
/// Deviation: the limits of the audit and how to repeat it are sections of their own.
struct ModelCard: Sendable {
  let page: ReportPage

  var words: Words { page.words }

  /// One card a document; several models are sections of it.
  var markdown: MarkdownText {
    let parts = zip(page.names, page.records).map { name, record in
      let card = ModelCardSection(record: record, name: name, page: page)
      let title: MarkdownText = "## \(name): \(record.data.name)"
      return MarkdownText.blocks([title] + card.parts)
    }
    return .blocks(
      [
        "# \(words("card.title", ["title": page.document.title]))",
        "\(words("card.lead"))",
      ] + parts + ["\(words("card.footer"))"])
  }
}

extension ReportDocument {
  /// The model card, a Markdown file in UTF-8.
  ///
  /// - Throws: an error where the words cannot be read.
  package func modelCard(templates: ReportTemplates? = nil) throws -> String {
    let words = Words(try templates ?? .builtIn(language: language.rawValue))
    return words.writingNumbers {
      ModelCard(page: ReportPage(document: self, words: words)).markdown.source + "\n"
    }
  }

  /// The model card, a Markdown file in UTF-8.
  ///
  /// - Throws: an error where the words cannot be read.
  public func modelCard() throws -> String { try modelCard(templates: nil) }
}

/// The card of one model: its parts in order.
struct ModelCardSection: Sendable {
  let record: AuditRecord
  let name: String
  let page: ReportPage

  var words: Words { page.words }
  var answers: StatementAnswers { StatementAnswers(record.statements) }

  var parts: [MarkdownText] {
    [
      part("details", details), part("use", statements([.intendedUse, .misuse])),
      part("factors", factors), part("metrics", metrics), part("evaluation", evaluation),
      part("training", training), part("analyses", analyses), part("ethics", ethics),
      part("caveats", caveats), part("reproduction", reproduction),
    ]
  }

  private func part(_ key: String, _ blocks: [MarkdownText]) -> MarkdownText {
    .blocks(["### \(words("card.\(key)"))"] + blocks)
  }

  /// A list whose items are a name and a value.
  func facts(_ entries: [(name: String, value: MarkdownText)]) -> MarkdownText {
    list(entries.map { "**\($0.name):** \($0.value)" })
  }

  func list(_ items: [MarkdownText]) -> MarkdownText {
    items.dropFirst().reduce(items.first.map { "- \($0)" } ?? "") { "\($0)\n- \($1)" }
  }

  /// Text of several paragraphs within one line of Markdown.
  func lines(_ text: String) -> MarkdownText {
    let parts = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    return parts.dropFirst().reduce("\(parts.first.map(String.init) ?? "")") {
      "\($0)<br>\(String($1))"
    }
  }

  /// The answers about some subjects, and the questions that nobody has answered.
  func statements(_ subjects: [HumanStatement.Subject]) -> [MarkdownText] {
    let entries = subjects.flatMap { subject in
      subject.questions.compactMap { question in
        answers[subject, question].map {
          (name: words.question(question, about: subject), value: lines($0))
        }
      }
    }
    let open = subjects.flatMap { subject in
      answers.open(subject).map { words.question($0, about: subject) }
    }
    let missing: MarkdownText =
      open.isEmpty
      ? "" : .blocks(["\(words("scope.missing"))", list(open.map { "\($0)" as MarkdownText })])
    return [
      entries.isEmpty ? "" : list(entries.map { "**\($0.name)** \($0.value)" }), missing,
    ]
  }
}
