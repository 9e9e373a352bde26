/// What people wrote about a model, which no program can measure.
public struct HumanStatement: Codable, Hashable, Sendable {
  /// What it is about.
  public enum Subject: String, Codable, Hashable, Sendable, CaseIterable {
    case intendedUse = "intended-use"
    case misuse
    case risks
    case oversight
    case monitoring
    case roles
  }

  public var subject: Subject
  /// The question that it answers, by the key that the scaffold gives it.
  public var question: String
  /// Paragraphs, parted by empty lines.
  public var text: String

  public init(subject: Subject, question: String, text: String) {
    self.subject = subject
    self.question = question
    self.text = text
  }
}
