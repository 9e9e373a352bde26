import Assessments
public import Datasets
public import Execution
public import Models
public import NativeBackend
import Tensors

extension TrainingConfiguration {
  /// Trains the network on a data set.
  ///
  /// - Parameters:
  ///   - data: The samples to train on; the configured share of them is kept to validate.
  ///   - backend: Where programs run.
  ///   - threads: The number of worker threads, on which no result depends.
  ///   - report: Is told how far the training has come; an error that it throws ends the training.
  /// - Returns: The trained model, normalisation included.
  /// - Throws: `ModelError` if network and data do not fit together.
  public func trained(
    on data: Dataset, backend: any Backend = NativeBackend(), threads: Int = 1,
    report: (TrainingProgress) throws -> Void = { _ in }
  ) throws -> Model {
    guard let targets = data.labels ?? data.targets else {
      throw ModelError(.data("\(data.source) has no labels to train on"))
    }
    let trainer = try Trainer(
      self, data: TrainingData(inputs: data.inputs, targets: targets, input: data.input),
      input: data.input, classNames: data.classNames, on: backend, threads: threads)
    return try trainer.train(dataName: data.source, report: report)
  }
}

extension ProgramClassifier {
  /// The model on this machine's processor.
  ///
  /// - Throws: `ProgramError` if the parameters do not fit the program.
  public convenience init(_ model: Model) throws { try self.init(model, on: NativeBackend()) }
}

extension Model {
  /// The classifier on this machine's processor that gives all that the model has.
  ///
  /// - Returns: A `ProgramClassifier`, or a `QueryClassifier` for a model without gradient.
  /// - Throws: `ProgramError` if the parameters do not fit the program.
  public func classifier() throws -> any ModelClassifier { try classifier(on: NativeBackend()) }
}

extension Classifier {
  /// The class that is predicted for each sample of a data set.
  ///
  /// - Throws: `ModelError` if the samples are not the model's.
  public func predictions(on data: Dataset) throws -> [Int] {
    try predictions(encoded(data)).scalars(of: Int64.self).map(Int.init)
  }

  /// The share of a data set's samples that are classified as labelled.
  ///
  /// - Throws: `ModelError` if the samples are not the model's, or have no labels.
  public func accuracy(on data: Dataset) throws -> Double {
    let labels = try labels(of: data)
    let right = zip(try predictions(on: data), labels).count { $0 == $1 }
    return Double(right) / Double(labels.count)
  }

  /// The samples with their labels; nil where they have none.
  ///
  /// - Throws: `ModelError` as `labels(of:)` does.
  func labelled(_ data: Dataset) throws -> LabelledSamples? {
    guard data.labels != nil else { return nil }
    let labels = try labels(of: data)
    return LabelledSamples(inputs: data.inputs, labels: labels, samples: Array(labels.indices))
  }

  /// A data set's inputs as the model takes them.
  func encoded(_ data: Dataset) throws -> Tensor {
    guard data.input.shape == input.shape else {
      throw ModelError(
        .data("samples of shape \(data.input.shape) are not the model's \(input.shape)"))
    }
    if let violation = input.firstViolation(in: data.inputs) {
      throw ModelError(.data(violation.description))
    }
    return input.encoded(data.inputs)
  }

  func labels(of data: Dataset) throws -> [Int] {
    guard data.labels != nil, data.count > 0 else {
      throw ModelError(.data("\(data.source) has no labels"))
    }
    if let wrong = data.classIndices.firstIndex(where: { !classNames.indices.contains($0) }) {
      throw ModelError(
        .data("sample \(wrong) of \(data.source) has a class that the model does not know"))
    }
    return data.classIndices
  }
}
