import Audits
import Checks

extension ComparisonPage {
  /// The samples that the models answer differently.
  var answers: Markup {
    guard !comparison.flips.isEmpty else { return paragraph("compare.answers.none") }
    let kinds = RecordComparison.Flip.Kind.allCases
    let counts = Table(
      words("compare.answers.counts"),
      columns: [.init(words("compare.kind")), .init(words("column.samples"), isNumeric: true)],
      rows: kinds.map { kind in
        [
          "\(name(kind))",
          ExactNumber.count(comparison.flips.count { $0.kind == kind }),
        ]
      })
    return counts.markup + kinds.map(table).joined
  }

  private func name(_ kind: RecordComparison.Flip.Kind) -> String {
    switch kind {
    case .rightToWrong: words("compare.flip.rightToWrong")
    case .wrongToRight: words("compare.flip.wrongToRight")
    case .wrongToWrong: words("compare.flip.wrongToWrong")
    }
  }

  private func table(_ kind: RecordComparison.Flip.Kind) -> Markup {
    let flips = comparison.flips.filter { $0.kind == kind }
    guard !flips.isEmpty else { return .empty }
    let table = Table(
      words("compare.answers.table", ["kind": name(kind)]),
      columns: [
        .init(words("compare.sample")), .init(words("compare.number"), isNumeric: true),
        .init(words("column.trueClass")), .init(names[0]), .init(names[1]),
      ],
      rows: flips.map { flip in
        [
          "\(flip.name)", ExactNumber.count(flip.sample), className(flip.label),
          answer(flip.first, flip.firstConfidence), answer(flip.second, flip.secondConfidence),
        ]
      })
    return foldable(table, rows: flips.count)
  }

  private func answer(_ index: Int, _ confidence: Double?) -> Markup {
    guard let confidence else { return className(index) }
    return """
      \(className(index)) <small class="interval">\
      \(ExactNumber.value(confidence, isFraction: true))</small>
      """
  }

  /// Warnings that are new or gone, and gates whose verdict changed.
  var verdicts: Markup { [warnings, gates].joined }

  private var warnings: Markup {
    guard !comparison.warnings.isEmpty else { return paragraph("compare.warnings.none") }
    return Table(
      words("compare.warnings"),
      columns: [
        .init(words("compare.warning")), .init(words("compare.change")),
        .init(words("compare.raised")),
      ],
      rows: comparison.warnings.map { warning in
        [
          "\(warning.name)\(warning.isVeto ? " · \(words("warnings.veto"))" : "")",
          "\(words(warning.isNew ? "compare.warnings.new" : "compare.warnings.gone"))",
          "<span class=\"prose\">\(warning.raised)</span>",
        ]
      }
    ).markup
  }

  private var gates: Markup {
    guard !comparison.gates.isEmpty else { return paragraph("compare.gates.none") }
    return Table(
      words("compare.gates"),
      columns: [
        .init(words("column.requirement")), .init(names[0]), .init(names[1]),
        .init(words("column.threshold"), isNumeric: true),
      ],
      rows: comparison.gates.map { gate in
        let isFraction = gate.requirement.contains("%")
        let limit =
          isFraction ? NumberText.percent(gate.threshold) : NumberText.plain(gate.threshold)
        return [
          "\(gate.requirement)", verdict(gate.first, gate.firstValue, isFraction),
          verdict(gate.second, gate.secondValue, isFraction),
          "\(gate.isAtLeast ? "≥" : "≤")\u{A0}\(ExactNumber.markup(gate.threshold, limit))",
        ]
      }
    ).markup
  }

  private func verdict(
    _ verdict: GateResult.Verdict, _ value: Double?, _ isFraction: Bool
  ) -> Markup {
    """
    \(VerdictBadge.markup(verdict, words)) \
    <small class="interval">\(ExactNumber.value(value, isFraction: isFraction))</small>
    """
  }
}
