import Assessments
import Statistics

extension Chapter {
  /// What replacing the reasons' features changes, beside controls.
  func validationTable(_ codes: ReasonCodeAssessment) -> Markup {
    let validation = codes.validation
    let beats = share(validation.beatsRandom)
    return Table(
      words("reasons.validation", ["count": NumberText.count(validation.count)]),
      columns: [
        .init(words("reasons.replaced")), .init(words("reasons.rise"), isNumeric: true),
        .init(words("reasons.advantage"), isNumeric: true),
        .init(words("reasons.beaten"), isNumeric: true), .init(words("column.judgement")),
      ],
      rows: [
        ["\(words("reasons.theReasons"))", number(validation.reasons), "–", "–", ""],
        [
          "\(words("reasons.random"))", number(validation.random), number(validation.advantage),
          beats, judgement(validation.advantage.value),
        ],
        [
          "\(words("reasons.least"))", number(validation.least),
          number(validation.leastAdvantage), "–", judgement(validation.leastAdvantage.value),
        ],
      ]
    ).inline.markup
  }

  private func judgement(_ advantage: Double?) -> Markup {
    guard let advantage else { return "–" }
    return advantage > 0
      ? "<span class=\"good\">✓ \(words("reasons.better"))</span>"
      : "<span class=\"bad\">✕ \(words("reasons.worse"))</span>"
  }

  /// Whether reasons stay when what they are measured from changes.
  func stabilityTable(_ codes: ReasonCodeAssessment) -> Markup {
    let stability = codes.stability
    let kinds = [
      (words("reasons.halves"), stability.halves),
      (
        words(
          "reasons.whole", ["count": NumberText.count(stability.wholePopulationCount)]),
        stability.wholePopulation
      ),
    ]
    return Table(
      words(
        "reasons.stability", ["count": NumberText.count(stability.halves.firstKept.count)]),
      columns: [
        .init(words("reasons.against")), .init(words("reasons.firstKept"), isNumeric: true),
        .init(words("reasons.overlap"), isNumeric: true),
        .init(words("reasons.ranks"), isNumeric: true),
      ],
      rows: kinds.map { name, means in
        [
          "\(name)", share(means.firstKept), share(means.overlap), number(means.rankCorrelation),
        ]
      }
    ).inline.markup
  }
}
