import Audits
public import Checks

/// A check as Markdown: the summary of a job, the verdict first.
///
/// Pictures are linked by paths from the folder in which the file lies.
public struct CheckMarkdown: Hashable, Sendable {
  public var check: CheckRecord

  public init(_ check: CheckRecord) { self.check = check }

  /// How many newly broken samples of a norm are named.
  static let listedSamples = 20

  /// The Markdown text in UTF-8, ending in a newline.
  public func encoded() -> [UInt8] { Array(text.utf8) }

  /// The Markdown text, ending in a newline.
  public var text: String {
    let check = check.displayed
    return MarkdownText.blocks(
      [verdict(check)] + gates(check) + replay(check) + budget(check) + warnings(check)
        + check.worstCases
    ).source + "\n"
  }

  private func verdict(_ check: CheckRecord) -> MarkdownText {
    MarkdownText.blocks([
      "# \(check.outcome.heading)",
      "\(check.sentence)",
      """
      Candidate \(model(check.candidate)). Baseline \(model(check.baseline)). \
      Data: \(check.data), \(check.selection); \(NumberText.count(check.sampleCount)) samples, \
      seed \(String(check.seed)).
      """,
    ])
  }

  private func model(_ model: CheckedModel) -> String {
    "\(model.name) (SHA-256 \(model.sha256.prefix(12)), run \(model.run), "
      + "\(NumberText.moment(model.started)))"
  }

  private func gates(_ check: CheckRecord) -> [MarkdownText] {
    guard !check.gates.isEmpty else { return ["## Gates", "No gate is stated."] }
    let rows = check.gates.map { gate -> [MarkdownText] in
      let text = GateText(gate)
      return [
        "\(gate.requirement)", "\(text.baseline)", "\(text.candidate)", "\(text.judged)",
        "\(text.mark) \(text.verdict)", "\(gate.reason)",
      ]
    }
    let headings = [
      "Requirement", "Baseline:", "Candidate:", "Change or value, with bounds", "Verdict", "Why",
    ]
    return ["## Gates", .table(headings, rows)]
  }

  private func replay(_ check: CheckRecord) -> [MarkdownText] {
    guard !check.replay.isEmpty else {
      return ["## Known adversarial examples", "None were known, so that none were replayed."]
    }
    let outcomes: [ReplayCase.Outcome] = [.newlyBroken, .fixed, .transferred, .withstood]
    let rows = check.replay.map { group -> [MarkdownText] in
      ["\(group.norm.symbol)"]
        + outcomes.map { outcome in "\(NumberText.count(group.count(outcome)))" }
    }
    let names = check.replay.compactMap { group -> MarkdownText? in
      let broken = group.cases.filter { $0.outcome == .newlyBroken }
      guard !broken.isEmpty else { return nil }
      let list = DisplayText.list(
        broken.map { "\($0.name) (sample \($0.sample))" }, limit: Self.listedSamples)
      return "Newly broken under \(group.norm.symbol): \(list)."
    }
    return [
      "## Known adversarial examples",
      .table(["Norm", "Newly broken:", "Fixed:", "Transferred:", "Withstood:"], rows),
    ] + names
  }

  private func budget(_ check: CheckRecord) -> [MarkdownText] {
    let exhausted = check.budget.exhaustionSentence.map { " \($0)" } ?? ""
    return ["## Budget", "\(check.budget.useSentence)\(exhausted)"]
  }

  private func warnings(_ check: CheckRecord) -> [MarkdownText] {
    guard !check.warnings.isEmpty else { return [] }
    let rows = check.warnings.map { warning -> [MarkdownText] in
      [
        "\(warning.name)\(warning.isVeto ? " (veto)" : "")", "\(warning.raised)",
        "\(warning.explanation)", "\(warning.suggestion)",
      ]
    }
    let veto: MarkdownText =
      check.warnings.contains(where: \.isVeto)
      ? "While a veto stands, the candidate’s robust accuracy is not to be believed." : ""
    return [
      "## Warnings", veto,
      .table(["Warning", "What was seen", "What it means", "What to try"], rows),
    ]
  }
}

extension CheckRecord {
  /// The check as Markdown.
  public var markdown: CheckMarkdown { CheckMarkdown(self) }
}
