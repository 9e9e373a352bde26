import ArgumentParser
import Attacks
import Datasets
import Foundation
import Models
import Tensors

/// The command `assay attack`.
struct AttackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack",
    abstract: "Attacks samples with one method and writes what it found.",
    discussion: """
      The output is an .npz archive: 'x' the perturbed samples, 'success' and 'distance' as the
      program verified them, and 'y' the labels. Samples that the model gets wrong unperturbed count
      as successes at distance 0.

      Methods: \(AttackRegistry.all.map { $0.name }.joined(separator: ", ")).

      Example:
        assay attack digits.safetensors --data digits.npz --method pgd --norm linf --epsilon 0.3 \\
          --steps 40 --step-size 0.01 --restarts 5
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var data: DataOptions

  @Option(help: "The method.") var method = "pgd"
  @Option(help: "The norm: linf, l2 or l1.") var norm: Norm = .linf
  @Option(
    parsing: .unconditional,
    help: "The radius: one number, or one per feature, separated by commas.")
  var epsilon: String
  @Option(help: "What the radius is measured in: unit, or range (of each feature).")
  var scale: ScaleOption = .unit
  @Option(help: "What a changed category counts in the distance; 'none' locks categories.")
  var categoryCost: String = "1"
  @OptionGroup var settings: AttackSettings
  @Option(help: "Attack towards this class instead of away from the label.")
  var targetClass: Int?
  @Option(help: "The seed of all random numbers.") var seed: UInt64 = 0
  @Option(name: [.customShort("o"), .long], help: "The archive to write.") var out = "attacked.npz"
  @Flag(help: "Print a summary as JSON.") var json = false

  func run() throws {
    let loaded = try model.load(for: data)
    let model = loaded.model
    guard model.task == .classification else {
      throw UsageError("\(model.name) predicts numbers; attacks need a classifier")
    }
    let attack = try AttackRegistry.attack(named: method, settings: settings.values)
    let classifier = try self.model.classifier(model)
    try attack.check(classifier.access)
    let threat = try threatModel(model.input)
    let goal = try goal(model)
    let samples = try data.load(for: loaded).samples
    try model.checkLabels(samples)
    let clean = try model.checkedInputs(samples.inputs)
    let labels = samples.classIndices
    let classes = Tensor(labels.map { Int64(goal == .targeted ? targetClass ?? $0 : $0) })
    let progress = Progress(attack.label)
    let result = try search(
      attack, threat, goal,
      AttackSamples(inputs: clean, classes: classes, ids: Array(labels.indices)), classifier,
      progress)
    progress.finish("")
    try result.write(labels: labels, input: model.input, to: out)
    let summary = AttackSummary(
      result, method: method, norm: norm, epsilon: epsilon, output: out)
    if json { try Output.json(summary) } else { Output.line(summary.sentence) }
  }

  private func search(
    _ attack: any Attack, _ threat: ThreatModel, _ goal: Goal, _ samples: AttackSamples,
    _ classifier: any ModelClassifier, _ progress: Progress
  ) throws -> AttackResult {
    let runner = AttackRunner(model: classifier, goal: goal, seed: seed, threads: model.threads)
    let counter = SharedCount()
    let total = Double(samples.count * attack.restarts)
    return try runner.result(of: attack, under: threat, on: samples) { step in
      progress.update(Double(counter.add(step.attempted)) / total)
    }
  }

  private func goal(_ model: Model) throws -> Goal {
    guard let targetClass else { return .untargeted }
    guard model.classNames.indices.contains(targetClass) else {
      throw UsageError(
        "--target-class \(targetClass) does not exist: \(model.name) knows classes 0 to "
          + "\(model.classNames.count - 1)")
    }
    return .targeted
  }

  private func threatModel(_ input: InputSpecification) throws -> ThreatModel {
    let numbers = epsilon.split(separator: ",").map { Double($0) }
    let radii = numbers.compactMap(\.self)
    guard radii.count == numbers.count, let first = radii.first else {
      throw UsageError("--epsilon takes numbers, got '\(epsilon)'")
    }
    guard radii.count == 1 else {
      // A radius per feature is a scale per feature and a radius of 1.
      return try ThreatModel(
        norm: norm, epsilon: 1, input: input, scale: .explicit(radii),
        categoryCost: try parsedCategoryCost())
    }
    return try ThreatModel(
      norm: norm, epsilon: first, input: input, scale: scale.scale,
      categoryCost: try parsedCategoryCost())
  }

  private func parsedCategoryCost() throws -> Double? {
    guard categoryCost != "none" else { return nil }
    guard let cost = Double(categoryCost) else {
      throw UsageError("--category-cost takes a number or 'none', got '\(categoryCost)'")
    }
    return cost
  }
}

/// What a radius is measured in.
enum ScaleOption: String, ExpressibleByArgument, CaseIterable {
  case unit, range

  var scale: ThreatModel.Scale { self == .unit ? .unit : .range }
}
