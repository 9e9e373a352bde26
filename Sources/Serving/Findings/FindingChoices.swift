import Audits
import Reports
import Tensors

/// What a run's findings can be filtered by, and what a query chose of it.
struct FindingChoices: Sendable {
  /// A field of the form.
  struct Field: Sendable {
    let name: String
    let options: [Option]
    /// Whether the field may be left open.
    var isOptional = true
  }

  /// A value of a field and how it reads.
  struct Option: Hashable, Sendable {
    let value: String
    let text: String
  }

  /// Fields with something to choose, in the order of the form.
  let fields: [Field]

  init(_ record: AuditRecord, _ words: Words) {
    let classes = Set(
      record.predictions.map(\.label) + record.findings.map(\.predicted)
    ).sorted().map { Option(value: String($0), text: record.className($0)) }
    let norms = Norm.allCases.filter { norm in record.attacks.contains { $0.norm == norm } }
    let epsilons = Set(record.findings.map(\.epsilon)).sorted()
    let groups = Set(record.predictions.flatMap(\.groups).map(\.words)).sorted()
    let outcomes: [AttackFinding.Outcome] = [.broken, .survived, .rejected]
    fields = [
      Field(name: "attack", options: record.attacks.map { Option(value: $0.id, text: $0.id) }),
      Field(name: "norm", options: norms.map { Option(value: $0.rawValue, text: $0.symbol) }),
      Field(
        name: "epsilon",
        options: epsilons.map { Option(value: String($0), text: NumberText.plain($0)) }),
      Field(
        name: "outcome",
        options: outcomes.map {
          Option(value: $0.rawValue, text: words("serve.outcome.\($0.rawValue)"))
        }),
      Field(name: "class", options: classes),
      Field(name: "predicted", options: classes),
      Field(name: "group", options: groups.map { Option(value: $0, text: $0) }),
      Field(
        name: "sort",
        options: FindingFilter.Order.allCases.map {
          Option(value: $0.rawValue, text: words("serve.sort.\($0.rawValue)"))
        }, isOptional: false),
    ].filter { !$0.options.isEmpty }
  }

  /// The filter that a query asks for.
  ///
  /// - Throws: `PageProblem` where a value is none of its field's, or is given twice.
  func filter(_ target: RequestTarget, _ words: Words) throws -> FindingFilter {
    func chosen(_ name: String) throws -> String? {
      let values = target.values(name)
      guard let value = values.first else { return nil }
      let options = fields.first { $0.name == name }?.options ?? []
      guard values.count == 1, options.contains(where: { $0.value == value }) else {
        throw PageProblem.badRequest(
          words(
            "serve.problem.choice",
            ["name": words("serve.field.\(name)"), "value": values.joined(separator: ", ")]))
      }
      return value
    }
    return FindingFilter(
      attack: try chosen("attack"), norm: try chosen("norm").flatMap(Norm.init(rawValue:)),
      epsilon: try chosen("epsilon").flatMap(Double.init),
      outcome: try chosen("outcome").flatMap(AttackFinding.Outcome.init(rawValue:)),
      label: try chosen("class").flatMap { Int($0) },
      predicted: try chosen("predicted").flatMap { Int($0) }, group: try chosen("group"),
      order: try chosen("sort").flatMap(FindingFilter.Order.init(rawValue:)) ?? .sample)
  }
}
