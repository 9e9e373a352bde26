import Audits

/// The part of a report on one data set: every model that was audited with it, side by side.
struct Chapter: Sendable {
  let number: Int
  let records: [AuditRecord]
  /// What each record's model is called, in the order of the records.
  let names: [String]
  let words: Words

  /// One part of the chapter.
  struct Section: Sendable {
    var key: String
    var body: Markup
  }

  /// An identifier within the document: "c2-accuracy".
  func id(_ parts: String...) -> String {
    (["c\(number)"] + parts).joined(separator: "-")
  }

  var title: String { records[0].data.name }

  /// The records with their names.
  var models: [(name: String, record: AuditRecord)] {
    zip(names, records).map { (name: $0, record: $1) }
  }

  /// The chapter's heading and sections; a section without content is left out.
  func markup() throws -> Markup {
    let sections = try [
      Section(key: "subject", body: subject),
      Section(key: "performance", body: performance),
      Section(key: "data", body: data),
      Section(key: "calibration", body: calibration),
      Section(key: "groups", body: groups),
      Section(key: "robustness", body: robustness),
      Section(key: "corruptions", body: corruptions),
      Section(key: "global", body: global),
      Section(key: "decisions", body: decisions),
      Section(key: "gallery", body: gallery()),
      Section(key: "trust", body: explanationTrust),
      Section(key: "explanations", body: explanations()),
      Section(key: "shift", body: explanationShift()),
    ].filter { !$0.body.isEmpty }
    let parts = sections.enumerated().map { index, section -> Markup in
      """
      <section aria-labelledby="\(id(section.key))">
      <h3 id="\(id(section.key))"><span class="no">\(number).\(index + 1)</span> \
      \(words("\(section.key).title"))</h3>
      \(section.body)
      </section>
      """
    }
    return """
      <section class="chapter" aria-labelledby="c\(number)">
      <h2 id="c\(number)"><span class="no">\(number)</span> \(title)</h2>
      <p class="lead">\(lead)</p>
      \(parts)
      </section>
      """
  }

  private var lead: String {
    words(
      records.count == 1 ? "chapter.one" : "chapter.several",
      ["count": NumberText.count(records.count), "models": names.joined(separator: ", ")])
  }

  /// A paragraph of the report's own words.
  func paragraph(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> Markup {
    "<p>\(words(key, values))</p>"
  }

  /// A figure with its drawing and what it shows.
  func figure(_ drawing: Markup, caption: String, legend: Markup = .empty) -> Markup {
    "<figure>\(drawing)<figcaption>\(legend)\(caption)</figcaption></figure>"
  }
}
