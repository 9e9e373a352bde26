import ArgumentParser
import Audits
import Ledger

/// A recorded audit, run once more from its command.
struct RunRepetition {
  private let record: AuditRecord
  private let preparation: AuditPreparation

  /// - Throws: `UsageError` if the run is not one that its command repeats, or what reading the model
  ///   and the data throws.
  init(_ record: AuditRecord) throws {
    self.record = record
    let words = ShellCommand(record.run.command).words
    guard words.starts(with: ["assay", "audit"]), record.run.shard == nil else {
      throw UsageError(
        "run \(record.run.id) cannot be repeated from its record: its command is "
          + "'\(record.run.command)', not 'assay audit'")
    }
    guard record.run.isComplete else {
      throw UsageError(
        "run \(record.run.id) is not complete; give its command again, it resumes")
    }
    preparation = try AuditPreparation(AuditCommand.parse(Array(words.dropFirst(2))))
    guard preparation.description.id == record.run.id else {
      throw UsageError(
        "the command of run \(record.run.id) now describes another run: the model, data, suite or "
          + "program are not those of the record")
    }
  }

  /// Runs the audit in memory and names the first part that differs; nil where none does.
  func firstDifference() throws -> String? {
    let again = try preparation.run(into: Ledger(), label: "Repetition")
    return first("prediction", record.predictions, again.predictions) { "of sample \($0.sample)" }
      ?? first("finding", record.findings, again.findings) {
        "about sample \($0.sample) by '\($0.attack)' at ε = \($0.epsilon.words)"
      }
      ?? first("explanation", record.explanations, again.explanations) {
        "of sample \($0.sample) by \($0.method)"
      }
      ?? first("measure", record.measures, again.measures) { "of \($0.kind.words)" }
      ?? first("warning", record.warnings, again.warnings) { "'\($0.name)'" }
      ?? first("verdict", record.gates, again.gates) { "on '\($0.requirement)'" }
      ?? (record.assessments == again.assessments ? nil : "the assessments differ")
  }

  private func first<Part: Equatable>(
    _ name: String, _ recorded: [Part], _ again: [Part], words: (Part) -> String
  ) -> String? {
    if let pair = zip(recorded, again).first(where: { $0 != $1 }) {
      return "the \(name) \(words(pair.0)) is another one this time"
    }
    return recorded.count == again.count
      ? nil : "\(again.count) \(name)s were made this time, but \(recorded.count) are recorded"
  }
}
