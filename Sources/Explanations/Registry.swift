public import Models

/// Every attribution method, in the order in which reports show them.
public enum AttributionRegistry {
  public static let all: [any AttributionMethod.Type] = [
    Saliency.self,
    InputTimesGradient.self,
    IntegratedGradients.self,
    SmoothGrad.self,
    Occlusion.self,
    GuidedBackpropagation.self,
    RandomAttribution.self,
  ]

  public static var names: [String] { all.map { $0.name } }

  /// The methods that explain every classifier, gradient or not.
  public static var namesWithoutGradient: [String] {
    all.filter { !$0.needsGradient }.map { $0.name }
  }

  /// The method of a name.
  ///
  /// - Throws: `ExplanationError.unknownMethod` with the closest name.
  public static func type(named name: String) throws -> any AttributionMethod.Type {
    if let type = all.first(where: { $0.name == name }) { return type }
    throw ExplanationError.unknownMethod(name: name, known: names)
  }

  /// The method of a name with some of its settings replaced.
  ///
  /// - Throws: `ExplanationError` for an unknown name, an unknown setting or an unfit value.
  public static func method(
    named name: String, settings: [String: SettingValue] = [:]
  ) throws -> any AttributionMethod {
    try type(named: name).init(settings: settings)
  }
}
