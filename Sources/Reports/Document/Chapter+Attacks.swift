import Audits

extension Chapter {
  /// Every attack with its parameters, its budget and what it left, the models one after another.
  var attackTable: Markup {
    Table(
      words("attacks.table"),
      columns: [
        .init(words("column.attack")), .init(words("column.access")),
        .init(words("column.parameters")), .init(words("column.epsilons")),
        .init(words("column.attacked"), isNumeric: true),
        .init(words("column.passes"), isNumeric: true),
        .init(words("column.left"), isNumeric: true),
      ],
      groups: models.map { name, record in
        Table.Group(heading: name, rows: record.attacks.map { row($0, record) })
      }
    ).markup
  }

  private func row(_ attack: AttackDescription, _ record: AuditRecord) -> [Markup] {
    let parameters = attack.parameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    let told = "\(parameters.isEmpty ? "–" : parameters); \(attack.goal)"
    let key =
      attack.isProbe
      ? "attacks.probe"
      : (attack.isControl
        ? "attacks.control" : (attack.isWhiteBox ? "attacks.white" : "attacks.black"))
    return [
      "\(attack.id)", "\(words(key))",
      "<span class=\"small\">\(words.recorded(told))</span>",
      "\(NumberText.list(attack.epsilons))",
      "\(NumberText.count(attack.samplesAttacked))",
      "\(NumberText.count(attack.forwardPasses)) / \(NumberText.count(attack.backwardPasses))",
      left(by: attack, record),
    ]
  }

  /// The fraction that survived the largest ε that the attack was tried at.
  private func left(by attack: AttackDescription, _ record: AuditRecord) -> Markup {
    let measure = attack.epsilons.reversed().lazy.compactMap { epsilon in
      record.measure(
        .attackAccuracy, method: attack.id, norm: attack.norm, epsilon: epsilon)
    }.first { $0.count > 0 }
    guard let measure, let epsilon = measure.epsilon else { return "–" }
    return """
      \(Estimate(measure).markup) <small class="interval">n = \(measure.count), \
      ε = \(NumberText.plain(epsilon))</small>
      """
  }
}
