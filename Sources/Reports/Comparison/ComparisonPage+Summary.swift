import Audits
import Checks

extension ComparisonPage {
  /// What was compared, on which samples, and what a reader must know of it.
  var summary: Markup {
    [paragraph("compare.lead"), notes, runs, samples].joined
  }

  private var notes: Markup {
    comparison.notes.map { "<p class=\"callout\">\($0)</p>" as Markup }.joined
  }

  private var runs: Markup {
    Table(
      words("compare.runs"),
      columns: [.init(words("compare.about"))] + names.map { .init($0) },
      rows: [
        row("model", \.model), row("file", style: "hash", \.sha256), row("run", \.id),
        row("title", \.title), row("started") { NumberText.moment($0.started) },
        row("data", \.data), row("selection", \.selection), row("suite", \.suite),
        row("state") { words($0.isComplete ? "compare.complete" : "cover.incomplete") },
        [
          "\(words("compare.run.samples"))", ExactNumber.count(comparison.first.sampleCount),
          ExactNumber.count(comparison.second.sampleCount),
        ],
      ]
    ).markup
  }

  private func row(
    _ key: String, style: String? = nil, _ text: (RecordComparison.Run) -> String
  ) -> [Markup] {
    let cells = [comparison.first, comparison.second].map { run -> Markup in
      style.map { "<span class=\"\($0)\">\(text(run))</span>" } ?? "\(text(run))"
    }
    return ["\(words("compare.run.\(key)"))"] + cells
  }

  private var samples: Markup {
    let overlap = comparison.overlap
    return Table(
      words("compare.samples"),
      columns: [
        .init(words("compare.kind")), .init(words("column.samples"), isNumeric: true),
      ],
      rows: [
        ("compare.overlap.common", overlap.count), ("compare.overlap.input", overlap.otherInput),
        ("compare.overlap.label", overlap.otherLabel),
        ("compare.overlap.first", overlap.onlyFirst),
        ("compare.overlap.second", overlap.onlySecond),
      ].map { ["\(words($0.0))", ExactNumber.count($0.1)] }
    ).markup
  }
}
