import Audits

/// What a manager reads: the verdict, what is worst, and under which conditions.
extension ReportPage {
  /// How many requirements the verdict table shows.
  static let verdictLimit = 8

  /// The one page: the verdict in a sentence and as a table, the conditions of use, the worst
  /// findings and who signed.
  ///
  /// - Parameters:
  ///   - level: The level of its headings, 2 or 3.
  ///   - isLinked: Whether it stands in a report, whose sections findings then link to.
  /// - Returns: The page's content.
  func brief(level: Int, isLinked: Bool) -> Markup {
    func heading(_ key: String) -> Markup {
      let name: Markup = level == 2 ? "h2" : "h3"
      return "<\(name)>\(words(key))</\(name)>"
    }
    return """
      <div class="brief">
      <p class="verdict">\(VerdictBadge.markup(verdict, words)) \(verdictSentence)</p>
      \(verdictTable)
      \(heading("brief.conditions"))
      \(conditions(isLinked: isLinked))
      \(heading("brief.worst"))
      \(worstFindings(isLinked: isLinked))
      \(heading("brief.signed"))
      \(signers)
      </div>
      """
  }

  /// The verdict on all records: the worst of theirs.
  var verdict: GateResult.Verdict? { records.compactMap(\.verdict).worst }

  /// The verdict in one sentence, with what it rests on.
  var verdictSentence: String {
    let gates = records.flatMap(\.gates)
    let failed = gates.count { $0.verdict == .failed }
    let open = gates.count { $0.verdict != .failed && $0.verdict != .passed }
    let unsure = failed + open > 0 ? 0 : gates.count { !$0.isMetThroughout }
    let key =
      gates.isEmpty
      ? "none"
      : (failed > 0 ? "failed" : (open > 0 ? "open" : (unsure > 0 ? "passedOpen" : "passed")))
    let sentence = words(
      "brief.verdict.\(key)",
      [
        "all": NumberText.count(gates.count), "failed": NumberText.count(failed),
        "open": NumberText.count(open + unsure),
      ])
    let isWhole = records.allSatisfy(\.run.isComplete)
    return isWhole ? sentence : "\(sentence) \(words("cover.incomplete"))"
  }

  /// The requirements, those that failed first, and how many are not shown.
  private var verdictTable: Markup {
    let all = zip(names, records).flatMap { name, record in
      record.gates.map { (model: "\(record.data.name): \(name)", gate: $0) }
    }
    guard !all.isEmpty else { return .empty }
    let sorted = GateResult.Verdict.worstFirst.flatMap { verdict in
      all.filter { $0.gate.verdict == verdict }
    }
    let rows = sorted.prefix(Self.verdictLimit).map { model, gate -> [Markup] in
      let owner: Markup = records.count > 1 ? " <small>\(model)</small>" : .empty
      let estimate = Estimate(gate)
      return [
        "\(words.recorded(gate.requirement))\(owner)",
        "\(estimate.text)", "\(estimate.interval ?? "–")", "\(GateLimit(gate).text)",
        VerdictBadge.markup(gate.verdict, words),
      ]
    }
    let table = Table(
      words("brief.table"),
      columns: [
        .init(words("column.requirement")), .init(words("column.measured"), isNumeric: true),
        .init(words("column.interval"), isNumeric: true),
        .init(words("column.threshold"), isNumeric: true), .init(words("column.verdict")),
      ], rows: rows)
    let rest = sorted.count - rows.count
    let more: Markup =
      rest > 0 ? "<p>\(words("brief.more", ["count": NumberText.count(rest)]))</p>" : .empty
    return table.markup + more
  }

  private func worstFindings(isLinked: Bool) -> Markup {
    let worst = WorstFindings(records, words)
    guard !worst.entries.isEmpty else { return "<p>\(words("brief.noFindings"))</p>" }
    let items = worst.entries.map { "<li>\(line($0, isLinked: isLinked))</li>" as Markup }
    // The page for management names the order no more than it must.
    let rule = words(
      isLinked ? "brief.rule" : "brief.shortRule", ["count": NumberText.count(worst.count)])
    return "<ol>\(items)</ol><p class=\"small\">\(rule)</p>"
  }

  private func line(_ entry: WorstFindings.Entry, isLinked: Bool) -> Markup {
    let (finding, record) = (entry.finding, records[entry.record])
    let model: Markup =
      records.count > 1 ? "<b>\(record.data.name), \(names[entry.record]):</b> " : .empty
    let recorded: Markup =
      finding.recorded.isEmpty
      ? .empty : " \(words.recorded(DisplayText.sentence(finding.recorded)))"
    return
      "\(model)\(finding.sentence(words))\(recorded)\(isLinked ? link(finding, entry.record) : .empty)"
  }

  /// " (2.3 Robustness)", where the report shows the finding.
  private func link(_ finding: SevereFinding, _ record: Int) -> Markup {
    let run = records[record].run.id
    let chapter = chapters.first { $0.records.contains { $0.run.id == run } }
    guard let section = finding.section, let chapter else { return .empty }
    return " (<a href=\"#\(chapter.id(section))\">\(words("\(section).title"))</a>)"
  }
}

/// A requirement's threshold as tables show it: "≥ 90.0 %".
struct GateLimit {
  let text: String

  init(_ gate: GateResult) {
    let limit =
      gate.isFraction
      ? NumberText.percent(gate.threshold) : NumberText.plain(gate.threshold)
    text = "\(gate.isAtLeast ? "≥" : "≤")\u{A0}\(limit)"
  }
}
