import Audits
import Checks
import Images
import Tensors

extension ComparisonPage {
  /// How many new adversarial examples are shown as pictures.
  static let pictureLimit = 12

  /// Which samples an attack breaks anew, no more, or more easily.
  func breaks() throws -> Markup {
    guard !comparison.breaks.isEmpty else { return paragraph("compare.breaks.none") }
    let tables = comparison.breaks.map(tables).joined
    return [paragraph("compare.breaks.lead"), tables, try pictures()].joined
  }

  private func tables(_ changes: RecordComparison.BreakChanges) -> Markup {
    let limit = ExactNumber.markup(changes.limit, NumberText.plain(changes.limit))
    let lists = [("new", changes.new), ("fixed", changes.fixed), ("worse", changes.worse)]
    let counts = Table(
      words("compare.breaks.counts", ["norm": changes.norm.symbol]),
      columns: [
        .init(words("compare.kind")), .init(words("column.samples"), isNumeric: true),
      ],
      rows: [["\(words("compare.breaks.both"))", ExactNumber.count(changes.count)]]
        + lists.map { ["\(words("compare.breaks.\($0.0)"))", ExactNumber.count($0.1.count)] }
        + [["\(words("compare.breaks.unfinished"))", ExactNumber.count(changes.unfinished)]])
    return """
      <h3>\(words("compare.breaks.heading", ["norm": changes.norm.symbol])) \(limit) \
      (\(changes.scale))</h3>
      \(counts.markup)
      \(lists.filter { !$0.1.isEmpty }.map { table($0.0, $0.1, changes) })
      """
  }

  private func table(
    _ key: String, _ breaks: [RecordComparison.Break], _ changes: RecordComparison.BreakChanges
  ) -> Markup {
    let table = Table(
      words("compare.breaks.table.\(key)", ["norm": changes.norm.symbol]),
      columns: [
        .init(words("compare.sample")), .init(words("compare.number"), isNumeric: true),
        .init(words("column.class")),
        .init(words("compare.distance", ["model": names[0]]), isNumeric: true),
        .init(words("compare.distance", ["model": names[1]]), isNumeric: true),
        .init(words("column.attack")), .init(words("compare.taken")),
      ],
      rows: breaks.map { entry in
        [
          "\(entry.name)", ExactNumber.count(entry.sample), className(entry.label),
          distance(entry.firstDistance), distance(entry.secondDistance), "\(entry.attack)",
          className(entry.predicted),
        ]
      })
    return foldable(table, rows: breaks.count)
  }

  private func distance(_ value: Double?) -> Markup {
    value.map { ExactNumber.markup($0, NumberText.decimal($0)) }
      ?? "\(words("compare.withstood"))"
  }

  /// New adversarial examples of image models, nearest first in shares of the radius.
  private func pictures() throws -> Markup {
    let input = document.second.model.input
    guard input.layout == .image else { return .empty }
    let predictions = Dictionary(
      document.second.predictions.map { ($0.sample, $0) }, uniquingKeysWith: { first, _ in first })
    let candidates = comparison.breaks.flatMap { changes in
      let nearest = NearestBreaks(document.second, changes.norm, within: changes.limit)
      return changes.new.compactMap { entry -> NewBreak? in
        guard let clean = predictions[entry.sample], let finding = nearest[entry.sample],
          let perturbed = finding.perturbed, perturbed.shape == clean.input.shape,
          perturbed.shape.rank == 3
        else { return nil }
        return NewBreak(
          entry: entry, norm: changes.norm, share: finding.distance / changes.limit,
          clean: clean.input, perturbed: perturbed)
      }
    }
    let shown = candidates.sorted { ($0.share, $0.entry.sample) < ($1.share, $1.entry.sample) }
      .prefix(Self.pictureLimit)
    guard !shown.isEmpty else { return .empty }
    let cases = try shown.map { try picture($0, input) }
    let heading = words("compare.breaks.pictures", ["limit": "\(Self.pictureLimit)"])
    return "<h3>\(heading)</h3><ol class=\"cases\">\(cases)</ol>"
  }

  /// What a picture of a new adversarial example shows.
  private struct NewBreak {
    var entry: RecordComparison.Break
    var norm: Norm
    var share: Double
    var clean: Tensor
    var perturbed: Tensor
  }

  private func picture(_ shown: NewBreak, _ input: InputSpecification) throws -> Markup {
    let factor = InputPicture.enlargement(of: input.shape)
    let entry = shown.entry
    let values: KeyValuePairs<String, String> = [
      "name": entry.name, "class": document.first.className(entry.label),
      "taken": document.first.className(entry.predicted),
      "distance": NumberText.decimal(entry.secondDistance ?? 0), "norm": shown.norm.symbol,
      "attack": entry.attack, "first": names[0],
    ]
    let panels = try [("panel.clean", shown.clean), ("panel.perturbed", shown.perturbed)].map {
      key, tensor in
      try EmbeddedPicture.panel(
        InputPicture.image(of: tensor, input).enlarged(by: factor), name: words(key),
        alternative: words("compare.alt", ["name": entry.name, "panel": words(key)]))
    }
    return """
      <li class="case"><span class="panels">\(panels)</span>\
      <p class="case-caption">\(words("compare.breaks.caption", values))</p></li>
      """
  }
}
