import Audits

extension ReportPage {
  /// How long a text of people may be in the summary; the scope has the whole.
  private static let textLimit = 110
  /// How many conditions of signers are named; the rest are counted.
  private static let conditionLimit = 3

  /// For what and within which limits the model was found fit, from statements, signatures and what
  /// was tested.
  func conditions(isLinked: Bool) -> Markup {
    let items = (use + signedConditions + tested).map { "<li>\($0)</li>" as Markup }
    let more = words("brief.limits")
    let end: Markup =
      isLinked
      ? "<p><a href=\"#limits\">\(more)</a></p>" : "<p class=\"small\">\(more)</p>"
    return "<ul>\(items)</ul>\(end)"
  }

  /// What people wrote about the decision and about what is out of scope, or that nobody did.
  private var use: [Markup] {
    let sets = statementSets
    return sets.flatMap { set in
      ["decision", "outside"].map { question -> Markup in
        let names = set.names.joined(separator: ", ")
        let owner: Markup = sets.count > 1 ? "<b>\(names):</b> " : .empty
        let label = words("brief.\(question)")
        guard let text = set.answers[.intendedUse, question] else {
          return "\(owner)\(label) \(words("brief.unwritten"))"
        }
        return "\(owner)\(label) \(DisplayText.line(text, limit: Self.textLimit))"
      }
    }
  }

  /// The conditions that signers set.
  private var signedConditions: [Markup] {
    let all = signOffs.filter { $0.decision == .conditions && !$0.remarks.isEmpty }
    let named = all.prefix(Self.conditionLimit).map { sign -> Markup in
      let text = DisplayText.line(sign.remarks, limit: Self.textLimit)
      return "\(words("brief.condition", ["name": sign.name, "role": sign.role])) \(text)"
    }
    let rest = all.count - named.count
    guard rest > 0 else { return named }
    return named + ["\(words("brief.moreConditions", ["count": NumberText.count(rest)]))"]
  }

  /// Against which attacks accuracy was measured, each data set in one line.
  private var tested: [Markup] {
    chapters.map { chapter in
      let radii = chapter.norms.map { norm -> String in
        let attacks = chapter.records.flatMap(\.attacks).filter { $0.norm == norm }
        let radius = attacks.flatMap(\.epsilons).max() ?? 0
        return "\(norm.symbol) \(NumberText.plain(radius))"
      }
      guard !radii.isEmpty else { return "\(words("brief.untested", ["data": chapter.title]))" }
      return
        "\(words("brief.tested", ["data": chapter.title, "radii": radii.joined(separator: "; ")]))"
    }
  }

  /// Every signature of the records, those that sign several once.
  private var signOffs: [SignOff] {
    records.flatMap(\.signOffs).reduce(into: []) { all, sign in
      let isKnown = all.contains {
        $0.name == sign.name && $0.role == sign.role && $0.decision == sign.decision
          && $0.remarks == sign.remarks
      }
      if !isKnown { all.append(sign) }
    }
  }

  /// Who signed, in which role and how; dissent as much as consent.
  var signers: Markup {
    guard !signOffs.isEmpty else { return "<p>\(words("brief.unsigned"))</p>" }
    let items = signOffs.map { sign -> Markup in
      let decision = words("brief.decision.\(sign.decision.rawValue)")
      return """
        <li>\(sign.name), \(sign.role): \(decision) \
        <span class="small">\(NumberText.moment(sign.moment))</span></li>
        """
    }
    return "<ul class=\"signers\">\(items)</ul>"
  }
}
