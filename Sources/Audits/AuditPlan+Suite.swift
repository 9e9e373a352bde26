public import Attacks
import ConfigurationFiles
import Explanations
import Models
public import Tensors

extension AuditPlan {
  /// What a suite asks for, for a model's input.
  ///
  /// A suite that names no methods of explanation gets those that suit the input. Baselines that a
  /// suite leaves open are zero; for tables, where zero is no neutral value, they are the mean of the
  /// training samples as far as there are some.
  ///
  /// - Parameters:
  ///   - suite: The suite.
  ///   - input: The model's input.
  ///   - classNames: The names of the model's classes.
  ///   - hasTrainingSamples: Whether the audit's subject holds training samples (`background`).
  ///   - threads: How many threads work at once.
  ///   - batchLimit: How many samples are attacked together at most; nil: all.
  /// - Throws: `AttackError` if a threat does not fit the input; `ConfigurationError` naming the
  ///   place of an explanation or a class that does not exist.
  public init(
    _ suite: Suite, for input: InputSpecification, classNames: [String],
    hasTrainingSamples: Bool = false, threads: Int = 1, batchLimit: Int? = nil
  ) throws {
    let chosen = ExplanationDefaults(input: input, hasTrainingSamples: hasTrainingSamples)
    let threats = try suite.threats.map { threat in
      // Made once here, so that what does not fit is told before anything runs.
      _ = try threat.models(for: input)
      return Threat(
        norm: threat.norm, epsilons: threat.epsilons, scale: try threat.scale(for: input),
        categoryCost: threat.categoryCost)
    }
    self.init(
      suiteName: suite.name, suiteText: suite.text, threats: threats,
      attacks: suite.attacks.map { PlannedAttack($0, isControl: false) }
        + suite.controls.map { PlannedAttack($0, isControl: true) },
      gates: suite.gates.map(Gate.init), explanations: try chosen.methods(of: suite),
      explainedSamples: suite.explainedSamples, probedSamples: suite.probedSamples,
      threads: threads, batchLimit: batchLimit)
    assessments = try AssessmentPlan(suite.assessments, classNames: classNames)
    for gate in suite.gates {
      if let name = gate.className { _ = try classNames.index(ofClass: name, at: gate.place) }
    }
    try check()
  }
}

extension [String] {
  /// The index of a class that a suite names.
  ///
  /// - Throws: `ConfigurationError` if there is none of that name.
  func index(ofClass name: String, at place: ConfigurationPlace) throws -> Int {
    guard let index = firstIndex(of: name) else {
      throw ConfigurationError(
        place: place,
        .invalid("the model has no class '\(name)'; it knows \(joined(separator: ", "))"))
    }
    return index
  }
}

extension Gate {
  package init(_ gate: Suite.Gate) {
    let kind: Measure.Kind =
      switch gate.measure {
      case .cleanAccuracy: .cleanAccuracy
      case .robustAccuracy: .robustAccuracy
      case .medianDistance: .medianDistance
      case .calibrationError: .expectedCalibrationError
      case .brierScore: .brierScore
      case .groupGap: .groupGap
      case .selectionRatio: .selectionRatio
      case .equalizedOdds: .equalizedOdds
      }
    self.init(
      kind: kind, norm: gate.norm, epsilon: gate.epsilon,
      group: gate.className.map { "class \($0)" } ?? gate.group ?? "",
      threshold: gate.threshold, isAtLeast: gate.isAtLeast)
  }
}

/// The methods of explanation, and their baselines, that suit an input.
private struct ExplanationDefaults {
  let input: InputSpecification
  let hasTrainingSamples: Bool

  func methods(of suite: Suite) throws -> [any AttributionMethod] {
    guard suite.explainedSamples > 0 else { return [] }
    guard !suite.explanations.isEmpty else {
      return try names.map { try method(named: $0, settings: [:]) }
    }
    return try suite.explanations.map { stated in
      do {
        return try method(named: stated.name, settings: stated.settings)
      } catch let error as ExplanationError {
        throw ConfigurationError(place: stated.place, .invalid("\(error)"))
      }
    }
  }

  /// Slopes, contributions along a path, contributions by removal, and for images a smoothed map.
  private var names: [String] {
    switch input.layout {
    case .table: ["integrated-gradients", "input-x-gradient", "occlusion"]
    case .image: ["saliency", "integrated-gradients", "smoothgrad", "occlusion"]
    case .sequence, .array: ["saliency", "integrated-gradients", "occlusion"]
    }
  }

  private func method(
    named name: String, settings: [String: SettingValue]
  ) throws -> any AttributionMethod {
    let method = try AttributionRegistry.method(named: name, settings: settings)
    guard input.layout == .table, hasTrainingSamples, method.baselineName != nil,
      settings["baseline"] == nil
    else { return method }
    return try AttributionRegistry.method(
      named: name, settings: settings.merging(["baseline": .string("mean")]) { $1 })
  }
}
