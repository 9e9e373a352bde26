import Foundation
import Models
import Programs
import Tensors

/// The score behind a decision: the log-odds of the favourable class.
///
///     s = log p − log(1 − p) = z_f − log Σ_{k ≠ f} exp z_k
///
/// With two classes it is the difference of their logits. Unlike the probability it does not
/// saturate, and contributions to it add up.
struct LogOdds: Hashable, Sendable {
  /// The favourable class f.
  let favourableClass: Int

  /// The log-odds of one row of logits.
  func callAsFunction(_ logits: ArraySlice<Double>) -> Double {
    precondition(
      logits.count > 1 && favourableClass < logits.count,
      "expected a favourable class among at least two, got \(favourableClass) of \(logits.count)")
    let favourable = logits.startIndex + favourableClass
    let others = logits.indices.filter { $0 != favourable }.map { logits[$0] }
    let largest = others.max() ?? 0
    let sum = others.reduce(0) { $0 + exp($1 - largest) }
    return logits[favourable] - (largest + log(sum))
  }

  /// The log-odds of each row of logits `[N, classes]`.
  func rows(_ logits: Tensor) -> [Double] {
    let (values, width) = (logits.doubles, logits.shape[1])
    return (0..<logits.shape[0]).map { self(values[$0 * width..<($0 + 1) * width]) }
  }

  /// The same as a traced value: `[N, classes]` to `[N, 1]`.
  func traced(_ logits: Value) -> Value {
    let count = logits.shape[1]
    let favourable = logits.slice(axis: 1, favourableClass..<favourableClass + 1)
    let parts = [0..<favourableClass, favourableClass + 1..<count].filter { !$0.isEmpty }
      .map { logits.slice(axis: 1, $0) }
    let others = parts.count == 1 ? parts[0] : Value.concatenated(parts, axis: 1)
    // The other logit itself where there is one only: no exponential to round it.
    guard count > 2 else { return favourable - others }
    return favourable - others.logSumExponential(axis: 1, keepingDimensions: true)
  }

  /// The probability with these log-odds.
  static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}

extension DecisionRule {
  /// Whether an applicant with these log-odds of the favourable class is accepted.
  ///
  /// Through the probability in single precision, so that the answer is `accepts(_:)`'s.
  func accepts(logOdds: Double) -> Bool {
    Double(Float(LogOdds.probability(logOdds))) >= cutoff
  }
}

/// A classifier whose only output is the log-odds of one class of another.
struct LogOddsClassifier<Base: DifferentiableClassifier>: DifferentiableClassifier {
  let base: Base
  let logOdds: LogOdds

  var input: InputSpecification { base.input }
  var classNames: [String] { [base.classNames[logOdds.favourableClass]] }
  var microBatch: Int { base.microBatch }

  func logits(_ inputs: Tensor) throws -> Tensor {
    let scores = logOdds.rows(try base.logits(inputs))
    return Tensor(scores.map { Float($0) }, shape: [scores.count, 1])
  }

  func function<Key: Hashable & Sendable>(
    _ key: Key, inputs: [Program.Port], passes: PassCount,
    trace: ([Value], (Value) -> Value) throws -> [(name: String, value: Value)]
  ) throws -> ModelFunction {
    let logOdds = logOdds
    return try base.function(
      LogOddsKey(logOdds: logOdds, key: key), inputs: inputs, passes: passes
    ) { values, model in
      try withoutActuallyEscaping(model) { model in
        try trace(values) { logOdds.traced(model($0)) }
      }
    }
  }
}

private struct LogOddsKey<Key: Hashable & Sendable>: Hashable, Sendable {
  let logOdds: LogOdds
  let key: Key
}
