import Audits
import Models

extension Chapter {
  /// What a reviewer must know of the models before any figure: their gradients, and the notes that
  /// came with them.
  var modelFacts: Markup {
    models.flatMap { name, record in
      [gradient(of: record.model, named: name)]
        + record.model.notes.map { paragraph("subject.note", ["model": name, "note": $0]) }
    }.joined
  }

  private func gradient(of model: ModelDescription, named name: String) -> Markup {
    switch model.gradient {
    case .exact: paragraph("subject.gradient.exact", ["model": name])
    case .straightThrough(let operators):
      paragraph(
        "subject.gradient.straightThrough",
        ["model": name, "operators": operators.joined(separator: ", ")])
    case .none(let reason):
      paragraph("subject.gradient.none", ["model": name, "reason": reason])
    }
  }
}
