import ConfigurationFiles

extension LabelDescription {
  init(_ node: ConfigurationNode) throws {
    if case .scalar(let name, _) = node.content {
      self.init(column: Column(name))
      return
    }
    let fields = try node.mapping(keys: [
      "column", "classes", "values", "positive", "task", "unit",
    ])
    self.init(
      column: Column(try fields.required("column").string()),
      task: try fields.choice("task", of: Task.self) ?? .classification,
      classes: try fields.strings("classes") ?? [], values: try fields.strings("values"),
      positive: try fields.string("positive"), unit: try fields.string("unit"))
    if values.count != classes.count, fields["values"] != nil {
      throw fields.expected("values", "one text a class (\(classes.count))")
    }
    try fields.rejectDuplicates("classes", classes)
    try fields.rejectDuplicates("values", values)
    if let positive, !classes.contains(positive) {
      throw fields.error("positive", .unknownName(positive, known: classes))
    }
    if task == .regression, fields["classes"] != nil {
      throw fields.error("classes", .invalid("a regression has no classes"))
    }
  }
}

extension LabelDescription.Column {
  /// The words `first` and `last` are positions; every other is a name.
  init(_ text: String) {
    switch text {
    case "first": self = .first
    case "last": self = .last
    default: self = .named(text)
    }
  }
}
