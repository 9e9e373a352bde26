import Assessments
import Audits
import Statistics

extension Chapter {
  /// Features that go together, with what shuffling them together does; empty where there are none.
  func importanceGroups(_ importance: ImportanceAssessment, _ name: String) -> Markup {
    guard !importance.groups.isEmpty else { return .empty }
    let limit = NumberText.plain(importance.associationLimit)
    let table = Table(
      words("global.groups.table", ["model": name, "confidence": confidence]),
      columns: [
        .init(words("global.groups.members")), .init(words("global.groups.alone")),
        .init(words("global.axis.loss"), isNumeric: true),
        .init(words("global.axis.accuracy"), isNumeric: true),
      ],
      rows: importance.groups.map { group in
        let members = group.members.map { importance.parts[$0] }
        let alone = members.map { "\($0.name) \(NumberText.signed($0.loss.mean))" }
        return [
          "\(members.map(\.name).joined(separator: ", "))",
          "\(alone.joined(separator: ", "))", lossCell(group.loss), accuracyCell(group.accuracy),
        ]
      })
    return paragraph("global.groups.warning", ["limit": limit]) + table.markup
      + associations(importance, limit: limit)
  }

  private func associations(_ importance: ImportanceAssessment, limit: String) -> Markup {
    let table = Table(
      words("global.associations.table", ["limit": limit]),
      columns: [
        .init(words("column.feature")), .init(words("global.associations.other")),
        .init(words("global.associations.value"), isNumeric: true),
        .init(words("column.method")),
      ],
      rows: importance.associations.map { pair in
        [
          "\(importance.parts[pair.first].name)", "\(importance.parts[pair.second].name)",
          "\(NumberText.decimal(pair.value))",
          "\(words("global.association.\(pair.method.rawValue)"))",
        ]
      })
    return """
      <details><summary>\(words("global.associations.summary", ["limit": limit]))</summary>\
      \(table.excerpt(words).markup)</details>
      """
  }

  /// Every part with both measures, those that matter most first.
  func importanceTable(_ importance: ImportanceAssessment, _ name: String) -> Markup {
    let rows = importance.order.map { position -> [Markup] in
      let part = importance.parts[position]
      let group = importance.groups.firstIndex { $0.members.contains(position) }
      return [
        "\(partName(part))", lossCell(part.loss), error(part.loss, isFraction: false),
        accuracyCell(part.accuracy), error(part.accuracy, isFraction: true),
        "\(group.map { "\($0 + 1)" } ?? "–")",
      ]
    }
    let table = Table(
      words("global.table", ["model": name, "confidence": confidence]),
      columns: [
        .init(words("global.part")), .init(words("global.axis.loss"), isNumeric: true),
        .init(words("global.error"), isNumeric: true),
        .init(words("global.axis.accuracy"), isNumeric: true),
        .init(words("global.error"), isNumeric: true),
        .init(words("column.group"), isNumeric: true),
      ], rows: rows)
    return """
      <details><summary>\(words("global.table.summary"))</summary>\(table.markup)\
      \(paragraph("global.table.note"))</details>
      """
  }

  private func lossCell(_ importance: ImportanceEstimate) -> Markup {
    cell(importance.estimate) { NumberText.signed($0) }
  }

  private func accuracyCell(_ importance: ImportanceEstimate) -> Markup {
    cell(importance.estimate) { points($0) }
  }

  private func error(_ importance: ImportanceEstimate, isFraction: Bool) -> Markup {
    let error = importance.standardError
    return "\(isFraction ? points(error) : NumberText.decimal(error, digits: 2))"
  }

  /// A difference of shares in percentage points.
  private func points(_ difference: Double) -> String {
    NumberText.fixed(100 * difference, decimals: 1)
  }

  private func cell(_ estimate: IntervalEstimate, _ text: (Double) -> String) -> Markup {
    guard let value = estimate.value, let lower = estimate.lower, let upper = estimate.upper else {
      return "–"
    }
    let range = words("global.range", ["lower": text(lower), "upper": text(upper)])
    return """
      <span class="value">\(text(value))</span> <small class="interval">\(range)</small>
      """
  }
}
