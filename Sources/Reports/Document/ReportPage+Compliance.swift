import Audits

extension ReportPage {
  /// For each profile: which clause is answered where, and why the others are not.
  var compliance: Markup {
    let tables = document.compliance(manifests).enumerated().map { index, map -> Markup in
      let unconfirmed = map.items.count { !$0.confirmed }
      return """
        <h3>\(words.recorded(map.title))</h3>
        <p>\(words("compliance.source", ["source": map.source, "date": map.asOf]))</p>
        \(map.note.isEmpty ? .empty : "<p>\(words.recorded(map.note))</p>")
        \(unconfirmed == 0 ? .empty : caution(unconfirmed, of: map.items.count))
        \(table(map))
        """
    }
    return "<p>\(words("compliance.lead"))</p>\(tables)"
  }

  private func caution(_ count: Int, of all: Int) -> Markup {
    let text = words(
      "compliance.caution",
      ["count": NumberText.count(count), "all": NumberText.count(all)])
    return "<p class=\"callout\">\(text)</p>"
  }

  private func table(_ map: ComplianceMap) -> Markup {
    let answered = map.items.count { $0.outcome == .answered }
    let title = words(
      "compliance.table",
      [
        "title": map.title, "answered": NumberText.count(answered),
        "all": NumberText.count(map.items.count),
      ])
    let table = Table(
      title,
      columns: [
        .init(words("column.item")), .init(words("column.clause")), .init(words("column.asked")),
        .init(words("column.status")), .init(words("column.where")),
      ], rows: map.items.map(row))
    return "<details><summary>\(title)</summary>\(table.tall.markup)</details>"
  }

  private func row(_ entry: ComplianceMap.Entry) -> [Markup] {
    let doubt: Markup =
      entry.confirmed
      ? .empty : "<br/><span class=\"small\">\(words("compliance.unconfirmed"))</span>"
    let parts = entry.parts.map { "<li>\(part($0))</li>" as Markup }
    return [
      "\(entry.id)", "\(words.recorded(entry.clause))\(doubt)",
      "<span class=\"prose\">\(words.recorded(entry.asks))</span>",
      VerdictBadge.markup(entry.outcome, words), "<ul class=\"plain\">\(parts)</ul>",
    ]
  }

  /// "M1 clean accuracy: Accuracy", where the last is a link; or the reasons why it is not there.
  private func part(_ part: ComplianceMap.Part) -> Markup {
    let name = "\(part.evidence.rawValue) \(words("evidence.\(part.evidence.rawValue)"))"
    let links = part.status.sections.map(link)
    let reasons = sentences(part.status.shortfalls).map { "\($0)" as Markup }
    let ends = [links.isEmpty ? nil : separated(links, by: ", ")] + reasons.map { $0 }
    return "\(name): \(separated(ends.compactMap { $0 }, by: "; "))"
  }

  private func separated(_ pieces: [Markup], by mark: Markup) -> Markup {
    pieces.dropFirst().reduce(pieces.first ?? .empty) { $0 + mark + $1 }
  }

  /// A link to a section: its title, behind that of its chapter where there are several.
  private func link(_ section: String) -> Markup {
    let parts = section.split(separator: "-")
    let title = words("\(parts[parts.count - 1]).title")
    let chapters = chapters
    let chapter = chapters.first { parts.count > 1 && $0.id() == parts[0] }
    let text = chapters.count > 1 ? [chapter?.title, title] : [title]
    return "<a href=\"#\(section)\">\(text.compactMap { $0 }.joined(separator: ": "))</a>"
  }

  /// Why evidence is lacking, each reason once, and in which audits where it is not all of them.
  private func sentences(_ shortfalls: [Shortfall]) -> [String] {
    var reasons: [(text: String, runs: [String])] = []
    for shortfall in shortfalls {
      let text = reason(shortfall)
      if let known = reasons.firstIndex(where: { $0.text == text }) {
        reasons[known].runs.append(shortfall.run)
      } else {
        reasons.append((text, [shortfall.run]))
      }
    }
    return reasons.map { text, runs in
      let owners = zip(names, records).filter { runs.contains($0.1.run.id) }
      guard !owners.isEmpty, owners.count < records.count else { return text }
      let titles = owners.map { "\($0.1.data.name), \($0.0)" }
      return "\(titles.joined(separator: "; ")): \(text)"
    }
  }

  private func reason(_ shortfall: Shortfall) -> String {
    switch shortfall.reason {
    case .never: words("compliance.never.\(shortfall.detail)")
    case .openQuestions:
      words(
        "compliance.reason.openQuestions", ["detail": words.openQuestions(shortfall.detail)])
    default: words("compliance.reason.\(shortfall.reason.rawValue)", ["detail": shortfall.detail])
    }
  }
}
