public import Tensors

/// Samples with their labels, and everything that a reader of a report must know about them.
public struct Dataset: Hashable, Sendable {
  /// The name of the source, as a report shows it.
  public var source: String
  /// What one sample is: its features, their units and valid ranges.
  public var input: InputSpecification
  /// The raw samples, float32 `[N] + input.shape`; categories are integer codes.
  public var inputs: Tensor
  /// The classes, int64 `[N]`; nil where the task is a regression or nothing is labelled.
  public var labels: Tensor?
  /// The numbers to predict, float32 `[N]`; nil unless the task is a regression.
  public var targets: Tensor?
  /// The names of the classes 0, 1, ….
  public var classNames: [String]
  /// What each sample is called: a row's line, an image's file, or its position.
  public var sampleNames: [String]
  /// Groups that an audit compares, a name a sample; the model does not see them from here.
  public var protectedAttributes: [String: [String]]
  /// The description that the data were read with, where there is one.
  public var schema: FeatureSchema?
  /// The files that the samples came from, so that a caller can hash their bytes.
  public var files: [String]
  /// What reading changed, in words: rows dropped, values filled.
  public var notes: [String]

  /// - Precondition: inputs are float32 `[N] + input.shape`; all other parts have N entries.
  public init(
    source: String, input: InputSpecification, inputs: Tensor, labels: Tensor? = nil,
    targets: Tensor? = nil, classNames: [String] = [], sampleNames: [String]? = nil,
    protectedAttributes: [String: [String]] = [:], schema: FeatureSchema? = nil,
    files: [String] = [], notes: [String] = []
  ) {
    precondition(
      inputs.elementType == .float32 && inputs.shape.sample == input.shape,
      "expected float32 [N] + \(input.shape), got \(inputs.elementType) \(inputs.shape)")
    let count = inputs.shape[0]
    precondition(
      labels.map { $0.shape == [count] && $0.elementType == .int64 } ?? true
        && targets.map { $0.shape == [count] && $0.elementType == .float32 } ?? true
        && sampleNames?.count ?? count == count
        && protectedAttributes.values.allSatisfy { $0.count == count },
      "expected \(count) labels, targets, names and protected attributes")
    self.source = source
    self.input = input
    self.inputs = inputs
    self.labels = labels
    self.targets = targets
    self.classNames = classNames
    self.sampleNames = sampleNames ?? (0..<count).map(String.init)
    self.protectedAttributes = protectedAttributes
    self.schema = schema
    self.files = files
    self.notes = notes
  }

  /// The number of samples.
  public var count: Int { inputs.shape[0] }

  /// The class of each sample; empty where nothing is labelled.
  public var classIndices: [Int] { labels?.scalars(of: Int64.self).map(Int.init) ?? [] }

  /// The index of the class that the schema calls positive.
  public var positiveClass: Int? {
    schema?.label.positive.flatMap { classNames.firstIndex(of: $0) }
  }

  /// The number of samples of each class.
  public var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in classIndices { counts[label] += 1 }
    return counts
  }
}

extension Dataset {
  /// The samples with the given positions, in that order.
  public func subset(_ indices: [Int]) -> Dataset {
    var result = self
    result.inputs = inputs.rows(indices)
    result.labels = labels?.rows(indices)
    result.targets = targets?.rows(indices)
    result.sampleNames = indices.map { sampleNames[$0] }
    result.protectedAttributes = protectedAttributes.mapValues { names in
      indices.map { names[$0] }
    }
    return result
  }

  /// The first samples, at most `count`.
  public func prefix(_ count: Int) -> Dataset {
    count >= self.count ? self : subset(Array(0..<max(count, 0)))
  }

  /// Parts of one source joined again, in order.
  package static func concatenated(_ parts: [Dataset]) -> Dataset? {
    guard var result = parts.last else { return nil }
    guard parts.count > 1 else { return result }
    result.inputs = .concatenated(parts.map(\.inputs))
    let labels = parts.compactMap(\.labels)
    result.labels = labels.isEmpty ? nil : .concatenated(labels)
    let targets = parts.compactMap(\.targets)
    result.targets = targets.isEmpty ? nil : .concatenated(targets)
    result.sampleNames = parts.flatMap(\.sampleNames)
    for name in result.protectedAttributes.keys {
      result.protectedAttributes[name] = parts.flatMap { $0.protectedAttributes[name] ?? [] }
    }
    result.classNames = parts.map(\.classNames).max { $0.count < $1.count } ?? []
    return result
  }
}
