import Datasets
import Foundation
import Tensors
import Testing

@Suite("Tables") struct TableDatasetTests {
  static let csv = """
    id,age,Wohnung,income,outcome
    1,30,A1,100.5,1
    2,61,-,-,2
    3,"20",A2,"1e2",2

    """

  /// Reads a CSV text through a schema.
  static func read(
    _ csv: String, _ schema: String = FeatureSchemaTests.text, name: String = "d.csv",
    options: DatasetOptions = DatasetOptions()
  ) throws -> Dataset {
    try Fixtures.withFolder { folder in
      try Data(csv.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      if !schema.isEmpty {
        try Data(schema.utf8).write(to: URL(fileURLWithPath: "\(folder)/d.yaml"))
      }
      do {
        return try DatasetReader.read("\(folder)/\(name)", options: options)
      } catch var error as DatasetError {
        error.path = URL(fileURLWithPath: error.path).lastPathComponent
        throw error
      }
    }
  }

  @Test("values, categories, labels and groups are read as the schema says")
  func table() throws {
    let data = try Self.read(Self.csv)
    #expect(data.inputs.shape == [3, 3])
    // The median of 100.5 and 100 fills the missing income; missing housing is a category.
    #expect(data.inputs.floats == [30, 0, 100.5, 61, 2, 100.25, 20, 1, 100])
    #expect(data.classIndices == [0, 1, 1] && data.classNames == ["good", "bad"])
    #expect(data.positiveClass == 1 && data.classCounts == [1, 2])
    #expect(
      data.protectedAttributes == [
        "age": ["30", "61", "20"],
        "age group": ["25 to below 60", "60 and above", "below 25"],
      ])
    #expect(data.sampleNames == ["line 2", "line 3", "line 4"])
    #expect(data.notes == ["1 missing values of 'income' were filled with the median 100.25"])
    #expect(data.files.map { URL(fileURLWithPath: $0).lastPathComponent } == ["d.csv", "d.yaml"])
    #expect(data.source == "Loans")
  }

  @Test("a byte-order mark, carriage returns, quotes and empty lines do not matter")
  func dialects() throws {
    let text = "\u{FEFF}a,\"the \"\"b\"\"\",y\r\n\r\n1, 2 ,0\r\n\"3\",4,1"
    let schema = "label: y\nfeatures: [{name: a}, {name: the \"b\"}]"
    let data = try Self.read(text, schema)
    #expect(data.inputs.floats == [1, 2, 3, 4] && data.classIndices == [0, 1])
    #expect(data.classNames == ["0", "1"])
  }

  @Test("rows with missing values are dropped where the policy says so")
  func drop() throws {
    let data = try Self.read(
      "a,b,y\n1,2,0\n?,2,1\n3,?,1\n5,6,1\n",
      "label: y\nmissing: drop\nfeatures: [{name: a}, {name: b}]")
    #expect(data.inputs.floats == [1, 2, 5, 6] && data.classIndices == [0, 1])
    #expect(data.notes == ["2 rows with missing values were left out"])
  }

  @Test("a mean is filled in, rounded for whole numbers")
  func mean() throws {
    let data = try Self.read(
      "a,b,y\n1,1,0\n?,?,1\n4,4,1\n",
      "label: y\nmissing: mean\nfeatures: [{name: a}, {name: b, kind: integer}]")
    #expect(data.inputs.rows(1..<2).floats == [2.5, 3])
  }

  @Test("plain numbers need no schema but the label's column")
  func plain() throws {
    let data = try Self.read("1,2,0\n3,4,1\n", "", options: DatasetOptions(label: .last))
    #expect(data.inputs.floats == [1, 2, 3, 4] && data.input.features[1].name == "x1")
    let named = try Self.read("y,b,c\n1,2,3\n", "", options: DatasetOptions(label: .first))
    #expect(named.input.features.map(\.name) == ["b", "c"] && named.classIndices == [1])
    let image = try Self.read(
      "0,51,102,255,1\n", "", options: DatasetOptions(label: .last, shape: [1, 2, 2], scale: 255))
    #expect(image.inputs.shape == [1, 1, 2, 2] && image.inputs.floats == [0, 0.2, 0.4, 1])
    #expect(image.input.layout == .image && image.input.range == ValueRange(0...1))
  }

  @Test("a regression has targets in place of labels")
  func regression() throws {
    let data = try Self.read("a,y\n1,2.5\n", "label: {column: y, task: regression, unit: EUR}")
    #expect(data.targets?.floats == [2.5] && data.labels == nil && data.classNames.isEmpty)
  }

  @Test("files without labels are read where that is allowed")
  func unlabelled() throws {
    let options = DatasetOptions(allowsUnlabelled: true)
    let data = try Self.read(
      "a,b\n1,2\n", "label: y\nfeatures: [{name: a}, {name: b}]", options: options)
    #expect(data.labels == nil && data.inputs.floats == [1, 2])
  }

  private static let ab = "label: y\nfeatures: [{name: a, kind: integer, range: [0, 9]}]\n"
  private static let category =
    "label: {column: y, classes: ['no', 'yes']}\n"
    + "features: [{name: a, kind: categorical, categories: [rent, own]}]"

  @Test(
    "mistakes in the data are told with file, line and column",
    arguments: [
      ("", ab, "d.csv: the file is empty"),
      ("\n\n", ab, "d.csv: there is no sample in it"),
      ("a,y\n", ab, "d.csv: there is no sample in it"),
      (
        "a,y\n1,0\n1,2,0\n", ab,
        "d.csv, line 3: expected 2 values, got 3; every row needs one value a column"
      ),
      (
        "a,y\n1,0\n,0\n", ab,
        "d.csv, line 3, column 'a': the value is missing; fill it, or set 'missing' in the schema "
          + "(mean, median, category, drop)"
      ),
      ("a,y\nten,0\n", ab, "d.csv, line 2, column 'a': expected a number, got 'ten'"),
      (
        "a,y\ninf,0\n", ab,
        "d.csv, line 2, column 'a': expected a finite number, got inf; remove or fill the value"
      ),
      (
        "a,y\n1.5,0\n", ab,
        "d.csv, line 2, column 'a': expected a whole number, got 1.5; or is the kind 'continuous'?"
      ),
      (
        "a,y\n10,0\n", ab,
        "d.csv, line 2, column 'a': expected a value in [0.0, 9.0], got 10; "
          + "correct the value or the schema's range"
      ),
      (
        "a,y\n1,\n", ab,
        "d.csv, line 2, column 'y': the label is missing; remove the row or fill it"
      ),
      (
        "a,y\n1,-1\n", ab,
        "d.csv, line 2, column 'y': expected a class number 0, 1, 2, …, got -1"
      ),
      (
        "a,y\n1,0.5\n", ab,
        "d.csv, line 2, column 'y': expected a class number 0, 1, 2, …, got '0.5'"
      ),
      (
        "a,y\nrant,no\n", category,
        "d.csv, line 2, column 'a': 'rant' is not a category; did you mean 'rent'?"
      ),
      (
        "a,y\nhouse boat,no\n", category,
        "d.csv, line 2, column 'a': 'house boat' is not a category; expected 'rent', 'own'"
      ),
      (
        "a,y\nrent,never\n", category,
        "d.csv, line 2, column 'y': 'never' is not a class; expected 'no', 'yes'"
      ),
      ("b,y\n1,0\n", ab, "d.csv, line 1, column 'a': the column is missing; the file has 'b', 'y'"),
      ("a,a,y\n1,1,0\n", ab, "d.csv, line 1, column 'a': the column appears twice"),
      (
        "a,b,y\n1,1,0\n", ab,
        "d.csv, line 1: the schema does not mention 'b'; describe it, or list it under 'ignore'"
      ),
      ("a,y\n\"1,0\n", ab, "d.csv, line 2: a quotation mark is never closed"),
      (
        "a,y\n\"1\"2,0\n", ab,
        "d.csv, line 2: the file is damaged: text follows a closing quotation mark in value 1"
      ),
      (
        "a,y\n1,0\n", "",
        "d.csv: nothing says which column is the label; put a schema beside the file (NAME.yaml) "
          + "or name one"
      ),
      (
        "a,y\n?,0\n", "label: y\nfeatures: [{name: a, missing: mean}]",
        "d.csv, column 'a': there is no value to take the mean of"
      ),
    ])
  func mistakes(csv: String, schema: String, expected: String) {
    let error = #expect(throws: DatasetError.self) { try Self.read(csv, schema) }
    #expect(error?.description == expected)
  }

  @Test(
    "numbers are rounded correctly, however they are written",
    arguments: [
      ("0.1", 0.1), ("-0.30000000000000004", -0.30000000000000004), ("1e-7", 1e-7),
      ("123456789012345678", 1.2345678901234568e17), ("+.5", 0.5), ("5.", 5), ("-0", -0.0),
      ("0.000001234", 0.000001234), ("16777217", 16777217), ("2.5E+3", 2500),
      ("0.123456789012345678", 0.123456789012345678),
    ])
  func numbers(text: String, expected: Double) throws {
    let data = try Self.read("\(text),0\n", "", options: DatasetOptions(label: .last))
    #expect(data.inputs.floats == [Float(expected)])
  }
}
