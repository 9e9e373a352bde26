import Datasets
import Models

extension Model {
  /// Checks that samples are labelled with classes that the model knows.
  ///
  /// - Throws: `UsageError` naming the first sample that is not.
  func checkLabels(_ samples: Dataset) throws {
    guard samples.labels != nil else {
      throw UsageError("\(samples.source) has no class labels, which this command needs")
    }
    for (index, label) in samples.classIndices.enumerated()
    where !classNames.indices.contains(label) {
      throw UsageError(
        "sample \(samples.sampleNames[index]) of \(samples.source) has label \(label), but \(name) "
          + "knows classes 0 to \(classNames.count - 1)")
    }
  }
}
