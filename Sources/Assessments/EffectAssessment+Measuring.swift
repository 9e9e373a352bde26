public import Models
import Tensors

extension EffectAssessment {
  /// Measures the effects of a table's features on the probability of some classes.
  ///
  /// Nil where the input is no table, the model has one class or there are fewer than two samples.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - samples: At least two samples.
  ///   - features: Positions among the table's features, for instance those that matter most.
  ///   - targets: The classes; nil chooses as `defaultTargets` does.
  ///   - scale: On which changes are measured.
  ///   - intervalLimit: A number is cut into at most so many intervals.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Throws: `GlobalExplanationError` if logits are not finite, `ExecutionError` if the model
  ///   cannot be run.
  public init?(
    _ model: any Classifier, _ samples: LabelledSamples, features: [Int], targets: [Int]? = nil,
    scale: Scale = .probability, intervalLimit: Int = 20, threads: Int = 1
  ) throws {
    let input = model.input.audited
    precondition(
      targets?.allSatisfy { (0..<model.classCount).contains($0) } ?? true,
      "expected classes below \(model.classCount), got \(targets ?? [])")
    precondition(intervalLimit > 0, "expected at least one interval, got \(intervalLimit)")
    guard input.layout == .table, model.classCount > 1, samples.count > 1 else { return nil }
    precondition(
      features.allSatisfy(input.features.indices.contains),
      "expected features below \(input.features.count), got \(features)")
    let inputs = ReplacedInputs(model, samples, threads: threads)
    let answers = try inputs.answers()
    let classes =
      targets ?? Self.defaultTargets(model.classCount, predicted: answers.map(\.predicted))
    let changes = LocalChanges(inputs, answers: answers, targets: classes, scale: scale)
    let effects = try features.map { try changes.effect(of: $0, intervalLimit: intervalLimit) }
    self.targets = classes
    self.scale = scale
    count = samples.count
    self.features = effects.compactMap { $0 }
    constantFeatures = zip(features, effects).filter { $0.1 == nil }
      .map { input.features[$0.0].name }
  }

  /// The classes that are followed where nobody said which.
  ///
  /// The second of two (the first is its mirror image), all of three, the three that are predicted
  /// most often of more.
  static func defaultTargets(_ classCount: Int, predicted: [Int]) -> [Int] {
    guard classCount > 3 else { return classCount == 2 ? [1] : Array(0..<classCount) }
    var counts = [Int](repeating: 0, count: classCount)
    for target in predicted { counts[target] += 1 }
    let most = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    return most.prefix(3).sorted()
  }
}
