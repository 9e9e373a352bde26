import Models
import Programs
import Tensors

/// What the model answers at a batch of points.
struct Evaluation {
  /// The objective of each point, to be raised: `[N]`.
  let objective: Tensor
  let logits: Tensor
  /// The largest magnitude in each gradient, where one was taken: `[N]`.
  var slope: Tensor?
}

/// What distinguishes one traced function of an attack from another.
private struct StepKey: Hashable, Sendable {
  let kind: String
  let threat: ThreatModel
  let objective: Objective
  let goal: Goal
}

/// The programs that attacks are made of; ε and step lengths are inputs, so that a grid of them
/// shares one compiled program.
extension DifferentiableClassifier {
  private func port(_ name: String) -> Program.Port {
    Program.Port(name: name, type: ValueType(.float32, [Shape.batch] + input.encodedShape))
  }
  private var classesPort: Program.Port {
    Program.Port(name: "classes", type: ValueType(.int64, [Shape.batch]))
  }
  private func scalarPort(_ name: String) -> Program.Port {
    Program.Port(name: name, type: ValueType(.float32, []))
  }

  /// The objective and the logits: (point, classes) ↦ (J(x), logits(x)).
  func evaluation(
    of objective: Objective, toward goal: Goal, under threat: ThreatModel
  ) throws -> ModelFunction {
    let key = StepKey(kind: "evaluate", threat: threat.shape, objective: objective, goal: goal)
    return try function(
      key, inputs: [port("point"), classesPort], passes: PassCount(forward: 1)
    ) { values, model in
      let logits = model(values[0])
      return [
        ("objective", goal.ascended(objective, logits, classes: values[1])), ("logits", logits),
      ]
    }
  }

  /// One steepest step and the projection after it.
  ///
  ///     (x, x⁰, classes, ε, α) ↦ (Π(x + α d(∇ₓ J(x))), J(x), logits(x), max |∇ₓ J(x)|)
  func ascent(
    of objective: Objective, toward goal: Goal, under threat: ThreatModel
  ) throws -> ModelFunction {
    let key = StepKey(kind: "ascend", threat: threat.shape, objective: objective, goal: goal)
    let ports = [
      port("point"), port("original"), classesPort, scalarPort("epsilon"), scalarPort("step"),
    ]
    return try function(key, inputs: ports, passes: PassCount(forward: 1, backward: 1)) {
      values, model in
      let (point, original, epsilon, step) = (values[0], values[1], values[3], values[4])
      let logits = model(point)
      let objective = goal.ascended(objective, logits, classes: values[2])
      let gradient = objective.builder.gradient(of: objective, withRespectTo: [point])[0]
      let slope = threat.slope(gradient, at: point, around: original, epsilon: epsilon)
      let direction =
        threat.norm.steepestDirection(ofSlope: slope, threat)
        * slope.constant(threat.constraints.scale)
      let next = threat.project(point + direction * step, around: original, epsilon: epsilon)
      return [
        ("next", next), ("objective", objective), ("logits", logits),
        ("slope", Norm.linf.length(of: slope).reshaped(to: [Shape.batch])),
      ]
    }
  }

  /// One step along an average of normalised gradients, and the projection after it.
  ///
  ///     m′ = μ m + g / ‖g‖₁;   x′ = Π(x + α d(m′))
  ///
  /// The gradient is taken in scaled units, and with what cannot move set to 0.
  func momentumAscent(
    of objective: Objective, toward goal: Goal, under threat: ThreatModel
  ) throws -> ModelFunction {
    let key = StepKey(kind: "momentum", threat: threat.shape, objective: objective, goal: goal)
    let ports = [
      port("point"), port("original"), classesPort, scalarPort("epsilon"), scalarPort("step"),
      port("momentum"), scalarPort("decay"),
    ]
    return try function(key, inputs: ports, passes: PassCount(forward: 1, backward: 1)) {
      values, model in
      let (point, original, epsilon, step) = (values[0], values[1], values[3], values[4])
      let logits = model(point)
      let objective = goal.ascended(objective, logits, classes: values[2])
      let gradient = objective.builder.gradient(of: objective, withRespectTo: [point])[0]
      let slope = threat.slope(gradient, at: point, around: original, epsilon: epsilon)
      let momentum = values[5] * values[6] + slope.normalizedL1()
      let direction =
        threat.norm.steepestDirection(ofSlope: momentum, threat)
        * slope.constant(threat.constraints.scale)
      let next = threat.project(point + direction * step, around: original, epsilon: epsilon)
      return [
        ("next", next), ("objective", objective), ("logits", logits),
        ("slope", Norm.linf.length(of: slope).reshaped(to: [Shape.batch])),
        ("momentum", momentum),
      ]
    }
  }

  /// One step with momentum from points whose directions are known, and a look at where it leads.
  ///
  ///     z = Π(x + η d);   x′ = Π(x + α (z − x) + (1 − α)(x − x⁻));
  ///     (x, x⁰, classes, ε, η, d, x⁻, α) ↦ (x′, J(x′), logits(x′), max |∇ₓ J(x′)|, d(∇ₓ J(x′)))
  ///
  /// - Shapes: x, x⁰, x⁻, d `[N] + encodedShape`; η, a length for each sample, `[N, 1, …]`.
  func adaptiveAscent(
    of objective: Objective, toward goal: Goal, under threat: ThreatModel
  ) throws -> ModelFunction {
    let key = StepKey(kind: "adaptive", threat: threat.shape, objective: objective, goal: goal)
    let ones = input.encodedShape.dimensions.map { _ in 1 }
    let lengths = ValueType(.float32, [Shape.batch] + Shape(ones))
    let ports = [
      port("point"), port("original"), classesPort, scalarPort("epsilon"),
      Program.Port(name: "steps", type: lengths), port("direction"), port("previous"),
      scalarPort("weight"),
    ]
    return try function(key, inputs: ports, passes: PassCount(forward: 1, backward: 1)) {
      values, model in
      let (point, original, epsilon, weight) = (values[0], values[1], values[3], values[7])
      let (steps, direction, previous) = (values[4], values[5], values[6])
      let ascended = threat.project(
        point + direction * steps, around: original, epsilon: epsilon)
      let moved = point + (ascended - point) * weight + (point - previous) * (1 - weight)
      let next = threat.project(moved, around: original, epsilon: epsilon)
      let logits = model(next)
      let objective = goal.ascended(objective, logits, classes: values[2])
      let gradient = objective.builder.gradient(of: objective, withRespectTo: [next])[0]
      let slope = threat.slope(gradient, at: next, around: original, epsilon: epsilon)
      return [
        ("next", next), ("objective", objective), ("logits", logits),
        ("slope", Norm.linf.length(of: slope).reshaped(to: [Shape.batch])),
        (
          "direction",
          threat.norm.steepestDirection(ofSlope: slope, threat)
            * slope.constant(threat.constraints.scale)
        ),
      ]
    }
  }
}

extension TensorAlgebra {
  /// Each sample divided by its L1 length, scaled first so that tiny gradients do not underflow.
  func normalizedL1() -> Self {
    let largest = Norm.linf.length(of: self)
    let scaled = self / largest.maximum(scalar(ThreatModel.tiny))
    return scaled / Norm.l1.length(of: scaled).maximum(scalar(ThreatModel.tiny))
  }
}
