import ConfigurationFiles
import Datasets
import Tensors
import Testing

@Suite("FeatureSchema") struct FeatureSchemaTests {
  static let text = """
    name: Loans
    label: {column: outcome, values: [1, 2], classes: [good, bad], positive: bad}
    features:
      - name: age
        kind: integer
        unit: years
        range: [18, null]
        mutable: false
      - name: housing
        column: Wohnung
        kind: categorical
        categories: [rent, own]
        values: [A1, A2]
        missing: category
      - name: income
        direction: increase
        missing: median
    protected:
      - age
      - {name: age group, column: age, bins: [25, 60]}
    ignore: [id]
    missingMarkers: ["", "-"]
    """

  @Test("every key is understood")
  func keys() throws {
    let schema = try FeatureSchema(yaml: Self.text, path: "s.yaml")
    #expect(schema.name == "Loans" && schema.hasHeader && schema.ignoredColumns == ["id"])
    #expect(schema.label.column == .named("outcome"))
    #expect(schema.label.values == ["1", "2"] && schema.label.positive == "bad")
    #expect(
      schema.columns[0].feature
        == Feature(
          name: "age", kind: .integer, unit: "years", range: ValueRange(lower: 18),
          isMutable: false))
    #expect(schema.columns[1].column == "Wohnung" && schema.columns[1].values == ["A1", "A2"])
    #expect(schema.columns[1].feature.categories == ["rent", "own", "missing"])
    #expect(schema.columns[2].feature.direction == .increase)
    #expect(schema.columns[2].missing == .median)
    #expect(schema.protectedColumns.map(\.name) == ["age", "age group"])
    #expect(schema.input.encodedShape == [5])
    #expect(schema.missingMarkers == ["", "-"])
  }

  @Test(
    "what cannot be meant is refused with file, line and reason",
    arguments: [
      ("", "s.yaml:1:1: the file is empty"),
      ("label: [", "s.yaml:2:1: is not valid YAML: "),
      ("lable: last", "s.yaml:1:1: unknown key 'lable'; did you mean 'label'?"),
      ("features: []", "s.yaml:1:1: the key 'label' is missing"),
      (
        "label: last\nfeatures:\n  - name: a\n    knid: integer",
        "s.yaml:4:5: unknown key 'knid'; did you mean 'kind'?"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    kind: number",
        "s.yaml:4:11: unknown name 'number'; "
          + "known are 'continuous', 'integer', 'binary', 'categorical'"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    range: [3, 1]",
        "s.yaml:4:12: expected [lowest, highest], got a list of 2"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    mutable: maybe",
        "s.yaml:4:14: expected true or false, got 'maybe'"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    kind: categorical",
        "s.yaml:3:5: the key 'categories' is missing"
      ),
      (
        "label: last\nfeatures:\n  - {name: a}\n  - {name: a}",
        "s.yaml:3:3: 'a' is described twice"
      ),
      (
        "label: {column: y, classes: [good, bad], positive: god}",
        "s.yaml:1:52: unknown name 'god'; did you mean 'good'?"
      ),
      (
        "label: {column: y, classes: [a, b], values: [1]}",
        "s.yaml:1:45: expected one text a class (2), got a list of 1"
      ),
      (
        "label: last\nshape: [0, 28]",
        "s.yaml:2:8: expected a list of positive whole numbers, got a list of 2"
      ),
      ("label: last\nscale: -1", "s.yaml:2:8: expected a positive number, got '-1'"),
      (
        "label: last\nfeatures:\n  - name: a\n    missing: category",
        "s.yaml:4:14: 'missing' is 'category' only for a categorical feature"
      ),
      (
        "label: last\nprotected:\n  - {name: a, bins: [3, 2]}",
        "s.yaml:3:21: expected ascending numbers, got a list of 2"
      ),
    ])
  func mistakes(yaml: String, expected: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try FeatureSchema(yaml: yaml, path: "s.yaml")
    }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }
}
