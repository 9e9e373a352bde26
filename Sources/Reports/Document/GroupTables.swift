import Assessments
import Statistics

/// The gaps and slices of one model's groups, and what decisions are judged by.
struct GroupTables: Sendable {
  var chapter: Chapter
  var assessment: GroupAssessment
  var text: GroupText
  var name: String

  var markup: Markup {
    let single = assessment.partitions.filter { $0.attributes.count == 1 }
    let pairs = assessment.partitions.filter { $0.attributes.count > 1 }
    return [
      single.isEmpty ? .empty : gapTable(single) + note,
      parityTable,
      pairs.isEmpty ? .empty : details("groups.pairSummary", pairs.count, gapTable(pairs)),
      assessment.partitions.isEmpty
        ? .empty
        : details(
          "groups.sliceSummary", assessment.partitions.reduce(0) { $0 + $1.slices.count },
          sliceTable),
    ].joined
  }

  private func details(_ key: String, _ count: Int, _ body: Markup) -> Markup {
    let summary = chapter.words(key, ["model": name, "count": NumberText.count(count)])
    return "<details><summary>\(summary)</summary>\n\(body)</details>"
  }

  /// How the table is to be read, and what its p-values are.
  private var note: Markup {
    chapter.paragraph(
      "groups.gapNote",
      [
        "tests": NumberText.count(assessment.testCount), "small": "\(assessment.smallCount)",
        "level": NumberText.plain(100 * assessment.level),
        "power": NumberText.plain(100 * assessment.power),
      ])
  }

  private func gapTable(_ partitions: [GroupAssessment.Partition]) -> Markup {
    let method = partitions.first?.all.gaps.first?.estimate.method ?? ""
    return Table(
      chapter.words(
        "groups.gapTable",
        ["model": name, "confidence": chapter.confidence, "method": method]),
      columns: [
        .init(chapter.words("column.measure")),
        .init(chapter.words("groups.gap"), isNumeric: true),
        .init(chapter.words("groups.lowest")), .init(chapter.words("groups.highest")),
        .init(chapter.words("groups.probability"), isNumeric: true),
        .init(chapter.words("groups.adjusted"), isNumeric: true),
        .init(chapter.words("groups.detectable"), isNumeric: true),
      ],
      groups: partitions.map { partition in
        Table.Group(
          heading: GroupText.name(partition.attributes),
          rows: partition.all.gaps.indices.flatMap { rows(partition, $0) })
      }
    ).markup
  }

  /// A gap over all slices, and over those with enough samples where that is another.
  private func rows(_ partition: GroupAssessment.Partition, _ criterion: Int) -> [[Markup]] {
    let all = partition.all.gaps[criterion]
    let heading = text.criterion(all.criterion)
    guard let large = partition.withoutSmall?.gaps[criterion], large != all else {
      return [cells(partition, all, heading)]
    }
    let other = chapter.words(
      "groups.withoutSmall", ["criterion": heading, "small": "\(assessment.smallCount)"])
    return [cells(partition, all, heading), cells(partition, large, other)]
  }

  private func cells(
    _ partition: GroupAssessment.Partition, _ gap: GroupAssessment.Gap, _ heading: String
  ) -> [Markup] {
    [
      "\(heading)", Estimate(interval: gap.estimate, isFraction: true).markup,
      "\(text.extreme(partition, gap, gap.lowest))",
      "\(text.extreme(partition, gap, gap.highest))", probability(gap.probability),
      probability(gap.adjustedProbability),
      gap.estimate.value == nil
        ? "–" : "\(gap.detectable.map(NumberText.percent) ?? chapter.words("groups.none"))",
    ]
  }

  private func probability(_ value: Double?) -> Markup {
    "\(value.map(NumberText.probability) ?? "–")"
  }

  private var parityTable: Markup {
    let rows = assessment.partitions.flatMap { partition -> [[Markup]] in
      let heading = GroupText.name(partition.attributes)
      let other = chapter.words(
        "groups.withoutSmall", ["criterion": heading, "small": "\(assessment.smallCount)"])
      return [(heading, partition.all), (other, partition.withoutSmall)].compactMap {
        heading, comparison in comparison.flatMap { row(heading, $0) }
      }
    }
    guard !rows.isEmpty else { return .empty }
    return Table(
      chapter.words("groups.parityTable", ["model": name, "confidence": chapter.confidence]),
      columns: [
        .init(chapter.words("groups.attribute")),
        .init(chapter.words("groups.ratio"), isNumeric: true),
        .init(chapter.words("groups.fourFifths")),
        .init(chapter.words("groups.parityDifference"), isNumeric: true),
        .init(chapter.words("groups.odds"), isNumeric: true),
      ], rows: rows
    ).markup + chapter.paragraph("groups.parityNote")
  }

  private func row(_ heading: String, _ comparison: GroupAssessment.Comparison) -> [Markup]? {
    guard let parity = comparison.parity, let selection = comparison.selection else { return nil }
    return [
      "\(heading)", Estimate(interval: parity.selectionRateRatio, isFraction: false).markup,
      fourFifths(comparison),
      Estimate(interval: selection.estimate, isFraction: true).markup,
      Estimate(interval: parity.equalizedOddsDifference, isFraction: true).markup,
    ]
  }

  private func fourFifths(_ comparison: GroupAssessment.Comparison) -> Markup {
    switch comparison.fourFifths(assessment.level) {
    case .met: "<span class=\"good\">✓ \(chapter.words("groups.ratioMet"))</span>"
    case .missed: "<span class=\"bad\">✕ \(chapter.words("groups.ratioMissed"))</span>"
    case .open: "? \(chapter.words("groups.ratioOpen"))"
    case nil: "–"
    }
  }

  private var sliceTable: Markup {
    Table(
      chapter.words("groups.sliceTable", ["model": name, "confidence": chapter.confidence]),
      columns: [
        .init(chapter.words("groups.slice")),
        .init(chapter.words("column.samples"), isNumeric: true),
      ] + assessment.criteria.map { .init(text.criterion($0), isNumeric: true) },
      groups: assessment.partitions.map { partition in
        Table.Group(
          heading: GroupText.name(partition.attributes), rows: partition.slices.map(cells))
      }
    ).markup
      + chapter.paragraph(
        "groups.sliceNote",
        [
          "small": "\(assessment.smallCount)",
          "level": NumberText.plain(100 * assessment.level),
          "power": NumberText.plain(100 * assessment.power),
        ])
  }

  private func cells(_ slice: GroupAssessment.Slice) -> [Markup] {
    let mark = slice.isSmall ? " " + few : .empty
    return ["\(slice.values.joined(separator: ", "))", "\(NumberText.count(slice.count))\(mark)"]
      + slice.rates.map { cell($0, of: slice) }
  }

  /// A rate with its interval, its own number of samples where that is another, and its test.
  private func cell(_ rate: GroupAssessment.Rate, of slice: GroupAssessment.Slice) -> Markup {
    let estimate = Estimate(interval: rate.estimate, isFraction: true).markup
    guard rate.estimate.value != nil else { return estimate }
    let count: Markup =
      rate.estimate.count == slice.count
      ? .empty
      : "<small class=\"interval\">n = \(rate.estimate.count)\(rate.isSmall ? " " + few : .empty)</small>"
    let test: Markup =
      rate.adjustedProbability.map { adjusted in
        let line = chapter.words(
          "groups.cellTest",
          [
            "probability": NumberText.probabilityRelation(adjusted),
            "detectable": rate.detectable.map(NumberText.percent) ?? chapter.words("groups.none"),
          ])
        // Paper has no room for what most cells say: that nothing is shown.
        let place: Markup = adjusted <= assessment.level ? .empty : " screen-only"
        return "<small class=\"interval\(place)\">\(line)</small>"
      } ?? .empty
    return estimate + count + test
  }

  private var few: Markup {
    "<abbr title=\"\(chapter.words("groups.fewTitle", ["small": "\(assessment.smallCount)"]))\">⚠</abbr>"
  }
}
