import Models
import Programs
import Tensors
import Testing

@testable import Attacks

/// How far attacks say that they came.
@Suite("Rise of the loss")
struct RiseTests {
  private static let weights: [Float] = [0.5, -1, 0.25, 2]
  private static let length = 3.75

  @Test("one step on a linear model raises the margin by ε ‖w‖₁", arguments: [0.01, 0.1])
  func oneStep(epsilon: Double) throws {
    let trace = try trace("fgsm", bias: 9, epsilon: epsilon, objective: .margin)
    #expect(abs(try #require(trace.rise) - epsilon * Self.length) < 1e-5)
    #expect(!trace.claimsSuccess)
  }

  @Test("a cross-entropy that rounds to 0 hides no rise of the margin")
  func saturated() throws {
    let trace = try trace("fgsm", bias: 40, epsilon: 0.1, objective: .crossEntropy)
    #expect(trace.initialObjective == 0 && trace.bestObjective == 0)
    // Logits near 40 are multiples of 2⁻¹⁸.
    #expect(abs(try #require(trace.rise) - 0.1 * Self.length) < 1e-4)
  }

  @Test("restarts are judged apart: what lies between their starts is no rise")
  func restarts() throws {
    let settings: [String: SettingValue] = ["steps": .int(5), "restarts": .int(3)]
    let rising = try trace("pgd", settings, bias: 9, epsilon: 0.1, objective: .margin)
    // From one end of the ball to the other at most.
    let rise = try #require(rising.rise)
    #expect(rise > 0 && rise < 0.2 * Self.length)
    let falling = try trace("pgd", settings, bias: 9, epsilon: 0.1, objective: .margin) { x in
      // A sawtooth of slope 2 that returns every 2⁻¹⁰: the slope is −1 where the trend is 1.
      x - (x * 1024 - (x * 1024).floor()) / 512
    }
    #expect(try #require(falling.rise) < 0)
  }

  @Test("traces of restarts keep the largest rise, and none if there was none")
  func merged() {
    var first = AttackTrace()
    var second = AttackTrace()
    #expect(first.merged(with: second).rise == nil)
    second.rise = -1
    #expect(first.merged(with: second).rise == -1)
    first.rise = 0.5
    #expect(first.merged(with: second).rise == 0.5)
    #expect(second.merged(with: first).rise == 0.5)
  }

  /// What an attack tells about one sample of class 1, whose logit is the bias everywhere.
  private func trace(
    _ name: String, _ settings: [String: SettingValue] = [:], bias: Float, epsilon: Double,
    objective: Objective, through transform: (Value) -> Value = { $0 }
  ) throws -> AttackTrace {
    let input = Fixture.unitBox(4)
    let model = try Fixture.classifier(input) { inputs in
      transform(inputs).linear(
        weight: inputs.builder.constant(
          Tensor(Self.weights + [Float](repeating: 0, count: 4), shape: [2, 4])),
        bias: inputs.builder.constant(Tensor([0, bias] as [Float])))
    }
    let samples = try Fixture.samples(
      Tensor([Float](repeating: 0.5, count: 4), shape: [1, 4]), classifiedBy: model)
    let threat = try ThreatModel(norm: .linf, epsilon: epsilon, input: input)
    let attack = try AttackRegistry.attack(
      named: name,
      settings: settings.merging(["objective": .string(objective.rawValue)]) { $1 })
    return try #require(
      AttackRunner(model: model, seed: 1).run(attack, under: threat, on: samples).first
    ).trace
  }
}
