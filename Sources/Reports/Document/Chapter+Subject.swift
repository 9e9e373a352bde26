import Audits
import Foundation
import Tensors

extension Chapter {
  /// What was tested: the models and the data.
  var subject: Markup {
    [modelTable, modelFacts, input, dataTable, featureTable, notes, programs].joined
  }

  private var modelTable: Markup {
    Table(
      words("subject.models"),
      columns: [
        .init(words("column.model")), .init(words("column.parameters"), isNumeric: true),
        .init(words("column.classes"), isNumeric: true), .init(words("column.training")),
        .init(words("column.sha256")),
      ],
      rows: models.map { name, record in
        [
          "\(name)", "\(NumberText.count(record.model.parameterCount))",
          "\(record.model.classNames.count)", training(of: record),
          "<code class=\"hash\">\(String(record.model.sha256.prefix(12)))…</code>",
        ]
      }
    ).markup
  }

  /// What the training record says, in words.
  private func training(of record: AuditRecord) -> Markup {
    guard !record.model.trainingRecord.isEmpty else { return "\(words("subject.untold"))" }
    let entries = TrainingSummary(record.model.trainingRecord, words).entries
    guard !entries.isEmpty else { return "\(record.model.trainingRecord)" }
    let items = entries.map { entry -> Markup in "<li>\(entry.name): \(entry.value)</li>" }
    return "<ul class=\"plain\">\(items)</ul>"
  }

  private var input: Markup {
    let specification = records[0].model.input
    let shape = specification.shape.dimensions.map(String.init).joined(separator: " × ")
    return paragraph(
      "subject.input.\(specification.layout.rawValue)",
      ["shape": shape, "range": range(specification.range)])
  }

  private func range(_ range: ValueRange?) -> String {
    guard let range else { return words("subject.unbounded") }
    return words(
      "subject.range",
      [
        "lower": range.lower.map(NumberText.plain) ?? "−∞",
        "upper": range.upper.map(NumberText.plain) ?? "∞",
      ])
  }

  private var dataTable: Markup {
    let data = records[0].data
    let rows: [[Markup]] = zip(records[0].model.classNames, data.classCounts).map { name, count in
      let share = data.sampleCount > 0 ? Double(count) / Double(data.sampleCount) : 0
      return ["\(name)", "\(NumberText.count(count))", "\(NumberText.percent(share))"]
    }
    let hashes = data.sha256.map { file -> Markup in
      "<li>\(file.name) <code class=\"hash\">\(file.value)</code></li>"
    }
    let table = Table(
      words("subject.classes"),
      columns: [
        .init(words("column.class")), .init(words("column.samples"), isNumeric: true),
        .init(words("column.share"), isNumeric: true),
      ], rows: rows
    ).markup
    return """
      \(paragraph(
        "subject.data",
        ["selection": data.selection, "count": NumberText.count(data.sampleCount)]))
      \(table)
      <details><summary>\(words("subject.files"))</summary><ul>\(hashes)</ul></details>
      """
  }

  private var featureTable: Markup {
    let data = records[0].data
    guard !data.features.isEmpty else { return .empty }
    let specification = records[0].model.input
    let rows = data.features.map { summary -> [Markup] in
      let feature = specification.feature(named: summary.name)
      let change = feature?.isMutable == false ? words("subject.fixed") : direction(feature)
      // The codes of categories have no size.
      func number(_ value: Double) -> Markup {
        feature?.kind == .categorical ? "–" : "\(NumberText.decimal(value))"
      }
      return [
        "\(summary.name)",
        "\(feature.map { words("feature.kind.\($0.kind.rawValue)") } ?? "–")",
        "\(feature?.unit ?? "–")",
        number(summary.minimum), number(summary.mean), number(summary.maximum),
        "\(feature.map(attackRange) ?? "–")", "\(change)",
      ]
    }
    let table = Table(
      words("subject.features"),
      columns: [
        .init(words("column.feature")), .init(words("column.kind")), .init(words("column.unit")),
        .init(words("column.minimum"), isNumeric: true),
        .init(words("column.mean"), isNumeric: true),
        .init(words("column.maximum"), isNumeric: true),
        .init(words("subject.rangeColumn"), isNumeric: true), .init(words("column.change")),
      ], rows: rows)
    return """
      <details><summary>\(words("subject.featureSummary", ["count": "\(rows.count)"]))</summary>
      \(table.markup)</details>
      """
  }

  /// The range that one unit of ε is where distances are in feature ranges; categories have none.
  private func attackRange(_ feature: Feature) -> String {
    guard feature.kind != .categorical, let lower = feature.range?.lower,
      let upper = feature.range?.upper
    else { return "–" }
    return NumberText.range(lower, upper)
  }

  private func direction(_ feature: Feature?) -> String {
    words("subject.direction.\(feature?.direction.rawValue ?? "any")")
  }

  private var notes: Markup {
    let notes = records[0].data.notes.map { "<li>\(words.recorded($0))</li>" as Markup }
    return notes.isEmpty ? .empty : "<ul>\(notes)</ul>"
  }

  private var programs: Markup {
    models.map { name, record -> Markup in
      """
      <details><summary>\(words("subject.program", ["model": name]))</summary>
      <pre tabindex="0">\(record.model.programText)</pre></details>
      """
    }.joined
  }
}
