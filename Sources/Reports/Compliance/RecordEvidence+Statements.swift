import Audits

extension RecordEvidence {
  /// Evidence that only people can give: it is answered when none of its questions is open.
  func humanStatus(of evidence: Evidence) -> EvidenceStatus {
    let answers = StatementAnswers(record.statements)
    let subjects = HumanStatement.Subject.allCases.filter { $0.evidence == evidence }
    guard subjects.contains(where: answers.isBegun) else {
      return EvidenceStatus(.waiting, shortfalls: [Shortfall(.person)])
    }
    let open = subjects.flatMap { subject in
      answers.open(subject).map { "\(subject.rawValue)/\($0)" }
    }
    guard open.isEmpty else {
      return EvidenceStatus(
        .waiting, sections: ["scope"],
        shortfalls: [shortfall(.openQuestions, open.joined(separator: ", "))])
    }
    return EvidenceStatus(.answered, sections: ["scope"])
  }
}

extension Words {
  /// The open questions that a shortfall lists, in words: "Intended use: Who uses it?".
  func openQuestions(_ detail: String) -> String {
    let entries = detail.split(separator: ",").map { $0.drop { $0 == " " } }
    return entries.map { entry in
      let parts = entry.split(separator: "/").map(String.init)
      guard parts.count == 2, let subject = HumanStatement.Subject(rawValue: parts[0]) else {
        return String(entry)
      }
      return "\(self.subject(subject)): \(question(parts[1], about: subject))"
    }.joined(separator: " · ")
  }
}
