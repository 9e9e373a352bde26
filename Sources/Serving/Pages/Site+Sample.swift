import Audits
import Reports

extension Site {
  /// A sample: what the model answers, what attacks made of it, why it answers so.
  func sample(_ number: String, _ record: AuditRecord) throws -> PageResponse {
    guard let sample = Int(number), let view = SampleView(record, sample: sample, words) else {
      throw PageProblem.notFound(words("serve.problem.sample", ["sample": number]))
    }
    let prediction = view.prediction
    let neighbours = words("serve.sample.neighbours")
    let below = words("serve.below", ["name": neighbours])
    return page(
      title: prediction.name,
      lead: words(
        prediction.isCorrect ? "serve.sample.right" : "serve.sample.wrong",
        [
          "class": record.className(prediction.label),
          "taken": record.className(prediction.predicted),
          "probability": probability(prediction.probabilities, prediction.predicted),
        ]),
      trail: [
        home, link(to: record),
        PageLink(
          text: words("serve.samples.title"), path: ["runs", record.run.id, "samples"]),
      ],
      content: [
        links(named: neighbours, around: prediction, record), section("input", try view.input()),
        section("answer", groups(prediction) + probabilities(prediction.probabilities, record)),
        section("attacks", try attacks(view, record)),
        section("explanations", try view.explanations()),
        links(named: below, around: prediction, record),
      ])
  }

  private func links(
    named name: String, around prediction: PredictionFinding, _ record: AuditRecord
  ) -> Markup {
    let all = record.predictions
    guard let index = all.firstIndex(where: { $0.sample == prediction.sample }) else {
      return .empty
    }
    func link(_ key: String, _ relation: Markup, _ position: Int) -> Markup {
      guard all.indices.contains(position) else { return .empty }
      let target = self.link(to: all[position], in: record)
      let address = RequestTarget.address(target.path)
      return """
        <li><a rel="\(relation)" href="\(address)">\(words(key, ["name": target.text]))</a></li>
        """
    }
    let place = words(
      "serve.sample.place",
      ["number": NumberText.count(index + 1), "count": NumberText.count(all.count)])
    return """
      <nav class="pages" aria-label="\(name)"><ul>\
      \(link("serve.sample.previous", "prev", index - 1))<li>\(place)</li>\
      \(link("serve.sample.next", "next", index + 1))</ul></nav>
      """
  }

  private func groups(_ prediction: PredictionFinding) -> Markup {
    guard !prediction.groups.isEmpty else { return .empty }
    let items = prediction.groups.map { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" as Markup }
    return "<p>\(words("serve.sample.groups"))</p><dl class=\"facts\">\(items)</dl>"
  }

  /// How many classes are named before the rest is summed up.
  private static let classLimit = 12

  private func probabilities(_ values: [Float], _ record: AuditRecord) -> Markup {
    let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    let shown = order.prefix(Self.classLimit)
    var rows = shown.map { index -> [Markup] in
      ["\(record.className(index))", "\(NumberText.percent(Double(values[index])))"]
    }
    if order.count > shown.count {
      let rest = order.dropFirst(shown.count).reduce(0) { $0 + Double(values[$1]) }
      let count = NumberText.count(order.count - shown.count)
      rows.append([
        "\(words("serve.sample.classes", ["count": count]))", "\(NumberText.percent(rest))",
      ])
    }
    return Table(
      words("serve.sample.probabilities"),
      columns: [
        .init(words("column.class")), .init(words("serve.column.probability"), isNumeric: true),
      ], rows: rows
    ).markup
  }

  private func attacks(_ view: SampleView, _ record: AuditRecord) throws -> Markup {
    guard !view.findings.isEmpty else { return "<p>\(words("serve.sample.unattacked"))</p>" }
    let attacks = Dictionary(
      record.attacks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let cases = try view.findings.map { finding in
      try article(finding, attacks[finding.attack], view, record)
    }
    return "<ol class=\"cases\">\(cases)</ol>"
  }

  private func article(
    _ finding: AttackFinding, _ attack: AttackDescription?, _ view: SampleView,
    _ record: AuditRecord
  ) throws -> Markup {
    let heading = words(
      "serve.sample.attack",
      [
        "attack": finding.attack, "norm": attack?.norm.symbol ?? "–",
        "epsilon": NumberText.plain(finding.epsilon), "scale": attack?.scale ?? "–",
      ])
    return """
      <li class="case"><h3 class="case-title">\(heading)</h3>\
      <p>\(outcome(finding.outcome)) \(ending(finding, record))</p>\
      \(try view.evidence(of: finding) ?? .empty)</li>
      """
  }

  private func ending(_ finding: AttackFinding, _ record: AuditRecord) -> String {
    var parts: [String] = []
    if finding.outcome == .broken {
      parts.append(
        words(
          "serve.sample.taken",
          [
            "class": record.className(finding.predicted),
            "probability": probability(finding.probabilities, finding.predicted),
            "distance": NumberText.decimal(finding.distance),
          ]))
    }
    if let rejection = finding.rejection { parts.append(rejection) }
    if !finding.flags.isEmpty {
      parts.append(
        words("serve.sample.flags", ["flags": finding.flags.joined(separator: ", ")]))
    }
    return parts.joined(separator: " ")
  }
}
