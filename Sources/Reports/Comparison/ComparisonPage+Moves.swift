import Audits
import Checks
import Images
import Statistics
import Tensors

extension ComparisonPage {
  /// How many moved explanations are drawn.
  static let mapLimit = 6

  /// How far the explanations of the same answers moved.
  func moves() throws -> Markup {
    guard !comparison.moves.isEmpty else { return paragraph("compare.moves.none") }
    return [paragraph("compare.moves.lead"), methodTable, try maps(), moveTable].joined
  }

  private var methodTable: Markup {
    let methods = Dictionary(grouping: comparison.moves, by: \.method).sorted { $0.key < $1.key }
    return Table(
      words("compare.moves.methods"),
      columns: [
        .init(words("column.method")), .init(words("column.samples"), isNumeric: true),
        .init(words("compare.median"), isNumeric: true),
        .init(words("column.minimum"), isNumeric: true),
      ],
      rows: methods.map { method, moves in
        let values = moves.map(\.rankCorrelation)
        return [
          "\(method)", "\(NumberText.count(moves.count))",
          "\(Bootstrap.median(values).map { NumberText.decimal($0) } ?? "–")",
          "\(values.min().map { NumberText.decimal($0) } ?? "–")",
        ]
      }
    ).markup
  }

  private var moveTable: Markup {
    let table = Table(
      words("compare.moves.table"),
      columns: [
        .init(words("compare.sample")), .init(words("compare.number"), isNumeric: true),
        .init(words("column.method")), .init(words("compare.target")),
        .init(words("compare.correlation"), isNumeric: true),
      ],
      rows: comparison.moves.map { move in
        [
          "\(move.name)", ExactNumber.count(move.sample), "\(move.method)",
          className(move.target),
          ExactNumber.markup(move.rankCorrelation, NumberText.decimal(move.rankCorrelation)),
        ]
      })
    return foldable(table, rows: comparison.moves.count)
  }

  /// The explanations of images that moved most, before and after on one scale each.
  ///
  /// Maps that a report would not draw are not drawn here either.
  private func maps() throws -> Markup {
    guard document.first.model.input.layout == .image else { return .empty }
    let (before, after) = (Self.drawable(document.first), Self.drawable(document.second))
    let shown = comparison.moves.lazy.compactMap { move -> MovedMap? in
      guard let first = before[Self.key(move)], let second = after[Self.key(move)] else {
        return nil
      }
      return MovedMap(move: move, first: first, second: second)
    }.prefix(Self.mapLimit)
    let figures = try shown.map(figure)
    guard !figures.isEmpty else { return .empty }
    return """
      <h3>\(words("compare.moves.heading", ["limit": "\(Self.mapLimit)"]))</h3>
      <div class="examples">\(figures)</div>
      """
  }

  private struct MovedMap {
    var move: RecordComparison.Move
    var first: ExplanationFinding
    var second: ExplanationFinding
  }

  private static func key(_ move: RecordComparison.Move) -> [String] {
    ["\(move.sample)", move.method]
  }

  private static func drawable(_ record: AuditRecord) -> [[String]: ExplanationFinding] {
    let withdrawn = Set(QualitySummary.all(record).filter(\.isWithdrawn).map(\.method))
    let drawable = record.explanations.filter { explanation in
      !withdrawn.contains(explanation.method) && explanation.attributions.shape.rank == 3
        && HeatmapScale.refusal(of: InputPicture.map(of: explanation.attributions).values) == nil
    }
    return Dictionary(
      drawable.map { (["\($0.sample)", $0.method], $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func figure(_ shown: MovedMap) throws -> Markup {
    let maps = [shown.first, shown.second].map { InputPicture.map(of: $0.attributions) }
    let scale = HeatmapScale(panels: maps.map(\.values))
    let factor = InputPicture.enlargement(of: document.first.model.input.shape)
    let panels = try zip(maps, names).map { map, name in
      try EmbeddedPicture.panel(
        map.image(scale, enlargedBy: factor), name: name,
        alternative: words("alt.shift", ["panel": name, "method": shown.move.method]))
    }
    let chapter = Chapter(
      number: 1, records: [document.first, document.second], names: names, words: words)
    let bar = try EmbeddedPicture.colourBar(
      scale, unit: chapter.unit(of: shown.first), height: maps[0].height * factor)
    let caption = words(
      "compare.moves.caption",
      [
        "name": shown.move.name, "method": shown.move.method,
        "class": document.first.className(shown.move.target),
        "correlation": NumberText.decimal(shown.move.rankCorrelation),
      ])
    return """
      <figure class="explanation"><span class="panels">\(panels)\(bar)</span>\
      <figcaption>\(caption)</figcaption></figure>
      """
  }
}
