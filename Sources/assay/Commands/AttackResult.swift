import Attacks
import Models
import Synchronization
import Tensors

extension AttackResult {
  /// Writes the arrays `x` (raw), `success`, `distance` and `y`.
  func write(labels: [Int], input: InputSpecification, to path: String) throws {
    try NumpyArchive.write(
      [
        ("x", input.decoded(perturbed)), ("success", Tensor(success)),
        ("distance", Tensor(distances)), ("y", Tensor(labels.map(Int64.init))),
      ], to: path)
  }
}

/// What `assay attack` prints.
struct AttackSummary: Encodable {
  let method: String
  let norm: Norm
  let epsilon: String
  let samples: Int
  /// Samples that the model got wrong before anything was changed.
  let fooledBefore: Int
  /// Samples that the attack fooled.
  let fooledByAttack: Int
  /// The fraction of all samples that are right and withstood.
  let robustAccuracy: Double
  let forwardPasses: Int
  let backwardPasses: Int
  /// Samples at which some gradient was exactly zero.
  let zeroGradients: Int
  /// Samples at which the objective or its gradient was not a finite number.
  let notFinite: Int
  let output: String

  init(
    _ result: AttackResult, method: String, norm: Norm, epsilon: String, output: String
  ) {
    let traces = result.traces
    let passes = traces.reduce(PassCount()) { $0 + $1.passes }
    zeroGradients = traces.count { $0.zeroGradients > 0 }
    notFinite = traces.count { $0.nonFinite > 0 }
    self.method = method
    self.norm = norm
    self.epsilon = epsilon
    self.output = output
    samples = result.success.count
    fooledBefore = result.fooledBefore
    fooledByAttack = result.success.count { $0 } - fooledBefore
    robustAccuracy = result.robustAccuracy
    forwardPasses = passes.forward
    backwardPasses = passes.backward
  }

  var sentence: String {
    "\(method) (\(norm.rawValue), ε = \(epsilon)): \(fooledBefore) of \(samples) samples were wrong "
      + "before, \(fooledByAttack) were fooled, robust accuracy is "
      + "\(Output.percent(robustAccuracy)). Wrote \(output)."
  }
}

/// A count that several threads add to.
final class SharedCount: Sendable {
  private let value = Mutex(0)

  /// Adds to the count and returns the new one.
  func add(_ amount: Int) -> Int {
    value.withLock { value in
      value += amount
      return value
    }
  }
}

extension Attack {
  /// The registered name.
  var label: String { Self.name }
}
