import Models
import Programs
import Tensors
import Testing

@testable import Attacks

@Suite("APGD") struct AutoStepTests {
  /// The steps after which the length of a single row is halved.
  static func halvings(_ objective: (Int) -> Double) -> [Int] {
    var schedule = StepSchedule(rows: 1, steps: 100, length: 1)
    schedule.begin(at: [objective(0)])
    return (1...100).filter { step in
      let length = schedule.lengths[0]
      let verdict = schedule.record([objective(step)])
      #expect(verdict.restarted == (schedule.lengths[0] == length ? [] : [0]))
      return schedule.lengths[0] == length / 2
    }
  }

  @Test("checkpoints of 100 steps are those of the paper; what rises is left alone")
  func meetsCheckpoints() {
    #expect(Self.halvings { _ in 0 } == [22, 41, 57, 70, 80, 87, 93, 99])
    #expect(Self.halvings { Double($0) } == [])
  }

  @Test("a step that rises without a new best is halved at every second checkpoint")
  func halvesWithoutProgress() {
    // Four rises and a fall, over and over: more than three quarters rise in every window.
    #expect(Self.halvings { Double($0 % 5) } == [41, 70, 87, 99])
  }

  @Test("a point without a number sends its row back at once, and no other")
  func returnsFromNowhere() {
    var schedule = StepSchedule(rows: 2, steps: 100, length: 1)
    schedule.begin(at: [0, 0])
    let verdict = schedule.record([.nan, 1])
    #expect(verdict.lost == [0] && verdict.restarted == [0] && verdict.improved == [1])
    #expect(schedule.lengths == [0.5, 1])
  }

  @Test("the difference-of-logits ratio and its gradient, by hand")
  func differenceOfLogitsRatio() throws {
    let model = try Fixture.classifier(Fixture.free(4), classes: 4) { $0 }
    // Sorted 5, 4, 2, 1; class 1: (4 − 5) / (5 − 2). Rescaling changes the gradient alone.
    for scale in [1.0, 8] {
      let logits = Tensor([2, 5, 1, 4] as [Float], shape: [1, 4]) * scale
      let (value, gradient) = try Self.gradient(
        model, .differenceOfLogitsRatio, Tensor([1] as [Int64]), logits)
      #expect(abs(value + 1.0 / 3) < 1e-6)
      for (got, expected) in zip(gradient.doubles, [-1.0 / 9, -2.0 / 9, 0, 1.0 / 3]) {
        #expect(abs(got * scale - expected) < 1e-6)
      }
    }
    let two = try Fixture.classifier(Fixture.free(2)) { $0 }
    let pair = Tensor([2, 5] as [Float], shape: [1, 2])
    #expect(
      try Self.gradient(two, .differenceOfLogitsRatio, Tensor([1] as [Int64]), pair).value == -3)
  }

  static func gradient(
    _ model: ProgramClassifier, _ objective: Objective, _ classes: Tensor, _ point: Tensor
  ) throws -> (value: Double, gradient: Tensor) {
    let result = try model.gradient(of: objective, classes: classes, at: point)
    return (result.value.doubles[0], result.gradient)
  }

  /// A walk of one sample as algorithm 1 of the paper has it: the best point, its objective, and
  /// the steps at which the length was halved.
  struct Walk {
    var best: Tensor
    var objective: Double
    var halvings: [Int] = []
  }

  static func projected(_ point: Tensor, around clean: Tensor, _ threat: ThreatModel) -> Tensor {
    let move = point - clean
    let kept: Tensor
    if threat.norm == .linf {
      kept = move.clamped(from: move.scalar(-threat.epsilon), to: move.scalar(threat.epsilon))
    } else {
      let length = (move * move).sum(over: [1], keepingDimensions: true).squareRoot()
      kept = move * (threat.epsilon / length.maximum(length.scalar(threat.epsilon)))
    }
    return (clean + kept).clamped(from: move.scalar(0), to: move.scalar(1))
  }

  static func walk(
    _ example: RederivationTests.Case, row: Int, from start: Tensor, steps: Int
  ) throws -> Walk {
    let clean = example.samples.inputs.rows([row])
    let classes = example.samples.classes.rows([row])
    let threat = example.threat
    func look(at point: Tensor) throws -> (value: Double, direction: Tensor) {
      let (value, gradient) = try gradient(example.model, .margin, classes, point)
      let length = (gradient * gradient).sum(over: [1], keepingDimensions: true).squareRoot()
      return (value, threat.norm == .linf ? gradient.sign() : gradient / length)
    }
    var (x, before, length) = (start, start, 2 * threat.epsilon)
    var losses = [try look(at: x).value]
    var walk = Walk(best: x, objective: losses[0])
    var (checkpoint, last) = (max(22 * steps / 100, 1), 0)
    var (bestAtLast, wasHalved) = (losses[0], true)
    for k in 1...steps {
      let z = projected(x + (try look(at: x)).direction * length, around: clean, threat)
      let alpha = k == 1 ? 1 : 0.75
      let next = projected(
        x + (z - x) * alpha + (x - before) * (1 - alpha), around: clean, threat)
      (before, x) = (x, next)
      losses.append(try look(at: x).value)
      if losses[k] > walk.objective { (walk.best, walk.objective) = (x, losses[k]) }
      guard k == checkpoint else { continue }
      let rises = (last + 1...k).count { losses[$0] > losses[$0 - 1] }
      let isFirst = Double(rises) <= 0.75 * Double(k - last)
      let isSecond = !wasHalved && walk.objective == bestAtLast
      (wasHalved, bestAtLast) = (isFirst || isSecond, walk.objective)
      if wasHalved {
        length /= 2
        x = walk.best
        walk.halvings.append(k)
      }
      let window = max(k - last - max(3 * steps / 100, 1), max(6 * steps / 100, 1))
      (last, checkpoint) = (k, k + window)
    }
    return walk
  }

  /// A bumpy landscape in which class 0 always wins, so that every walk is whole.
  static func bumpy(_ norm: Norm) throws -> RederivationTests.Case {
    var random = RandomStream(seed: 6, purpose: "bumps")
    let (first, second) = (random.normal([12, 8]) * 2, random.normal([3, 12]))
    let input = Fixture.unitBox(8)
    let model = try Fixture.classifier(input, classes: 3) { inputs in
      let hidden = inputs.linear(weight: inputs.builder.constant(first)).hyperbolicTangent()
      let lead = inputs.builder.constant(Tensor([30, 0, 0] as [Float]))
      return hidden.linear(weight: inputs.builder.constant(second), bias: lead)
    }
    return RederivationTests.Case(
      model: model, samples: try Fixture.samples(random.uniform([4, 8]), classifiedBy: model),
      threat: try ThreatModel(norm: norm, epsilon: 0.3, input: input))
  }

  @Test("walks as the paper's algorithm does, row by row", arguments: [Norm.linf, .l2])
  func matchesAlgorithm(norm: Norm) throws {
    let example = try Self.bumpy(norm)
    var attack = AutoProjectedGradientDescent()
    attack.steps = 40
    let random = SampleRandom(seed: 3, purpose: "apgd", samples: example.samples.ids)
    let start = example.threat.surfaceSample(around: example.samples.inputs, using: random)
    let outcomes = try AttackRunner(model: example.model, seed: 3).run(
      attack, under: example.threat, on: example.samples)
    var halvings: Set<[Int]> = []
    #expect(outcomes.allSatisfy { !$0.trace.claimsSuccess })
    for row in 0..<example.samples.count {
      let walk = try Self.walk(example, row: row, from: start.rows([row]), steps: attack.steps)
      halvings.insert(walk.halvings)
      for (got, expected) in zip(outcomes[row].perturbed.doubles, walk.best.doubles) {
        #expect(abs(got - expected) < 1e-4)
      }
      // Margins near 30 are known to 2e-6.
      #expect(abs((outcomes[row].trace.bestObjective ?? 0) - walk.objective) < 1e-4)
    }
    #expect(halvings.count > 1, "some rows must halve at different checkpoints")
  }

  @Test("the start lies on the surface of the ball", arguments: Norm.allCases)
  func startsOnSurface(norm: Norm) throws {
    let threat = try ThreatModel(norm: norm, epsilon: 0.3, input: Fixture.free(9))
    let clean = Tensor([Float](repeating: 0.5, count: 18), shape: [2, 9])
    let random = SampleRandom(seed: 1, purpose: "start", samples: [4, 9])
    let start = threat.surfaceSample(around: clean, using: random)
    for length in threat.length(of: start, from: clean).doubles {
      #expect(abs(length - 0.3) < 1e-6)
    }
    #expect(start.row(0) != start.row(1))
  }
}
