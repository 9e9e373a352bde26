import Audits

extension ModelCardSection {
  /// The measures of the model with intervals, and the verdicts on the requirements.
  var analyses: [MarkdownText] {
    let shown = record.measures.filter { !$0.kind.isAboutMethods && $0.method == nil }
    let verdicts =
      record.gates.isEmpty ? "\(words("gates.none"))" as MarkdownText : requirements
    guard !shown.isEmpty else { return ["\(words("card.noMeasures"))", verdicts] }
    let table = MarkdownText.table(
      [
        words("column.measure"), words("column.of"), words("column.value") + ":",
        words("column.interval") + ":", words("column.samples") + ":",
      ], shown.map(row))
    return [table, verdicts]
  }

  private func row(_ measure: Measure) -> [MarkdownText] {
    let threat = measure.norm.map { norm in
      norm.symbol + (measure.epsilon.map { " \(NumberText.plain($0))" } ?? "")
    }
    let group = measure.group.isEmpty ? nil : words.groupText(measure.group)
    let of = [group, threat].compactMap { $0 }.joined(separator: ", ")
    let estimate = Estimate(measure)
    return [
      "\(words("measure.\(measure.kind.rawValue)"))",
      "\(of.isEmpty ? words("performance.all") : of)", "\(estimate.text)",
      "\(estimate.interval ?? "–")", "\(NumberText.count(measure.count))",
    ]
  }

  private var requirements: MarkdownText {
    .table(
      [
        words("column.requirement"), words("column.measured") + ":",
        words("column.interval") + ":", words("column.threshold") + ":", words("column.verdict"),
      ],
      record.gates.map { gate in
        let estimate = Estimate(gate)
        return [
          "\(gate.requirement)", "\(estimate.text)", "\(estimate.interval ?? "–")",
          "\(GateLimit(gate).text)", "\(words.verdict(gate.verdict))",
        ]
      })
  }

  /// The register of risks, oversight and planned changes, as people wrote them.
  var ethics: [MarkdownText] {
    let risks = answers.risks
    let register: MarkdownText =
      risks.isEmpty
      ? ""
      : .table(
        [words("column.number")]
          + RiskColumn.allCases.map { words("statement.risk.\($0.rawValue)") },
        risks.map { row, cells in
          ["\(row)"] + RiskColumn.allCases.map { cells[$0].map(lines) ?? "–" }
        })
    return [register] + statements([.risks, .oversight, .monitoring, .changes])
  }

  /// Warnings, withdrawn explanations, and what was not measured.
  var caveats: [MarkdownText] {
    let warnings = record.warnings.map { warning -> MarkdownText in
      let veto = warning.isVeto ? " (\(words("warnings.veto")))" : ""
      return "**\(warning.name)**\(veto): \(lines(warning.raised))"
    }
    let withdrawn = QualitySummary.all(record).filter(\.isWithdrawn).map {
      "\(words("trust.withdrawn", ["model": name, "method": $0.method]))" as MarkdownText
    }
    let limits = page.limits(of: record).map { "\(name): \($0)" as MarkdownText }
    let general = (1...6).map { "\(words("limits.general.\($0)"))" as MarkdownText }
    let worst = WorstFindings([record], words).entries.map { entry -> MarkdownText in
      let finding = entry.finding
      return
        "\(finding.sentence(words))\(finding.recorded.isEmpty ? "" : " \(lines(finding.recorded))")"
    }
    return [
      worst.isEmpty ? "" : .blocks(["\(words("card.worst"))", list(worst)]),
      list(warnings + withdrawn), list(limits), list(general),
    ]
  }

  /// The command, the seed and what it ran on.
  var reproduction: [MarkdownText] {
    let run = record.run
    let entries: [(name: String, value: MarkdownText)] =
      [
        (words("card.command"), "<code>\(lines(run.command))</code>"),
        (words("reproduction.run"), "\(run.id)"),
        (words("reproduction.seed"), "\(String(run.seed))"),
        (words("card.suite"), "\(run.suiteName)"),
      ] + run.environment.map { ($0.name, "\($0.value)") }
    return ["\(words("reproduction.lead"))", facts(entries)]
  }
}

extension Measure.Kind {
  /// Whether it is about methods of explanation or single attacks rather than about the model.
  fileprivate var isAboutMethods: Bool {
    switch self {
    case .attackAccuracy, .explanationQuality, .explanationStability: true
    case .cleanAccuracy, .robustAccuracy, .medianDistance, .expectedCalibrationError, .brierScore,
      .groupGap, .selectionRatio, .equalizedOdds:
      false
    }
  }
}

extension Words {
  /// A verdict in a word.
  func verdict(_ verdict: GateResult.Verdict) -> String {
    switch verdict {
    case .passed: self("verdict.passed")
    case .failed: self("verdict.failed")
    case .inconclusive: self("verdict.inconclusive")
    case .notMeasured: self("verdict.notMeasured")
    }
  }
}
