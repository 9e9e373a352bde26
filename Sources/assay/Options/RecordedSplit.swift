import Datasets
import Foundation
import Models

/// How the data of a model's training were cut, as its training record says.
struct RecordedSplit: Codable, Hashable {
  /// The name of the data.
  var data: String
  /// The SHA-256 of each data file.
  var sha256: [String]
  /// The share of the samples that was kept for tests.
  var testFraction: Double
  var seed: UInt64

  init(data: String, sha256: [String], testFraction: Double, seed: UInt64) {
    self.data = data
    self.sha256 = sha256
    self.testFraction = testFraction
    self.seed = seed
  }

  private struct Record: Codable {
    var split: RecordedSplit
  }

  /// - Throws: `UsageError` if the model says nothing about its training data.
  init(_ model: Model) throws {
    do {
      let record = Data(model.trainingRecord.utf8)
      self = try JSONDecoder().decode(Record.self, from: record).split
    } catch is DecodingError {
      throw UsageError(
        "\(model.name) does not say how its training data were cut; leave out --part and give "
          + "data that it was not trained on")
    }
  }

  /// A training record with this split in it.
  func added(to record: String) throws -> String {
    let parsed = try JSONSerialization.jsonObject(with: Data(record.utf8))
    guard var object = parsed as? [String: Any] else {
      preconditionFailure("expected a training record that is a JSON object, got \(record)")
    }
    object["split"] = try JSONSerialization.jsonObject(with: JSONEncoder().encode(self))
    let bytes = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The positions of a part's samples.
  ///
  /// - Throws: `UsageError` if these are not the data that the model was trained on.
  func indices(of part: DataPart, in dataset: Dataset) throws -> [Int] {
    let sums = try dataset.files.map(FileHash.sha256(ofFile:))
    guard sums.first == sha256.first else {
      throw UsageError(
        "--part \(part.rawValue) needs the data that the model was trained on (\(data)); "
          + "\(dataset.source) is not the same file")
    }
    let split = try dataset.splitIndices(test: testFraction, seed: seed)
    let indices: [Int] =
      switch part {
      case .all: Array(0..<dataset.count)
      case .train: split.train
      case .test: split.test
      }
    guard !indices.isEmpty else {
      throw UsageError("the training kept no \(part.rawValue) part")
    }
    return indices
  }
}

extension RecordedSplit: CustomStringConvertible {
  var description: String { "cut by seed \(seed)" }
}
