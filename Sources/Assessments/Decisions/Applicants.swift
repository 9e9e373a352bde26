import Models
import Tensors

/// Applicants as a decision sees them: raw values, scores and who is accepted.
struct Applicants: Sendable {
  /// Raw values, a row an applicant.
  let raw: [[Float]]
  /// Encoded values, a row an applicant.
  let encoded: [[Float]]
  let samples: [Int]
  /// The log-odds of the favourable class.
  let scores: [Double]
  let isAccepted: [Bool]

  init(
    _ applicants: LabelledSamples, _ model: any Classifier, _ rule: DecisionRule, threads: Int
  ) throws {
    let encodedInputs = model.input.encoded(applicants.inputs)
    raw = applicants.inputs.converted(to: .float32).floatRows
    encoded = encodedInputs.floatRows
    samples = applicants.samples
    let logits = try model.verifiedLogits(encodedInputs, threads: threads)
    scores = LogOdds(favourableClass: rule.favourableClass).rows(logits)
    isAccepted = scores.map { rule.accepts(logOdds: $0) }
  }

  var count: Int { samples.count }
  var accepted: [Int] { isAccepted.indices.filter { isAccepted[$0] } }
  var declined: [Int] { isAccepted.indices.filter { !isAccepted[$0] } }
}

extension Tensor {
  /// The rows of a float32 tensor, each in row-major order.
  var floatRows: [[Float]] {
    let (values, size) = (floats, shape.sample.count)
    return (0..<shape[0]).map { Array(values[$0 * size..<($0 + 1) * size]) }
  }
}

extension InputSpecification {
  /// Whether decisions about such inputs can be told in features: a table without held inputs.
  var hasDecisionFeatures: Bool { layout == .table && heldInputs.isEmpty && !features.isEmpty }
}

extension Feature {
  /// Whether values are names rather than amounts.
  var isNominal: Bool { kind == .categorical || kind == .binary }
}

extension DecisionSubject {
  /// The audited applicants, and the population that they are compared with: those of the training,
  /// or the audited themselves.
  ///
  /// - Throws: `ExecutionError` if the model cannot be run.
  func applicants(
    _ model: any Classifier, threads: Int
  ) throws -> (audited: Applicants, population: Applicants) {
    let audited = try Applicants(self.audited, model, rule, threads: threads)
    let population = try training.map { try Applicants($0, model, rule, threads: threads) }
    return (audited, population ?? audited)
  }
}
