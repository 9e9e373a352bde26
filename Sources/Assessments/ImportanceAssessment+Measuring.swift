public import Models
import Tensors

extension ImportanceAssessment {
  /// Shuffles each part of the input among samples and measures how much worse the answers get.
  ///
  /// Features of a table that go together are shuffled together as well: a feature alone, torn from
  /// those that it goes with, makes rows that cannot be (Strobl et al. 2008, BMC Bioinformatics 9;
  /// Hooker, Mentch and Zhou 2021, arXiv:1905.03151). Nil where the input has no parts, the model
  /// one class, or there are fewer than two samples.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - samples: Samples that the model was not trained on, at least two.
  ///   - repeats: How often each part is shuffled, at least twice.
  ///   - associationLimit: The association from which features go together, in (0, 1].
  ///   - seed: Of the permutations.
  ///   - threads: How many threads work at once; the result does not depend on it.
  /// - Throws: `GlobalExplanationError` if logits are not finite, `ExecutionError` if the model
  ///   cannot be run.
  public init?(
    _ model: any Classifier, _ samples: LabelledSamples, repeats: Int = 20,
    associationLimit: Double = 0.7, seed: UInt64, threads: Int = 1
  ) throws {
    precondition(repeats >= 2, "expected at least two repetitions, got \(repeats)")
    precondition(
      associationLimit > 0 && associationLimit <= 1,
      "expected a limit in (0, 1], got \(associationLimit)")
    let parts = InputPart.all(of: model.input)
    guard !parts.isEmpty, model.classCount > 1, samples.count > 1 else { return nil }
    let inputs = ReplacedInputs(model, samples, threads: threads)
    let permutation = try PermutationImportance(inputs, repeats: repeats, seed: seed)
    let associations = Self.associations(of: model.input.audited, inputs)
    self.parts = try parts.map { try PartImportance($0, permutation) }
    groups = try associations.groups(limit: associationLimit).map { members in
      try GroupImportance(members, of: parts, permutation)
    }
    self.associationLimit = associationLimit
    self.associations = associations.pairs.filter { $0.value >= associationLimit }
      .enumerated().sorted { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }
      .map(\.element)
    self.repeats = repeats
    self.seed = seed
    count = samples.count
    let n = Double(samples.count)
    logLoss = permutation.scores.reduce(0) { $0 + $1.logLoss } / n
    accuracy = Double(permutation.scores.count(where: \.isRight)) / n
  }

  /// Those of a table's features; none of anything else.
  private static func associations(
    of input: InputSpecification, _ inputs: ReplacedInputs
  ) -> FeatureAssociations {
    let features = input.layout == .table ? input.features : []
    return FeatureAssociations(features, columns: features.indices.map(inputs.column))
  }
}

extension PartImportance {
  init(_ part: InputPart, _ permutation: PermutationImportance) throws {
    name = part.name
    kind = part.kind
    area = part.area
    (loss, accuracy) = try permutation.importance(of: part.positions, named: part.name)
  }
}

extension GroupImportance {
  init(_ members: [Int], of parts: [InputPart], _ permutation: PermutationImportance) throws {
    self.members = members
    (loss, accuracy) = try permutation.importance(
      of: members.flatMap { parts[$0].positions },
      named: members.map { parts[$0].name }.joined(separator: ", "))
  }
}
