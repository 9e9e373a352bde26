import AttackSuites
import ConfigurationFiles
import Models
import Tensors
import Testing

@testable import Attacks

@Suite("Suites") struct SuiteTests {
  @Test("built-in suites are read whole", arguments: BuiltInSuites.names)
  func readsBuiltIn(name: String) throws {
    let text = try #require(BuiltInSuites.text(named: name))
    let suite = try Attacks.Suite(yaml: text, file: name)
    #expect(suite.name == name && suite.text == text && !suite.description.isEmpty)
    #expect(!suite.attacks.isEmpty && !suite.controls.isEmpty && !suite.gates.isEmpty)
    #expect(suite.controls.allSatisfy { $0 is any BlackBoxAttack })
    for threat in suite.threats {
      #expect(try threat.models(for: Fixture.table).map(\.epsilon) == threat.epsilons)
      #expect(try threat.models(for: .image([1, 2, 2])).count == threat.epsilons.count)
    }
  }

  @Test("a suite says what it says")
  func readsEverything() throws {
    let suite = try Attacks.Suite(
      yaml: """
        name: mine
        samples: 50
        threats:
          - norm: l2
            epsilon: [0.5, 1]
            scale: {amount: 2, duration: 6}
            category-cost: locked
        attacks:
          - pgd: {steps: 7, random-start: false, objective: margin}
        explanations: [{smoothgrad: {samples: 8}}]
        gates:
          - robust-accuracy: {norm: l2, epsilon: 0.5, at-least: 0.4}
          - brier-score: {at-most: 0.2}
          - clean-accuracy: {class: bad, at-least: 0.9}
          - selection-ratio: {group: sex, at-least: 0.8}
        """, file: "mine.yaml")
    var expected = ProjectedGradientDescent()
    (expected.steps, expected.randomStart, expected.objective) = (7, false, .margin)
    #expect(suite.attacks.first as? ProjectedGradientDescent == expected)
    #expect(suite.samples == 50 && suite.threats[0].categoryCost == nil)
    #expect(
      try suite.threats[0].scale(for: Fixture.table) == .explicit([2, 0, 6, 0, 0, 0, 0, 0]))
    #expect(suite.explanations[0].settings == ["samples": .int(8)])
    #expect(suite.gates.map(\.threshold) == [0.4, 0.2, 0.9, 0.8])
    #expect(suite.gates.map(\.className) == [nil, nil, "bad", nil])
    #expect(suite.gates[3].group == "sex")
    #expect(suite.gates.map(\.isAtLeast) == [true, false, true, true])
  }

  @Test(
    "mistakes are named with file, line and column",
    arguments: [
      ("nam: x", "s.yaml:1:1: unknown key 'nam'; did you mean 'name'?"),
      (
        "name: x\nthreats: [{norm: linf, epsilon: [0.2, 0.1]}]\nattacks: [fgsm]",
        "s.yaml:2:33: expected ascending radii, got a list of 2"
      ),
      (
        "name: x\nthreats: [{norm: linf, epsilon: -1}]\nattacks: [fgsm]",
        "s.yaml:2:33: expected a number, 0.0 or more, got '-1'"
      ),
      (
        "name: x\nthreats: [{norm: linf, epsilon: 1}]\nattacks:\n  - pdg",
        "s.yaml:4:5: there is no attack 'pdg'; did you mean 'pgd'?"
      ),
      (
        "name: x\nthreats: [{norm: linf, epsilon: 1}]\nattacks:\n  - pgd: {step: 4}",
        "s.yaml:4:11: attack 'pgd' has no setting 'step'; did you mean 'steps'?"
      ),
      (
        "name: x\nthreats: [{norm: linf, epsilon: 1}]\nattacks:\n  - pgd: {steps: few}",
        "s.yaml:4:11: setting 'steps' of attack 'pgd' expects a whole number, got 'few'"
      ),
      (
        """
        name: x
        threats: [{norm: linf, epsilon: 1}]
        attacks: [fgsm]
        gates: [robust-accuracy: {norm: linf, epsilon: 2, at-least: 1}]
        """, "s.yaml:4:26: no threat of this suite measures linf at 2.0"
      ),
      (
        """
        name: x
        threats: [{norm: linf, epsilon: 1}]
        attacks: [fgsm]
        gates: [brier-score: {class: bad, at-most: 1}]
        """, "s.yaml:4:23: unknown key 'class'; known are 'at-least', 'at-most'"
      ),
    ])
  func namesMistakes(yaml: String, message: String) {
    let error = #expect(throws: (any Error).self) {
      try Attacks.Suite(yaml: yaml, file: "s.yaml")
    }
    #expect(error.map { "\($0)" } == message)
  }

  @Test("an unknown suite or feature is named with what was meant")
  func namesUnknown() throws {
    let error = #expect(throws: (any Error).self) { try BuiltInSuites.suite("standart") }
    #expect(
      error.map { "\($0)" }
        == "standart: there is no suite of this name; did you mean 'standard'?")
    let threat = Attacks.Suite.Threat(
      norm: .l1, epsilons: [1], scale: .features(["amont": 1]), categoryCost: 1)
    let feature = #expect(throws: (any Error).self) { try threat.scale(for: Fixture.table) }
    #expect(
      feature.map { "\($0)" } == "the model has no feature 'amont'; did you mean 'amount'?")
  }
}
