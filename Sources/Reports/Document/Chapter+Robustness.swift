import Audits
import Tensors

extension Chapter {
  /// Accuracy against ε, what the attacks did, and how far away the closest breaks are.
  var robustness: Markup {
    guard !norms.isEmpty else { return .empty }
    let charts = norms.map(accuracyChart)
    let histograms = norms.compactMap(distanceChart)
    return """
      \(vetoes)
      \(paragraph("robustness.lead"))
      \(categories)
      <div class="pair">\(charts)</div>
      \(robustTable)
      \(histograms.isEmpty ? .empty : "<div class=\"pair\">\(histograms)</div>")
      \(distanceTable)
      \(attackTable)
      \(paragraph("robustness.attackNote"))
      """
  }

  /// Every norm under which a model of the chapter was attacked.
  var norms: [Norm] {
    records.flatMap { Robustness($0).norms }
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private var vetoes: Markup {
    models.filter(\.record.hasVeto).map { name, _ -> Markup in
      "<p class=\"callout\">\(words("robustness.veto", ["model": name]))</p>"
    }.joined
  }

  /// What a change of a category counts under each norm, where samples have categories.
  private var categories: Markup {
    guard records[0].model.input.features.contains(where: { $0.kind == .categorical }) else {
      return .empty
    }
    return norms.map { norm -> Markup in
      switch records[0].categoryRule(norm) {
      case .counts(let cost):
        paragraph("robustness.category", ["norm": norm.symbol, "cost": NumberText.plain(cost)])
      case .fixed: paragraph("robustness.categoryFixed", ["norm": norm.symbol])
      case nil: .empty
      }
    }.joined
  }

  private func accuracyChart(_ norm: Norm) -> Markup {
    let series = models.map { name, record in
      AccuracyChart.Series(name: name, points: points(record, norm))
    }
    let title = words("robustness.chart", ["norm": norm.symbol])
    let chart = AccuracyChart(
      id: id("accuracy", norm.rawValue), title: title,
      description: series.map(description).joined(separator: " "),
      xLabel: axis(norm), yLabel: words("axis.accuracy"), series: series)
    return figure(
      chart.markup, caption: words("robustness.caption", ["confidence": confidence]),
      legend: "<b>\(title)</b>" + Legend(names: names).markup)
  }

  /// "ε under L∞, in input units".
  func axis(_ norm: Norm) -> String {
    words("axis.epsilon", ["norm": norm.symbol, "scale": scaleText(norm)])
  }

  /// What ε is measured in under a norm, in the report's words where they know it.
  func scaleText(_ norm: Norm) -> String { words.scale(records[0].scale(norm)) }

  private func points(_ record: AuditRecord, _ norm: Norm) -> [AccuracyChart.Point] {
    let clean = record.measure(.cleanAccuracy)
    let robust = record.robustAccuracies(norm)
    // With a stated ε = 0 the clean accuracy would be drawn twice.
    let start = robust.contains { $0.epsilon == 0 } ? [] : [clean].compactMap { $0 }
    return (start + robust).compactMap { measure in
      measure.value.map {
        AccuracyChart.Point(
          epsilon: measure.epsilon ?? 0, value: $0, lower: measure.lower, upper: measure.upper)
      }
    }
  }

  private func description(_ series: AccuracyChart.Series) -> String {
    let points = series.points.map {
      words(
        "robustness.point",
        ["epsilon": NumberText.plain($0.epsilon), "accuracy": NumberText.percent($0.value)])
    }
    return "\(series.name): \(points.joined(separator: ", "))."
  }

  private var robustTable: Markup {
    let groups = norms.map { norm in
      let epsilons = Set(
        records.flatMap { $0.robustAccuracies(norm).compactMap(\.epsilon) }
      ).sorted()
      return Table.Group(
        heading: axis(norm),
        rows: epsilons.map { epsilon in
          ["\(NumberText.plain(epsilon))"]
            + records.map { record in
              (record.hasVeto ? "<abbr title=\"\(words("robustness.doubt"))\">⚠</abbr> " : "")
                + Estimate(record.measure(.robustAccuracy, norm: norm, epsilon: epsilon)).markup
            }
        })
    }
    return Table(
      words("robustness.table", ["confidence": confidence]),
      columns: [.init(words("column.epsilon"))] + names.map { .init($0, isNumeric: true) },
      groups: groups
    ).inline.markup
  }

  private func distanceChart(_ norm: Norm) -> Markup? {
    let distances = records.map { Robustness($0).distances(norm) }
    guard distances.joined().contains(where: \.isFinite) else { return nil }
    let title = words("robustness.distances", ["norm": norm.symbol])
    let unbroken = zip(names, distances).map { name, values in
      words(
        "robustness.unbroken",
        [
          "model": name, "count": NumberText.count(values.count { !$0.isFinite }),
          "all": NumberText.count(values.count),
        ])
    }
    let chart = HistogramChart(
      id: id("distances", norm.rawValue), title: title,
      description: unbroken.joined(separator: " "),
      xLabel: words("axis.distance", ["norm": norm.symbol, "scale": scaleText(norm)]),
      yLabel: words("axis.samples"), counts: .init(distances))
    return figure(
      chart.markup, caption: unbroken.joined(separator: " "),
      legend: "<b>\(title)</b>" + Legend(names: names, isBars: true).markup)
  }

  private var distanceTable: Markup {
    let rows = norms.map { norm in
      ["\(words("axis.distance", ["norm": norm.symbol, "scale": scaleText(norm)]))"]
        + records.map { median($0.measure(.medianDistance, norm: norm)) }
    }
    return Table(
      words("robustness.median", ["confidence": confidence]),
      columns: [.init(words("column.norm"))] + names.map { .init($0, isNumeric: true) },
      rows: rows
    ).inline.markup
  }

  private func median(_ measure: Measure?) -> Markup {
    guard let measure else { return "–" }
    return measure.value == nil ? "\(words("robustness.beyond"))" : Estimate(measure).markup
  }
}

extension Words {
  /// What distances are measured in, in the report's words where they know it.
  func scale(_ recorded: String) -> String {
    let keys = [
      "input units": "scale.unit", "feature ranges": "scale.range",
      "stated per feature": "scale.explicit",
    ]
    return keys[recorded].map { self($0) } ?? recorded
  }
}
