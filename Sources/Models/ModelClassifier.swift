public import Execution
public import Tensors

/// A classifier that runs a model on a backend.
public protocol ModelClassifier: Classifier {
  var model: Model { get }
  /// Where the model's programs run.
  var backend: any Backend { get }
  /// The passes that all functions of this classifier have made so far.
  var passes: PassCount { get }
}

extension ModelClassifier {
  public var input: InputSpecification { model.input }
  public var classNames: [String] { model.classNames }
}

extension Model {
  /// The classifier that gives all that the model has: its gradient too, unless it has none.
  ///
  /// - Parameters:
  ///   - backend: Where the model's programs run.
  ///   - microBatch: How many samples are worked on together; by default as `ProgramClassifier` has
  ///     it.
  /// - Returns: A `ProgramClassifier`, or a `QueryClassifier` for a model without gradient.
  /// - Throws: `ProgramError` if the parameters do not fit the program.
  public func classifier(
    on backend: any Backend, microBatch: Int? = nil
  ) throws -> any ModelClassifier {
    switch gradient {
    case .exact, .straightThrough:
      try ProgramClassifier(self, on: backend, microBatch: microBatch)
    case .none: try QueryClassifier(self, on: backend, microBatch: microBatch)
    }
  }
}
