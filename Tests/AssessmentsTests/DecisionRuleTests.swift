import Assessments
import Testing

@Suite("Decision rule")
struct DecisionRuleTests {
  @Test("A probability at the cut-off is accepted, one below it is not")
  func cutoff() {
    let rule = DecisionRule(favourableClass: 1, cutoff: 0.625)
    #expect(rule.accepts([0.375, 0.625]))
    #expect(!rule.accepts([0.375_01, 0.624_99]))
  }
}
