import Assessments
import Audits
import Models
import Tensors

extension ReportPage {
  /// What the audits did not measure, from what the records lack.
  var limits: Markup {
    let own = chapters.map { chapter -> Markup in
      let items = shared(chapter.models.map { ($0.name, limits(of: $0.record)) })
      return "<h3>\(chapter.title)</h3><ul>\(items.map { "<li>\($0)</li>" as Markup })</ul>"
    }
    let general = (1...6).map { "<li>\(words("limits.general.\($0)"))</li>" as Markup }
    return """
      <p>\(words("limits.lead"))</p>
      \(own)
      <h3>\(words("limits.always"))</h3><ul>\(general)</ul>
      """
  }

  /// Sentences about models, each once, behind the names of those that it holds of.
  private func shared(_ all: [(name: String, sentences: [String])]) -> [String] {
    var sentences: [String] = []
    for sentence in all.flatMap(\.sentences) where !sentences.contains(sentence) {
      sentences.append(sentence)
    }
    return sentences.map { sentence in
      let names = all.filter { $0.sentences.contains(sentence) }.map(\.name)
      return "\(names.joined(separator: ", ")): \(sentence)"
    }
  }

  /// What one audit did not measure, a sentence each.
  func limits(of record: AuditRecord) -> [String] {
    var found: [String] = []
    func say(_ key: String, _ values: KeyValuePairs<String, String> = [:]) {
      found.append(words(key, values))
    }
    if !record.run.isComplete { say("limits.incomplete") }
    if !record.predictions.isEmpty {
      // Half the width of the normal interval at one half, where it is widest.
      let width = 1.96 * (0.25 / Double(record.predictions.count)).squareRoot()
      say(
        "limits.resolution",
        [
          "count": NumberText.count(record.predictions.count),
          "width": NumberText.fixed(100 * width, decimals: 1),
        ])
    }
    let missing = Norm.allCases.filter { !Robustness(record).norms.contains($0) }
    if !missing.isEmpty {
      say("limits.norms", ["norms": missing.map(\.symbol).joined(separator: ", ")])
    }
    if case .none = record.model.gradient {
      say("limits.gradient")
    } else if !record.attacks.contains(where: \.isBlackBoxSearch) {
      say("limits.blackBox")
    }
    if record.predictions.allSatisfy({ $0.groups.isEmpty }) { say("limits.groups") }
    if record.explanations.isEmpty { say("limits.explanations") }
    if record.assessments.corruptions == nil { say("limits.corruptions") }
    if record.assessments.drift == nil { say("limits.drift") }
    let rejected = record.findings.count { $0.outcome == .rejected }
    if rejected > 0 { say("limits.rejected", ["count": NumberText.count(rejected)]) }
    let unconverged = record.explanations.count { !$0.isConverged }
    if unconverged > 0 { say("limits.unconverged", ["count": NumberText.count(unconverged)]) }
    return found
  }

  /// How to obtain the same records again.
  var reproduction: Markup {
    let runs = zip(names, records).map { name, record -> Markup in
      let environment = record.run.environment.map {
        "<dt>\(words.recorded($0.name))</dt><dd>\(words.recorded($0.value))</dd>" as Markup
      }
      return """
        <h3>\(record.data.name): \(name)</h3>
        <pre tabindex="0">\(record.run.command)</pre>
        <dl class="facts"><dt>\(words("reproduction.run"))</dt><dd><code>\(record.run.id)</code></dd>
        <dt>\(words("reproduction.started"))</dt><dd>\(NumberText.moment(record.run.started))</dd>
        <dt>\(words("reproduction.seed"))</dt><dd>\(String(record.run.seed))</dd>
        <dt>\(words("reproduction.model"))</dt><dd><code class="hash">\(record.model.sha256)</code></dd>
        \(environment)</dl>
        <details><summary>\(words("reproduction.suite", ["suite": record.run.suiteName]))</summary>
        <pre tabindex="0">\(record.run.suiteText)</pre></details>
        """
    }
    return "<p>\(words("reproduction.lead"))</p>\(runs)"
  }

  /// Every measure of every record, with its interval, method and count.
  var measures: Markup {
    let groups = zip(names, records).map { name, record in
      Table.Group(
        heading: "\(record.data.name): \(name)", rows: record.measures.map(measureRow))
    }
    let table = Table(
      words("measures.table"),
      columns: [
        .init(words("column.measure")), .init(words("column.of")),
        .init(words("column.value"), isNumeric: true),
        .init(words("column.samples"), isNumeric: true), .init(words("column.interval")),
        .init(words("column.note")),
      ], groups: groups)
    return "<details><summary>\(words("measures.summary"))</summary>\(table.markup)</details>"
  }

  private func measureRow(_ measure: Measure) -> [Markup] {
    let threat = measure.norm.map { norm in
      norm.symbol + (measure.epsilon.map { " \(NumberText.plain($0))" } ?? "")
    }
    let about = [measure.method, threat].compactMap { $0 }.joined(separator: ", ")
    let isWhole = measure.group.isEmpty && !about.isEmpty
    let group: Markup = isWhole ? .empty : words.group(measure.group)
    let of: Markup = group.isEmpty || about.isEmpty ? "\(group)\(about)" : "\(group), \(about)"
    let method: Markup = """
      \(words.recorded(measure.intervalMethod)), \
      \(NumberText.plain(measure.confidence * 100))\u{A0}%
      """
    return [
      "\(words("measure.\(measure.kind.rawValue)"))", of,
      Estimate(measure).markup, "\(NumberText.count(measure.count))",
      "<span class=\"small\">\(method)</span>",
      "<span class=\"small\">\(words.recorded(measure.note))</span>",
    ]
  }
}
