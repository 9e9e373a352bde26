import Audits

extension Chapter {
  /// Accuracy with intervals, per class and group, and who is taken for whom.
  var performance: Markup {
    guard records.contains(where: { !$0.predictions.isEmpty }) else { return .empty }
    return [accuracyTable, groupTable, confusions].joined
  }

  private var modelColumns: [Table.Column] { names.map { .init($0, isNumeric: true) } }

  private var accuracyTable: Markup {
    let groups = groupNames(of: .cleanAccuracy).filter { $0.isEmpty || $0.hasPrefix("class ") }
    return Table(
      words("performance.accuracy", ["confidence": confidence]),
      columns: [.init(words("column.samples"))] + modelColumns,
      rows: groups.map { group in
        [words.group(group)]
          + records.map { Estimate($0.measure(.cleanAccuracy, group: group)).markup }
      } + baseline
    ).inline.markup
  }

  /// What the same answer to every sample is worth: less than that is worth nothing.
  private var baseline: [[Markup]] {
    guard let record = records.first(where: { !$0.predictions.isEmpty }),
      let most = record.mostFrequentClass
    else { return [] }
    let name = words("performance.baseline", ["class": record.className(most.index)])
    return [
      ["\(name)"]
        + records.map { "\($0.mostFrequentClass.map { NumberText.percent($0.share) } ?? "–")" }
    ]
  }

  private var groupTable: Markup {
    let accuracies = groupNames(of: .cleanAccuracy)
      .filter { !$0.isEmpty && !$0.hasPrefix("class ") }
    let gaps = groupNames(of: .groupGap)
    guard !accuracies.isEmpty || !gaps.isEmpty else { return .empty }
    let rows = accuracies.map { group in
      [words.group(group)] + records.map { cell($0.measure(.cleanAccuracy, group: group)) }
    }
    let differences = gaps.map { group in
      ["\(words("performance.gap", ["group": group]))"]
        + records.map { Estimate($0.measure(.groupGap, group: group)).markup }
    }
    return Table(
      words("performance.groups", ["confidence": confidence]),
      columns: [.init(words("column.group"))] + modelColumns, rows: rows + differences
    ).inline.markup + paragraph("performance.gapNote")
  }

  /// An estimate with the number of samples behind it.
  private func cell(_ measure: Measure?) -> Markup {
    guard let measure else { return "–" }
    return "\(Estimate(measure).markup) <small>n = \(measure.count)</small>"
  }

  private func groupNames(of kind: Measure.Kind) -> [String] {
    var names: [String] = []
    for measure in records.flatMap(\.measures)
    where measure.kind == kind && !names.contains(measure.group) { names.append(measure.group) }
    return names
  }

  /// The confidence of the first interval; the suite has one for all.
  var confidence: String {
    NumberText.plain((records[0].measures.first?.confidence ?? 0.95) * 100)
  }

  private var confusions: Markup {
    let tables = models.map { name, record -> Markup in
      ConfusionMatrix(record).markup(name, words)
    }
    return "<div class=\"pair\">\(tables)</div>" + paragraph("performance.confusionNote")
  }
}

extension Words {
  /// What a measure is restricted to: a record writes "class 3" for a class, and a protected
  /// attribute with its value in the data's own words.
  func groupText(_ recorded: String) -> String {
    guard !recorded.isEmpty else { return self("performance.all") }
    let mark = "class "
    guard recorded.hasPrefix(mark) else { return recorded }
    return self("performance.class", ["class": String(recorded.dropFirst(mark.count))])
  }

  /// The same as markup.
  func group(_ recorded: String) -> Markup { Markup(text: groupText(recorded)) }
}

/// How often each class was taken for each.
struct ConfusionMatrix: Sendable {
  let classNames: [String]
  /// Rows are true classes, columns predicted ones.
  let counts: [[Int]]

  /// Beyond this many classes only the most frequent confusions are listed.
  static let largestGrid = 12

  init(_ record: AuditRecord) {
    classNames = record.model.classNames
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classNames.count), count: classNames.count)
    for prediction in record.predictions
    where counts.indices.contains(prediction.label) && counts.indices.contains(prediction.predicted)
    {
      counts[prediction.label][prediction.predicted] += 1
    }
    self.counts = counts
  }

  func markup(_ name: String, _ words: Words) -> Markup {
    classNames.count <= Self.largestGrid ? grid(name, words) : list(name, words)
  }

  private func grid(_ name: String, _ words: Words) -> Markup {
    let heads = classNames.map { "<th scope=\"col\" class=\"number\">\($0)</th>" as Markup }
    let rows = zip(classNames, counts).enumerated().map { label, row -> Markup in
      let total = max(row.1.reduce(0, +), 1)
      let cells = row.1.enumerated().map { predicted, count -> Markup in
        let tenths = (10 * count + total / 2) / total
        return """
          <td class="number \(predicted == label ? "hit" : "miss") share-\(tenths)">\(count)</td>
          """
      }
      return "<tr><th scope=\"row\">\(row.0)</th>\(cells)</tr>"
    }
    let caption = words("performance.confusion", ["model": name])
    return """
      <div class="scroll" role="group" aria-label="\(caption)" tabindex="0"><table class="matrix">
      <caption>\(caption)</caption>
      <thead><tr><th scope="col">\(words("performance.trueAndPredicted"))</th>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></div>
      """
  }

  private func list(_ name: String, _ words: Words) -> Markup {
    let pairs = counts.indices.flatMap { label in
      counts.indices.filter { $0 != label && counts[label][$0] > 0 }.map { (label, $0) }
    }
    let most = pairs.enumerated().sorted {
      (counts[$1.element.0][$1.element.1], $0.offset)
        < (counts[$0.element.0][$0.element.1], $1.offset)
    }
    return Table(
      words("performance.mostConfused", ["model": name]),
      columns: [
        .init(words("column.trueClass")), .init(words("column.predicted")),
        .init(words("column.samples"), isNumeric: true),
      ],
      rows: most.prefix(10).map { _, pair in
        ["\(classNames[pair.0])", "\(classNames[pair.1])", "\(counts[pair.0][pair.1])"]
      }
    ).markup
  }
}
