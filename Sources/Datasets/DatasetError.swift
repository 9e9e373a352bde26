public import Tensors

/// What is wrong with a data set, or with its schema where the data show it, and where.
public struct DatasetError: Error, Hashable, Sendable {
  public enum Fact: Hashable, Sendable {
    // Files.
    case unknownFormat
    case emptyFile
    case noRows
    case lineTooLong(limit: Int)
    case unclosedQuote
    case noSchema
    case companionMissing(expected: String)
    case damaged(String)
    case unsupported(String)
    // Rows.
    case raggedRow(expected: Int, got: Int)
    case missingValue
    case notANumber(String)
    case notFinite(String)
    case notWhole(String)
    case outOfRange(String, ValueRange)
    case unknownCategory(String, categories: [String])
    case missingColumn(available: [String])
    case unexpectedColumns([String])
    case duplicateColumn
    case headerIsNumbers
    case labelIsFeature
    // Labels.
    case missingLabel
    case unknownClass(String, classes: [String])
    case invalidLabel(String)
    case labelOutOfRange(Int, classCount: Int)
    // Shapes.
    case countsDiffer(inputs: Int, labels: Int)
    case wrongShape(expected: String, got: Shape)
    case unequalLength(expected: Int, got: Int)
    case channelsDiffer(expected: Int, got: Int)
    // Schemas.
    case wrongValue(key: String, expected: String, got: String)
    case noValuesToImpute(policy: String)
    // Splits.
    case emptySplit(part: String, samples: Int)
  }

  public var path: String
  /// The line of the file, from 1.
  public var line: Int?
  /// The column, feature, array or sample that the fact concerns.
  public var column: String?
  public var fact: Fact

  public init(path: String, line: Int? = nil, column: String? = nil, _ fact: Fact) {
    self.path = path
    self.line = line
    self.column = column
    self.fact = fact
  }
}
