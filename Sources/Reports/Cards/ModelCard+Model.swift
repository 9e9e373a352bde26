import Audits
import Models
import Tensors

extension ModelCardSection {
  /// Name, version, kind, input, gradient, and who is responsible.
  var details: [MarkdownText] {
    let model = record.model
    let shape = model.input.shape.dimensions.map(String.init).joined(separator: " × ")
    let entries: [(name: String, value: MarkdownText)] = [
      (words("column.model"), "\(model.name)"),
      (words("column.sha256"), "\(model.sha256)"),
      (words("column.parameters"), "\(NumberText.count(model.parameterCount))"),
      (words("column.classes"), "\(model.classNames.joined(separator: ", "))"),
      (words("card.input"), "\(words("card.layout.\(model.input.layout.rawValue)")), \(shape)"),
      (words("card.audited"), "\(NumberText.moment(record.run.started))"),
    ]
    let notes = [gradient] + model.notes.map { "\($0)" as MarkdownText }
    return [facts(entries + [(words("column.note"), notes[0])]), list(Array(notes.dropFirst()))]
      + statements([.roles])
  }

  private var gradient: MarkdownText {
    switch record.model.gradient {
    case .exact: "\(words("subject.gradient.exact", ["model": name]))"
    case .straightThrough(let operators): "\(straightThrough(operators))"
    case .none(let reason):
      "\(words("subject.gradient.none", ["model": name, "reason": reason]))"
    }
  }

  private func straightThrough(_ operators: [String]) -> String {
    words(
      "subject.gradient.straightThrough",
      ["model": name, "operators": operators.joined(separator: ", ")])
  }

  /// Groups, classes and inputs by which the figures may differ.
  var factors: [MarkdownText] {
    let attributes = Set(record.predictions.flatMap(\.groups).map(\.name)).sorted()
    let groups =
      attributes.isEmpty
      ? words("card.noGroups")
      : words("card.groups", ["groups": attributes.joined(separator: ", ")])
    let features = record.data.features.map(\.name).joined(separator: ", ")
    return [
      list(
        ["\(groups)"]
          + (features.isEmpty ? [] : ["\(words("card.features", ["features": features]))"]))
    ]
  }

  /// What was measured, with which intervals, and which thresholds were set.
  var metrics: [MarkdownText] {
    let kinds = Measure.Kind.allCases.filter { kind in
      record.measures.contains { $0.kind == kind }
    }
    guard !kinds.isEmpty else { return ["\(words("card.noMeasures"))"] }
    let items = kinds.map { kind -> MarkdownText in
      let methods = Set(record.measures.filter { $0.kind == kind }.map(\.intervalMethod)).sorted()
      return "\(words("measure.\(kind.rawValue)")) (\(methods.joined(separator: "; ")))"
    }
    let confidence = NumberText.plain(100 * (record.measures.first?.confidence ?? 0.95))
    return ["\(words("card.intervals", ["confidence": confidence]))", list(items)]
  }

  /// The audited samples: where they are from, how many, of which classes.
  var evaluation: [MarkdownText] {
    let data = record.data
    let lead = words(
      "subject.data",
      ["selection": data.selection, "count": NumberText.count(data.sampleCount)])
    let rows = zip(record.model.classNames, data.classCounts).map { name, count in
      ["\(name)", "\(NumberText.count(count))"] as [MarkdownText]
    }
    let table = MarkdownText.table([words("column.class"), words("column.samples") + ":"], rows)
    let files = data.sha256.map { "\($0.name): SHA-256 \($0.value)" as MarkdownText }
    return [
      "**\(data.name).** \(lead)", table, list(data.notes.map { "\($0)" as MarkdownText }),
      list(files),
    ]
  }

  /// What the training record says.
  var training: [MarkdownText] {
    let entries = TrainingSummary(record.model.trainingRecord, words).entries
    guard !entries.isEmpty else {
      return ["\(words("card.untold"))"].map { text in
        record.model.trainingRecord.isEmpty ? text : "- \(record.model.trainingRecord)"
      }
    }
    return [facts(entries.map { (name: $0.name, value: "\($0.value)") })]
  }
}
