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
      ("", "s.yaml: the file is empty"),
      ("label: [", "s.yaml: this is not valid YAML: "),
      ("lable: last", "s.yaml, line 1: 'lable' is not a key; did you mean 'label'?"),
      ("features: []", "s.yaml, line 1: the key 'label' is missing"),
      (
        "label: last\nfeatures:\n  - name: a\n    knid: integer",
        "s.yaml, line 4: 'knid' is not a key; did you mean 'kind'?"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    kind: number",
        "s.yaml, line 4: 'kind' must be one of continuous, integer, binary, categorical, got 'number'"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    range: [3, 1]",
        "s.yaml, line 4: 'range' must be [lowest, highest], got a list"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    mutable: maybe",
        "s.yaml, line 4: 'mutable' must be true or false, got 'maybe'"
      ),
      (
        "label: last\nfeatures:\n  - name: a\n    kind: categorical",
        "s.yaml, line 3: the key 'categories' is missing"
      ),
      (
        "label: last\nfeatures:\n  - {name: a}\n  - {name: a}",
        "s.yaml, line 1: 'a' is described twice"
      ),
      (
        "label: {column: y, classes: [good, bad], positive: god}",
        "s.yaml, line 1: 'god' is not a class; did you mean 'good'?"
      ),
      (
        "label: {column: y, classes: [a, b], values: [1]}",
        "s.yaml, line 1: 'values' must be one text a class (2), got a list"
      ),
      (
        "label: last\nshape: [0, 28]",
        "s.yaml, line 2: 'shape' must be a list of positive whole numbers, got a list"
      ),
      ("label: last\nscale: -1", "s.yaml, line 2: 'scale' must be a positive number, got '-1'"),
      (
        "label: last\nfeatures:\n  - name: a\n    missing: category",
        "s.yaml, line 4: 'missing' must be 'category' only for a categorical feature, got 'category'"
      ),
      (
        "label: last\nprotected:\n  - {name: a, bins: [3, 2]}",
        "s.yaml, line 3: 'bins' must be ascending numbers, got a list"
      ),
    ])
  func mistakes(yaml: String, expected: String) {
    let error = #expect(throws: DatasetError.self) {
      try FeatureSchema(yaml: yaml, path: "s.yaml")
    }
    #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
  }
}
