public import Models

/// A method that only asks for logits: it explains anything that answers.
public protocol QueryAttributionMethod: AttributionMethod {
  func attributions(
    _ request: AttributionRequest, on model: some Classifier
  ) throws -> AttributionBatch
}

extension QueryAttributionMethod {
  public static var needsGradient: Bool { false }

  public func attributions(
    _ request: AttributionRequest, through access: ClassifierAccess
  ) throws -> AttributionBatch {
    try attributions(request, on: access.classifier)
  }
}

extension AttributionMethod {
  public static var needsGradient: Bool { true }

  public func attributions(
    _ request: AttributionRequest, through access: ClassifierAccess
  ) throws -> AttributionBatch {
    switch access {
    case .gradients(let model): return try attributions(request, on: model)
    case .queries(_, let reason): throw Self.needsGradient(reason)
    }
  }

  /// Says before any work is done that a classifier gives too little for the method.
  ///
  /// - Throws: `ExplanationError.needsGradient`.
  public func check(_ access: ClassifierAccess) throws {
    guard Self.needsGradient, case .queries(_, let reason) = access else { return }
    throw Self.needsGradient(reason)
  }

  private static func needsGradient(_ reason: String) -> ExplanationError {
    .needsGradient(
      method: name, reason: reason, alternatives: AttributionRegistry.namesWithoutGradient)
  }
}
