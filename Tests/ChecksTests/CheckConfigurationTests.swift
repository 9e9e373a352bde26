import Audits
import Checks
import ConfigurationFiles
import Tensors
import Testing

@Suite("Check configurations")
struct CheckConfigurationTests {
  private func read(_ gates: String, _ more: String = "") throws -> CheckConfiguration {
    try CheckConfiguration(
      yaml: "model: m.safetensors\ndata: d.npz\n\(more)gates:\n\(gates)\n", file: "assay.yaml")
  }

  private func complaint(_ gates: String, _ more: String = "") -> String {
    do {
      _ = try read(gates, more)
      return "none"
    } catch { return "\(error)" }
  }

  @Test("every gate says what it tolerates, how sure it must be and what open verdicts mean")
  func gates() throws {
    let gates = try read(
      """
        - clean-accuracy: {drop-at-most: 0.02}
        - robust_accuracy: {threat: linf-0.1, drop_at_most: 0.02, confidence: 0.9}
        - robust-accuracy: {threat: l2-1.5, at-least: 0.5, inconclusive: fail}
        - median-distance: {norm: l2, drop-at-most: 0.1}
        - calibration-error: {rise-at-most: 0.02}
        - group-gap: {group: sex, at-most: 0.05}
        - explanation-drift: {method: saliency, at-least: 0.7, inconclusive: pass}
      """
    ).gates
    #expect(
      gates.map(\.requirement) == [
        "clean accuracy drops by at most 2 points",
        "robust accuracy at L∞ 0.1 drops by at most 2 points",
        "robust accuracy at L2 1.5 is at least 50 %",
        "median breaking distance in L2 drops by at most 0.1",
        "expected calibration error rises by at most 0.02",
        "accuracy gap between groups (sex) is at most 5 %",
        "agreement of explanations by saliency is at least 0.7",
      ])
    #expect(gates.map(\.confidence) == [0.95, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95])
    #expect(
      gates.map(\.meaning)[2...] == [.fail, .inconclusive, .inconclusive, .inconclusive, .pass])
    #expect(gates.map(\.line) == [4, 5, 6, 7, 8, 9, 10])
  }

  @Test("what is wrong is named with its line")
  func complaints() {
    #expect(
      complaint("  - robust-accuracy: {threat: linf0.1, at-least: 0.5}").contains(
        "assay.yaml:4:31: expected a norm (linf, l2, l1) and a radius, such as linf-0.1"))
    #expect(
      complaint("  - clean-accuracy: {drop-at-most: 0.1, at-least: 0.9}").contains(
        "expected one of drop-at-most, at-least"))
    #expect(
      complaint("  - clean-accuracy: {rise-at-most: 0.1}").contains("unknown key 'rise-at-most'"))
    #expect(
      complaint("  - robust-accuracy: {at-least: 0.5}").contains("the key 'threat' is missing"))
    #expect(complaint("  - accuracy: {at-least: 0.5}").contains("unknown name 'accuracy'"))
    #expect(
      complaint("  - explanation-drift: {method: salience, at-least: 0.5}").contains("salience"))
    #expect(complaint("  []").contains("a check needs at least one gate"))
    #expect(
      complaint("  - clean-accuracy: {at-least: 0.9}", "budget: 2 hours\n").contains(
        "expected a budget such as 2m, 90s or 200000 gradients"))
  }

  @Test(
    "budgets are times or gradients",
    arguments: [
      ("2m", AttackBudget.time(seconds: 120), "2 min"), ("90s", .time(seconds: 90), "90 s"),
      ("45s", .time(seconds: 45), "45 s"), ("1h", .time(seconds: 3600), "60 min"),
      ("200000 gradients", .gradients(200_000), "200,000 gradients"),
      ("1_000 gradients", .gradients(1000), "1,000 gradients"),
    ])
  func budgets(text: String, budget: AttackBudget, words: String) throws {
    #expect(AttackBudget(text) == budget)
    #expect(budget.words == words)
  }

  @Test("what is no budget is none", arguments: ["", "2", "m", "-2m", "0s", "2 m", "x gradients"])
  func noBudgets(text: String) { #expect(AttackBudget(text) == nil) }
}
