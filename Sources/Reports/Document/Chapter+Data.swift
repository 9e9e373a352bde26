import Assessments
import Audits
import Tensors

extension Chapter {
  /// What the data are, whether training leaked into them, and whether they have moved.
  var data: Markup {
    let sheets = distinct(records.map(\.assessments.dataSheet))
    let drifts = distinct(records.map(\.assessments.drift))
    guard !sheets.isEmpty || !drifts.isEmpty else { return .empty }
    let several = sheets.count > 1 || drifts.count > 1
    let parts = sheets.map { sheet, names in
      DataSection(chapter: self, names: several ? names : nil, sheet: sheet).markup
    }
    let moved = drifts.enumerated().map { index, entry in
      DriftSection(
        chapter: self, index: index, names: several ? entry.names : nil, drift: entry.value
      ).markup
    }
    return paragraph("data.lead") + parts.joined + moved.joined
  }

  /// What models have in common is said once, with the names of the models it is of.
  private func distinct<Value: Hashable>(_ values: [Value?]) -> [(value: Value, names: String)] {
    var entries: [(value: Value, names: [String])] = []
    for (name, value) in zip(names, values) {
      guard let value else { continue }
      if let index = entries.firstIndex(where: { $0.value == value }) {
        entries[index].names.append(name)
      } else {
        entries.append((value, [name]))
      }
    }
    return entries.map { ($0.value, $0.names.joined(separator: ", ")) }
  }
}

/// One data sheet: parts, leaks and duplicates, constant features, values outside training.
private struct DataSection {
  let chapter: Chapter
  /// The models it is of, where there are several sheets.
  let names: String?
  let sheet: DataSheet

  private var words: Words { chapter.words }

  var markup: Markup {
    [heading, leakage, parts, findings, chapter.paragraph("data.read"), constants, outside].joined
  }

  private var heading: Markup { names.map { "<h4>\($0)</h4>" } ?? .empty }

  private var leakage: Markup {
    guard let leaked = sheet.leaked, let near = sheet.nearlyLeaked else {
      return "<p class=\"callout\">\(words("data.leak.unknown"))</p>"
    }
    guard leaked.count + near.count > 0 else { return chapter.paragraph("data.leak.none") }
    let text = words(
      "data.leak.found",
      [
        "equal": NumberText.count(leaked.count), "near": NumberText.count(near.count),
        "count": NumberText.count(sheet.audited.count),
        "share": NumberText.percent(
          Double(leaked.count + near.count) / Double(max(sheet.audited.count, 1))),
      ])
    return "<p class=\"callout\">\(text)</p>"
  }

  private var parts: Markup {
    let rows = [
      sheet.training.map { (words("data.training"), $0) }, (words("data.audited"), sheet.audited),
    ].compactMap(\.self)
    return Table(
      words("data.parts"),
      columns: [
        .init(words("data.part")), .init(words("column.samples"), isNumeric: true),
        .init(words("column.classes")),
      ],
      rows: rows.map { name, part in
        ["\(name)", "\(NumberText.count(part.count))", "\(classes(part))"]
      }
    ).markup
  }

  private func classes(_ part: DataSheet.Part) -> String {
    zip(sheet.classNames, part.classCounts).map { name, count in
      words(
        "data.class",
        [
          "class": name, "count": NumberText.count(count),
          "share": NumberText.percent(Double(count) / Double(max(part.count, 1))),
        ])
    }.joined(separator: "; ")
  }

  private var findings: Markup {
    let rows: [(String, DataSheet.Matches?)] = [
      (words("data.finding.leaked"), sheet.leaked), (nearTitle, sheet.nearlyLeaked),
      (words("data.finding.trainingContradictions"), sheet.trainingContradictions),
      (words("data.finding.duplicates"), sheet.duplicates),
      (words("data.finding.contradictions"), sheet.contradictions),
    ]
    return Table(
      words("data.findings", ["count": NumberText.count(sheet.audited.count)]),
      columns: [
        .init(words("data.finding")), .init(words("column.samples"), isNumeric: true),
        .init(words("data.which", ["limit": "\(DataSheet.listed)"])),
      ],
      rows: rows.compactMap { title, matches in
        matches.map { ["\(title)", "\(NumberText.count($0.count))", "\(list($0))"] }
      }
    ).markup
  }

  private var nearTitle: String {
    let tolerance = sheet.nearTolerance
    return switch sheet.nearRule {
    case .features: words("data.finding.nearFeatures", ["share": NumberText.percent(tolerance)])
    case .meanDifference:
      words("data.finding.nearDifference", ["share": NumberText.percent(tolerance)])
    }
  }

  private func list(_ matches: DataSheet.Matches) -> String {
    guard matches.count > 0 else { return "–" }
    let pairs = matches.first.map { match in
      match.hasSameLabel
        ? words("data.match", ["sample": "\(match.sample)", "twin": "\(match.twin)"])
        : words("data.matchOther", ["sample": "\(match.sample)", "twin": "\(match.twin)"])
    }
    return pairs.joined(separator: ", ") + (matches.count > pairs.count ? ", …" : "")
  }

  private var constants: Markup {
    if !sheet.constantFeatures.isEmpty {
      return chapter.paragraph(
        "data.constant", ["features": sheet.constantFeatures.joined(separator: ", ")])
    }
    guard sheet.constantPositions > 0 else { return .empty }
    return chapter.paragraph(
      "data.constantPositions",
      [
        "count": NumberText.count(sheet.constantPositions),
        "all": NumberText.count(sheet.positionCount),
      ])
  }

  private var outside: Markup {
    guard !sheet.outside.isEmpty else { return .empty }
    return Table(
      words("data.outside"),
      columns: [
        .init(words("column.feature")), .init(words("data.range")),
        .init(words("column.samples"), isNumeric: true),
        .init(words("data.which", ["limit": "\(DataSheet.listed)"])),
      ],
      rows: sheet.outside.map { entry in
        let list = entry.samples.map(String.init).joined(separator: ", ")
        return [
          "\(entry.name)", "\(range(entry))", "\(NumberText.count(entry.count))",
          "\(list)\(entry.count > entry.samples.count ? ", …" : "")",
        ]
      }
    ).markup
  }

  private func range(_ entry: DataSheet.Outside) -> String {
    guard let lower = entry.range?.lower, let upper = entry.range?.upper else {
      return words("data.newCategories", ["names": entry.categories.joined(separator: ", ")])
    }
    return words(
      "data.seen", ["lower": NumberText.decimal(lower), "upper": NumberText.decimal(upper)])
  }
}
