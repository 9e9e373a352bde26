import Assessments

/// Whether the audited samples are distributed like the training ones: a table and two figures.
struct DriftSection: Sendable {
  let chapter: Chapter
  let index: Int
  /// The models it is of, where there are several.
  let names: String?
  let drift: DriftAssessment

  private var words: Words { chapter.words }

  /// Beyond this many inputs, the figure shows those that moved most.
  private static let largestFigure = 20

  var markup: Markup {
    [
      "<h4>\(words("data.drift.heading"))\(names.map { ": \($0)" as Markup } ?? .empty)</h4>",
      verdict, table, chapter.paragraph("data.drift.read"),
      "<div class=\"pair\">\([indexFigure, binFigure])</div>",
    ].joined
  }

  private var comparisons: [DriftAssessment.Comparison] {
    drift.inputs + [drift.labels, drift.scores].compactMap(\.self)
  }

  private func title(_ comparison: DriftAssessment.Comparison) -> String {
    guard comparison.quantity != .feature else { return comparison.name ?? "" }
    let quantity = words("data.quantity.\(comparison.quantity.rawValue)")
    return comparison.name.map { "\(quantity): \($0)" } ?? quantity
  }

  private var verdict: Markup {
    let shifted = drift.shifted
    let counts: KeyValuePairs = [
      "training": NumberText.count(drift.trainingCount),
      "audited": NumberText.count(drift.auditedCount), "count": NumberText.count(shifted.count),
      "of": NumberText.count(comparisons.count),
      "names": shifted.prefix(10).map(title).joined(separator: ", "),
    ]
    return shifted.isEmpty
      ? chapter.paragraph("data.drift.none", counts)
      : "<p class=\"callout\">\(words("data.drift.found", counts))</p>"
  }

  private var table: Markup {
    Table(
      words("data.drift.table"),
      columns: [
        .init(words("data.drift.quantity")), .init(words("data.drift.test")),
        .init(words("data.drift.statistic"), isNumeric: true),
        .init(words("data.drift.p"), isNumeric: true),
        .init(words("data.drift.adjusted"), isNumeric: true),
        .init(words("data.drift.index"), isNumeric: true),
        .init(words("data.drift.chance"), isNumeric: true),
        .init(words("data.drift.judgement")),
      ],
      rows: comparisons.map(row)
    ).markup
  }

  private func row(_ comparison: DriftAssessment.Comparison) -> [Markup] {
    [
      "\(title(comparison))", "\(test(comparison))",
      "\(NumberText.decimal(comparison.statistic))", "\(probability(comparison.probability))",
      "\(comparison.adjustedProbability.map(probability) ?? "–")",
      "\(NumberText.decimal(comparison.stability))",
      "\(NumberText.decimal(comparison.stabilityByChance))", judgement(comparison),
    ]
  }

  private func test(_ comparison: DriftAssessment.Comparison) -> String {
    switch comparison.test {
    case .kolmogorovSmirnov:
      return comparison.isExact
        ? words("data.drift.smirnovExact") : words("data.drift.smirnovLimit")
    case .chiSquare:
      let degrees = "\(comparison.degreesOfFreedom ?? 0)"
      let least = comparison.leastExpected ?? 0
      return least < 5
        ? words(
          "data.drift.chiSquareRough",
          ["degrees": degrees, "least": NumberText.decimal(least, digits: 2)])
        : words("data.drift.chiSquare", ["degrees": degrees])
    }
  }

  private func probability(_ value: Double) -> String {
    value < 0.0001 ? "< 0.0001" : NumberText.fixed(value, decimals: 4)
  }

  private func judgement(_ comparison: DriftAssessment.Comparison) -> Markup {
    switch comparison.stability {
    case ..<DriftAssessment.stableBelow:
      "<span class=\"good\">✓ \(words("data.drift.stable"))</span>"
    case ..<DriftAssessment.shiftedFrom: "\(words("data.drift.moderate"))"
    default: "<span class=\"bad\">✕ \(words("data.drift.shifted"))</span>"
    }
  }

  /// Those that moved most first; equal ones in their order.
  private var ranked: [DriftAssessment.Comparison] {
    comparisons.enumerated().sorted {
      ($1.element.stability, $0.offset) < ($0.element.stability, $1.offset)
    }.map(\.element)
  }

  private var indexFigure: Markup {
    let shown = ranked.prefix(Self.largestFigure)
    let caption = words("data.drift.figure")
    let chart = StabilityChart(
      id: chapter.id("drift", "\(index)"), title: words("data.drift.figureTitle"),
      description: shown.map { "\(title($0)): \(NumberText.decimal($0.stability))." }
        .joined(separator: " "),
      xLabel: words("data.drift.index"),
      rows: shown.map {
        .init(label: title($0), value: $0.stability, chance: $0.stabilityByChance)
      },
      bounds: [DriftAssessment.stableBelow, DriftAssessment.shiftedFrom])
    return chapter.figure(chart.markup, caption: caption)
  }

  /// The bins of what moved most.
  private var binFigure: Markup {
    guard let most = ranked.first else { return .empty }
    let caption = words("data.drift.bins", ["name": title(most)])
    let labels = most.bins.map { bin in
      bin.category ?? bin.upper.map { "≤ " + NumberText.decimal($0) }
        ?? most.bins.dropLast().last?.upper.map { "> " + NumberText.decimal($0) } ?? "–"
    }
    let description = zip(labels, most.bins).map { label, bin in
      words(
        "data.drift.bin",
        [
          "bin": label, "training": NumberText.percent(bin.trainingShare),
          "audited": NumberText.percent(bin.auditedShare),
        ])
    }.joined(separator: " ")
    let chart = ShareChart(
      id: chapter.id("drift-bins", "\(index)"), title: caption, description: description,
      xLabel: title(most), yLabel: words("column.share"),
      shares: [most.bins.map(\.trainingShare), most.bins.map(\.auditedShare)], labels: labels)
    let legend = Legend(names: [words("data.training"), words("data.audited")], isBars: true)
    return chapter.figure(chart.markup, caption: caption, legend: legend.markup)
  }
}
