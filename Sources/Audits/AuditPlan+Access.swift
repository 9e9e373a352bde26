import Attacks
import Explanations
import Models

/// What a plan asked for and a model without gradient could not give.
package struct MissingGradient: Hashable, Sendable {
  /// Why there is no gradient.
  package let reason: String
  /// The names of the attacks that were left out, each once, in the order of the plan.
  package let attacks: [String]
  /// The names of the methods of explanation that were left out.
  package let explanations: [String]

  package init(reason: String, attacks: [String], explanations: [String]) {
    self.reason = reason
    self.attacks = attacks
    self.explanations = explanations
  }
}

extension AuditPlan {
  /// The part of the plan that a model gives enough for, and what is missing from it.
  ///
  /// - Throws: `AuditError.needsGradient` if nothing of the plan is left.
  func restricted(
    to access: ClassifierAccess
  ) throws -> (plan: AuditPlan, missing: MissingGradient?) {
    guard case .queries(_, let reason) = access else { return (self, nil) }
    var plan = self
    plan.attacks.removeAll { type(of: $0.attack).needsGradient }
    plan.explanations.removeAll { type(of: $0).needsGradient }
    let isEmpty = plan.attacks.isEmpty && plan.explanations.isEmpty
    guard !isEmpty || (attacks.isEmpty && explanations.isEmpty) else {
      throw AuditError.needsGradient(
        suite: suiteName, reason: reason,
        alternatives: AttackRegistry.namesWithoutGradient
          + AttributionRegistry.namesWithoutGradient)
    }
    let missing = MissingGradient(
      reason: reason,
      attacks: attacks.map { type(of: $0.attack) }.filter { $0.needsGradient }.map { $0.name }
        .distinct,
      explanations: explanations.map { type(of: $0) }.filter { $0.needsGradient }
        .map { $0.name }.distinct)
    return (plan, missing)
  }
}

extension [String] {
  /// The elements in their order, each once.
  fileprivate var distinct: [String] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
