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
    /// Changes that are planned beforehand, and how each is controlled.
    case changes
  }

  public var subject: Subject
  /// The question that it answers, by the key that the scaffold gives it; of the register of risks
  /// "register.1.hazard": its row, from 1, and its column.
  public var question: String
  /// Paragraphs, parted by empty lines.
  public var text: String

  public init(subject: Subject, question: String, text: String) {
    self.subject = subject
    self.question = question
    self.text = text
  }
}
