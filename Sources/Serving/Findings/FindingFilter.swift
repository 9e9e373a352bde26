import Audits
import Reports
import Tensors

/// Which findings are shown, and in which order.
struct FindingFilter: Hashable, Sendable {
  /// What findings are sorted by.
  enum Order: String, CaseIterable, Sendable {
    /// As the run has them: sample by sample.
    case sample
    /// The smallest verified change first; what was not broken comes last.
    case distance
  }

  var attack: String?
  var norm: Norm?
  var epsilon: Double?
  var outcome: AttackFinding.Outcome?
  /// The true class.
  var label: Int?
  /// The class of the perturbed input.
  var predicted: Int?
  /// A group and its value: "age group: under 25".
  var group: String?
  var order = Order.sample

  /// The findings that are shown, in order.
  func rows(of record: AuditRecord) -> [FindingRow] {
    let rows = FindingRow.all(record).filter(contains)
    guard order == .distance else { return rows }
    // Equal distances keep the order of the run.
    return rows.enumerated().sorted { left, right in
      let (first, second) = (left.element.distance, right.element.distance)
      return (first ?? .infinity, left.offset) < (second ?? .infinity, right.offset)
    }.map(\.element)
  }

  private func contains(_ row: FindingRow) -> Bool {
    func agrees<Value: Equatable>(_ wanted: Value?, _ value: Value) -> Bool {
      wanted.map { $0 == value } ?? true
    }
    return agrees(attack, row.attack.id) && agrees(norm, row.attack.norm)
      && agrees(epsilon, row.finding.epsilon) && agrees(outcome, row.finding.outcome)
      && agrees(label, row.prediction.label) && agrees(predicted, row.finding.predicted)
      && (group.map { row.prediction.groups.map(\.words).contains($0) } ?? true)
  }

  /// The filter as entries of an address.
  var query: [RequestTarget.Entry] {
    let values: [(String, String?)] = [
      ("attack", attack), ("norm", norm?.rawValue), ("epsilon", epsilon.map { String($0) }),
      ("outcome", outcome?.rawValue), ("class", label.map { String($0) }),
      ("predicted", predicted.map { String($0) }), ("group", group),
      ("sort", order == .sample ? nil : order.rawValue),
    ]
    return values.compactMap { name, value in
      value.map { RequestTarget.Entry(name: name, value: $0) }
    }
  }
}

extension NamedValue {
  /// "age group: under 25".
  var words: String { "\(name): \(value)" }
}
