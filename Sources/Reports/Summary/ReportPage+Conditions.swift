import Audits

extension ReportPage {
  /// How long a text of people may be in the summary; the scope has the whole.
  private static let textLimit = 300
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

  /// The conditions that signers set, and for which models.
  private var signedConditions: [Markup] {
    let all = signatures.filter { $0.sign.decision == .conditions && !$0.sign.remarks.isEmpty }
    let named = all.prefix(Self.conditionLimit).map { entry -> Markup in
      let text = DisplayText.line(entry.sign.remarks, limit: Self.textLimit)
      let values: KeyValuePairs = [
        "name": entry.sign.name, "role": entry.sign.role,
        "models": entry.models.joined(separator: ", "),
      ]
      let key = records.count > 1 ? "brief.condition.for" : "brief.condition"
      return "\(words(key, values)) \(text)"
    }
    let rest = all.count - named.count
    guard rest > 0 else { return named }
    return named + ["\(words("brief.moreConditions", ["count": NumberText.count(rest)]))"]
  }

  /// Against which attacks accuracy was measured, each data set in one line.
  private var tested: [Markup] {
    chapters.map { chapter in
      let radii = chapter.norms.map { norm -> String in
        let radius = chapter.records.compactMap { $0.largestEpsilon(norm) }.max() ?? 0
        return "\(norm.symbol) \(NumberText.plain(radius)) (\(chapter.scaleText(norm)))"
      }
      guard !radii.isEmpty else { return "\(words("brief.untested", ["data": chapter.title]))" }
      return
        "\(words("brief.tested", ["data": chapter.title, "radii": radii.joined(separator: "; ")]))"
    }
  }

  /// Every signature of the records, with the models that it is under; one under several stands once.
  private var signatures: [(sign: SignOff, models: [String])] {
    zip(names, records).reduce(into: []) { all, entry in
      for sign in entry.1.signOffs {
        let known = all.firstIndex {
          $0.sign.name == sign.name && $0.sign.role == sign.role
            && $0.sign.decision == sign.decision && $0.sign.remarks == sign.remarks
        }
        if let known {
          all[known].models.append(entry.0)
        } else {
          all.append((sign, [entry.0]))
        }
      }
    }
  }

  /// Who signed what, in which role and how; dissent as much as consent, and what nobody signed.
  var signers: Markup {
    guard !signatures.isEmpty else { return "<p>\(words("brief.unsigned"))</p>" }
    let items = signatures.map { sign, models -> Markup in
      let owner: Markup =
        records.count > 1
        ? "<b>\(words("brief.signed.for", ["models": models.joined(separator: ", ")]))</b> "
        : .empty
      return """
        <li>\(owner)\(sign.name), \(sign.role): \
        \(words("brief.decision.\(sign.decision.rawValue)")) \
        <span class="small">\(NumberText.moment(sign.moment))</span></li>
        """
    }
    let unsigned = zip(names, records).filter { $0.1.signOffs.isEmpty }.map(\.0)
    let missing: Markup =
      unsigned.isEmpty
      ? .empty
      : "<li>\(words("brief.signed.none", ["models": unsigned.joined(separator: ", ")]))</li>"
    return "<ul class=\"signers\">\(items)\(missing)</ul>"
  }
}
