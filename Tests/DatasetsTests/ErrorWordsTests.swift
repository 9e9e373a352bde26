import Datasets
import Tensors
import Testing

@Suite("DatasetError") struct ErrorWordsTests {
  static let facts: [(DatasetError.Fact, String)] = [
    (
      .unknownFormat,
      "the format is not known; give .npz, IDX, .arff, .ts, .csv or a folder of PNG images by class"
    ),
    (.emptyFile, "the file is empty"),
    (.noRows, "there is no sample in it"),
    (.lineTooLong(limit: 10), "the line is longer than 10 bytes; is this a text file?"),
    (.unclosedQuote, "a quotation mark is never closed"),
    (
      .noSchema,
      "nothing says which column is the label; put a schema beside the file (NAME.yaml) or name one"
    ),
    (.companionMissing(expected: "a"), "the labels are missing; expected them in a"),
    (.damaged("why"), "the file is damaged: why"),
    (.unsupported("a thing"), "a thing cannot be read"),
    (
      .raggedRow(expected: 1, got: 2),
      "expected 1 value, got 2; every row needs one value a column"
    ),
    (
      .missingValue,
      "the value is missing; fill it, or set 'missing' in the schema (mean, median, category, drop)"
    ),
    (.notANumber("x"), "expected a number, got 'x'"),
    (.notFinite("inf"), "expected a finite number, got inf; remove or fill the value"),
    (.notWhole("1.5"), "expected a whole number, got 1.5; or is the kind 'continuous'?"),
    (
      .outOfRange("3", ValueRange(lower: 4)),
      "expected a value in [4.0, ∞], got 3; correct the value or the schema's range"
    ),
    (
      .unknownCategory("rnet", categories: ["rent", "own"]),
      "'rnet' is not a category; did you mean 'rent'?"
    ),
    (
      .missingColumn(available: (1...10).map { "c\($0)" }),
      "the column is missing; the file has 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8' "
        + "and 2 more"
    ),
    (
      .unexpectedColumns(["id"]),
      "the schema does not mention 'id'; describe it, or list it under 'ignore'"
    ),
    (.duplicateColumn, "the column appears twice"),
    (
      .headerIsNumbers,
      "the first row should name the columns but holds only numbers; "
        + "set 'header: false' if it is data"
    ),
    (
      .labelIsFeature,
      "the label is also a feature, so that a model could copy it; remove one"
    ),
    (.missingLabel, "the label is missing; remove the row or fill it"),
    (.unknownClass("x", classes: ["good"]), "'x' is not a class; expected 'good'"),
    (.invalidLabel("-1"), "expected a class number 0, 1, 2, …, got -1"),
    (.labelOutOfRange(5, classCount: 3), "expected a class below 3, got 5"),
    (
      .countsDiffer(inputs: 1, labels: 2),
      "expected as many labels as samples, got 1 sample and 2 labels"
    ),
    (.wrongShape(expected: "[1, 2]", got: [3]), "expected [1, 2], got shape [3]"),
    (
      .unequalLength(expected: 3, got: 2),
      "expected a series of length 3, got 2; pad or cut the series to one length"
    ),
    (.channelsDiffer(expected: 1, got: 2), "expected 1 channel, got 2"),
    (
      .emptySplit(part: "test", samples: 1),
      "the test part would be empty; the data hold only 1 sample"
    ),
    (.wrongValue(key: "k", expected: "a", got: "b"), "'k' must be a, got b"),
    (.noValuesToImpute(policy: "mean"), "there is no value to take the mean of"),
  ]

  @Test("every fact has its sentence", arguments: facts)
  func words(fact: DatasetError.Fact, expected: String) {
    #expect(fact.description == expected)
  }

  @Test("path, line and column stand before the fact")
  func place() {
    let error = DatasetError(path: "d.csv", line: 3, column: "age", .emptyFile)
    #expect(error.description == "d.csv, line 3, column 'age': the file is empty")
    #expect(DatasetError(path: "d.csv", .emptyFile).description == "d.csv: the file is empty")
  }
}
