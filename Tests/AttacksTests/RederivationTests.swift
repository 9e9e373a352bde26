import Foundation
import Models
import Tensors
import Testing

@testable import Attacks

enum JSON {
  static func roundTrip<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }
}

/// The attacks written again with eager tensors, step by step as the papers have them.
@Suite("Naive re-derivations") struct RederivationTests {
  static let input = Fixture.unitBox(8)

  struct Case {
    let model: ProgramClassifier
    let samples: AttackSamples
    let threat: ThreatModel
  }

  /// Samples on which attacks fail, so that the whole path is walked.
  static func sturdy(_ norm: Norm) throws -> Case {
    let model = try Fixture.network(input, seed: 8)
    var random = RandomStream(seed: 4, purpose: "inputs")
    let inputs = random.uniform([4, 8])
    let threat = try ThreatModel(norm: norm, epsilon: 0.02, input: input)
    return Case(
      model: model, samples: try Fixture.samples(inputs, classifiedBy: model), threat: threat)
  }

  /// The points with the largest loss on the path.
  static func best(
    _ path: [Tensor], _ losses: [[Double]], row: Int
  ) -> [Double] {
    var index = 0
    for step in path.indices where losses[step][row] > losses[index][row] { index = step }
    return path[index].row(row).doubles
  }

  static func compare(
    _ outcomes: [AttackOutcome], _ path: [Tensor], on example: Case
  ) throws {
    let losses = try path.map {
      try example.model.gradient(of: .crossEntropy, classes: example.samples.classes, at: $0)
        .value.doubles
    }
    for row in 0..<example.samples.count where !outcomes[row].trace.claimsSuccess {
      let expected = best(path, losses, row: row)
      for (got, value) in zip(outcomes[row].perturbed.doubles, expected) {
        #expect(abs(got - value) < 1e-6)
      }
      let largest = losses.map { $0[row] }.max() ?? 0
      #expect(abs((outcomes[row].trace.bestObjective ?? 0) - largest) < 1e-6)
    }
    #expect(outcomes.contains { !$0.trace.claimsSuccess })
  }

  @Test("projected gradient descent under L∞ and L2", arguments: [Norm.linf, .l2])
  func projectedGradientDescent(norm: Norm) throws {
    let example = try Self.sturdy(norm)
    let (clean, epsilon) = (example.samples.inputs, Float(example.threat.epsilon))
    var attack = ProjectedGradientDescent()
    attack.steps = 6
    let random = SampleRandom(seed: 3, purpose: "pgd", samples: example.samples.ids)
    var point = example.threat.sample(around: clean, using: random)
    var path = [point]
    for _ in 0..<attack.steps {
      let gradient = try example.model.gradient(
        of: .crossEntropy, classes: example.samples.classes, at: point
      ).gradient
      let moved: Tensor
      if norm == .linf {
        let step = point + gradient.sign() * (Double(epsilon) * attack.relativeStep)
        moved = step.clamped(from: clean - Double(epsilon), to: clean + Double(epsilon))
      } else {
        let length = (gradient * gradient).sum(over: [1], keepingDimensions: true).squareRoot()
        let move = point + gradient / length * (Double(epsilon) * attack.relativeStep) - clean
        let size = (move * move).sum(over: [1], keepingDimensions: true).squareRoot()
        moved = clean + move * (Double(epsilon) / size.maximum(size.scalar(Double(epsilon))))
      }
      point = moved.clamped(from: moved.scalar(0), to: moved.scalar(1))
      path.append(point)
    }
    let outcomes = try AttackRunner(model: example.model, seed: 3).run(
      attack, under: example.threat, on: example.samples)
    try Self.compare(outcomes, path, on: example)
  }

  @Test("the momentum method under L∞")
  func momentum() throws {
    let example = try Self.sturdy(.linf)
    let (clean, epsilon) = (example.samples.inputs, example.threat.epsilon)
    var attack = MomentumIterativeMethod()
    attack.decay = 0.9
    var (point, momentum) = (clean, Tensor(zeros: clean.shape))
    var path = [point]
    for _ in 0..<attack.steps {
      let gradient = try example.model.gradient(
        of: .crossEntropy, classes: example.samples.classes, at: point
      ).gradient
      let length = gradient.absoluteValue().sum(over: [1], keepingDimensions: true)
      momentum = momentum * attack.decay + gradient / length
      let moved = point + momentum.sign() * (epsilon / Double(attack.steps))
      point = moved.clamped(from: clean - epsilon, to: clean + epsilon)
        .clamped(from: clean.scalar(0), to: clean.scalar(1))
      path.append(point)
    }
    let outcomes = try AttackRunner(model: example.model, seed: 3).run(
      attack, under: example.threat, on: example.samples)
    try Self.compare(outcomes, path, on: example)
  }
}
