public import ConfigurationFiles
public import Models
public import Tensors

/// What an audit is to do, as a YAML file states it: threats, methods, budgets and gates.
public struct Suite: Sendable {
  /// A norm with the radii that are tried.
  public struct Threat: Sendable, Hashable {
    public var norm: Norm
    /// Ascending.
    public var epsilons: [Double]
    public var scale: Scale
    /// What a changed category counts; nil where categories stay.
    public var categoryCost: Double?
  }

  /// The length that counts as one unit, before the features are known.
  public enum Scale: Sendable, Hashable {
    case unit, range
    case numbers([Double])
    /// A number for each feature that is named; what is not named cannot change.
    case features([String: Double])
  }

  /// A requirement: a measure and the least or most it may be.
  public struct Gate: Sendable, Hashable {
    public var measure: Measure
    public var norm: Norm?
    public var epsilon: Double?
    /// A protected attribute, for gaps between groups.
    public var group: String?
    /// The class whose samples alone count, for an accuracy.
    public var className: String?
    /// Where the suite states it.
    public var place: ConfigurationPlace
    public var threshold: Double
    public var isAtLeast: Bool
  }

  /// What a gate can ask for.
  public enum Measure: String, Sendable, Hashable, CaseIterable {
    case cleanAccuracy = "clean-accuracy"
    case robustAccuracy = "robust-accuracy"
    case medianDistance = "median-distance"
    case calibrationError = "calibration-error"
    case brierScore = "brier-score"
    case groupGap = "group-gap"
    case selectionRatio = "selection-ratio"
    case equalizedOdds = "equalised-odds"
  }

  /// A method of another registry, by name: whoever knows the registry makes it.
  public struct Method: Sendable, Hashable {
    public var name: String
    public var settings: [String: SettingValue]
    /// Where the suite names it.
    public var place: ConfigurationPlace
  }

  public var name: String
  public var description: String
  /// How many samples are audited at most; nil: all.
  public var samples: Int?
  public var threats: [Threat]
  /// Cheap ones first.
  public var attacks: [any Attack]
  /// Methods that are expected to be weak, run on what the attacks left.
  public var controls: [any Attack]
  public var explanations: [Method]
  /// How many samples are explained.
  public var explainedSamples: Int
  /// How many samples an attack without limits is tried on.
  public var probedSamples: Int
  public var gates: [Gate]
  public var assessments: Assessments
  /// The suite as it was written.
  public var text: String
}

extension Suite.Threat {
  /// The threat model of each radius for an input.
  ///
  /// - Throws: `AttackError` if the scale does not fit the input.
  public func models(for input: InputSpecification) throws -> [ThreatModel] {
    let scale = try scale(for: input)
    return try epsilons.map {
      try ThreatModel(
        norm: norm, epsilon: $0, input: input, scale: scale, categoryCost: categoryCost)
    }
  }

  /// The scale for an input.
  ///
  /// - Throws: `AttackError.unknownFeature` if the suite names a feature that the input lacks.
  public func scale(for input: InputSpecification) throws -> ThreatModel.Scale {
    switch scale {
    case .unit: return .unit
    case .range: return .range
    case .numbers(let numbers): return .explicit(numbers)
    case .features(let numbers):
      let names = input.features.map(\.name)
      for name in numbers.keys.sorted() where !names.contains(name) {
        throw AttackError.unknownFeature(name: name, known: names)
      }
      return .explicit(names.map { numbers[$0] ?? 0 })
    }
  }
}
