public import Assessments
import Models
public import Tensors

/// The samples of an audit, as the audit needs them.
public struct AuditSubject: Sendable {
  /// Raw inputs, `[N] + input.shape`.
  public var inputs: Tensor
  public var labels: [Int]
  /// The samples' indices in the data set: random numbers and findings refer to them.
  public var samples: [Int]
  public var names: [String]
  /// Protected attributes of each sample.
  public var groups: [[NamedValue]]
  /// Encoded training samples for the baselines that need some.
  public var background: Tensor?
  /// Training samples, which drift, leakage and reference populations are measured against.
  public var training: LabelledSamples?
  /// The class that rates are counted for; nil: none is singled out.
  public var positiveClass: Int?
  /// The model's features that protected attributes are read from.
  public var protectedFeatures: [String] = []

  /// - Precondition: there is one label, index, name and list of groups per input, and no index
  ///   twice.
  public init(
    inputs: Tensor, labels: [Int], samples: [Int], names: [String], groups: [[NamedValue]],
    background: Tensor? = nil, training: LabelledSamples? = nil
  ) {
    let counts = [labels.count, samples.count, names.count, groups.count]
    precondition(
      counts.allSatisfy { $0 == inputs.shape[0] },
      "expected \(inputs.shape[0]) labels, indices, names and groups, got \(counts)")
    precondition(Set(samples).count == samples.count, "expected no sample twice, got \(samples)")
    self.inputs = inputs
    self.labels = labels
    self.samples = samples
    self.names = names
    self.groups = groups
    self.background = background
    self.training = training
  }

  /// The samples with protected attributes by name, a value a sample.
  public init(
    inputs: Tensor, labels: [Int], samples: [Int], names: [String],
    protectedAttributes: [String: [String]], background: Tensor? = nil,
    training: LabelledSamples? = nil
  ) {
    let attributes = protectedAttributes.sorted { $0.key < $1.key }
    self.init(
      inputs: inputs, labels: labels, samples: samples, names: names,
      groups: labels.indices.map { row in attributes.map { NamedValue($0.key, $0.value[row]) } },
      background: background, training: training)
  }

  public var count: Int { labels.count }

  /// The smallest, mean and largest value of each feature of a table.
  public func featureSummaries(_ input: InputSpecification) -> [FeatureSummary] {
    guard input.layout == .table, count > 0 else { return [] }
    let values = inputs.doubles
    return input.features.enumerated().map { column, feature in
      let cells = stride(from: column, to: values.count, by: input.features.count).map {
        values[$0]
      }
      return FeatureSummary(
        name: feature.name, minimum: cells.min() ?? 0,
        mean: cells.reduce(0, +) / Double(count), maximum: cells.max() ?? 0)
    }
  }
}

/// Why an audit cannot be made of this model and these data.
public enum AuditError: Error, Hashable, Sendable, CustomStringConvertible {
  case noSamples
  case inputShape(expected: Shape, got: Shape)
  case label(sample: Int, label: Int, classes: Int)
  case input(InputViolation)
  case notClassifier(String)
  case notFinite(sample: Int)
  /// Two threats of a plan have one norm: their figures could not be told apart.
  case repeatedNorm(Norm)
  /// Everything that was planned follows gradients, and the model has none.
  case needsGradient(suite: String, reason: String, alternatives: [String])
  /// How far a budget reaches depends on all samples.
  case shardWithBudget

  public var description: String {
    switch self {
    case .noSamples: "there is no sample to audit; check --part and --limit"
    case .inputShape(let expected, let got):
      "the model takes samples of shape \(expected), the data hold \(got)"
    case .label(let sample, let label, let classes):
      "sample \(sample) has label \(label), but the model knows \(classes) classes (0 to "
        + "\(classes - 1))"
    case .input(let violation): "\(violation); mend the data or the range in the schema"
    case .notClassifier(let name):
      "'\(name)' predicts numbers, not classes; audits need a classifier"
    case .notFinite(let sample):
      "the model's answer for sample \(sample) is not a finite number; retrain it, or check its "
        + "normalisation"
    case .repeatedNorm(let norm):
      "the suite names \(norm.symbol) twice; list all its radii together"
    case .shardWithBudget:
      "a budget is spent on an audit as a whole: run a shard without one, or all samples at once"
    case .needsGradient(let suite, let reason, let alternatives):
      "everything in the suite '\(suite)' needs a gradient, and the model has none (\(reason)); add "
        + "some of \(alternatives.joined(separator: ", "))"
    }
  }
}

extension AuditSubject {
  /// Checks that the samples are what the model takes.
  ///
  /// - Throws: `AuditError` naming the first sample that is not.
  func check(against model: Model) throws {
    guard model.task == .classification else { throw AuditError.notClassifier(model.name) }
    guard count > 0 else { throw AuditError.noSamples }
    guard inputs.shape.sample == model.input.shape else {
      throw AuditError.inputShape(expected: model.input.shape, got: inputs.shape.sample)
    }
    for (index, label) in labels.enumerated() where !model.classNames.indices.contains(label) {
      throw AuditError.label(
        sample: samples[index], label: label, classes: model.classNames.count)
    }
    if var violation = model.input.firstViolation(in: inputs) {
      violation.sample = samples[violation.sample]
      throw AuditError.input(violation)
    }
  }
}
