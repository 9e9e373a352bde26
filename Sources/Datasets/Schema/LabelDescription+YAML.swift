import Yams

extension LabelDescription {
  init(_ node: Node, parent: SchemaNode, path: String) throws {
    if let name = node.scalar?.string {
      self.init(column: Column(name))
      return
    }
    let fields = try SchemaNode(
      node, path: path, known: ["column", "classes", "values", "positive", "task", "unit"])
    self.init(
      column: Column(try fields.required("column")),
      task: try fields.choice("task", of: Task.self) ?? .classification,
      classes: try fields.strings("classes") ?? [], values: try fields.strings("values"),
      positive: try fields.string("positive"), unit: try fields.string("unit"))
    if values.count != classes.count, let node = fields.node("values") {
      throw fields.wrong("values", "one text a class (\(classes.count))", node)
    }
    if let twice = firstDuplicate(classes) ?? firstDuplicate(values) {
      throw fields.error(.duplicateName(twice))
    }
    if let positive, !classes.contains(positive) {
      throw fields.error(.unknownClass(positive, classes: classes))
    }
    if task == .regression, let node = fields.node("classes") {
      throw fields.wrong("classes", "left out for a regression", node)
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
