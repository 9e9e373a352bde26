import Audits
import Checks
import Tensors

extension CheckRecord {
  /// How many worst cases a summary shows, and how many changes of each.
  static let shownCases = 3
  static let shownChanges = 12

  /// The nearest adversarial examples: pictures of images, the changes of everything else.
  var worstCases: [MarkdownText] {
    guard !worst.isEmpty else { return [] }
    let cases = worst.prefix(Self.shownCases).enumerated().flatMap { index, worst in
      let heading: MarkdownText = "### \(index + 1). \(worst.name)"
      return [heading, "Case \(index + 1): \(caption(worst))."] + evidence(index, worst)
    }
    return ["## Nearest adversarial examples of samples that the baseline withstands"] + cases
  }

  private func evidence(_ index: Int, _ worst: WorstCase) -> [MarkdownText] {
    switch input.layout {
    case .image:
      let file = "\(CheckPictures.folder)/\(CheckPictures.fileName(index, worst))"
      return [
        "![Clean, perturbed and difference of \(worst.name)](\(MarkdownText.trusted(file)))"
      ]
    case .sequence: return channelChanges(worst)
    case .table, .array: return featureChanges(worst)
    }
  }

  /// Which features changed, from what to what.
  private func featureChanges(_ worst: WorstCase) -> [MarkdownText] {
    let (before, after) = (worst.clean.doubles, worst.perturbed.doubles)
    let changed = zip(before, after).enumerated().filter { $0.element.0 != $0.element.1 }
    let rows = changed.prefix(Self.shownChanges).map { index, values -> [MarkdownText] in
      let feature = FeatureText(input, index)
      return [
        "\(feature.name)", "\(feature.text(values.0))", "\(feature.text(values.1))",
        "\(feature.change(from: values.0, to: values.1))",
      ]
    }
    let hidden = changed.count - rows.count
    let more = hidden > 0 ? " \(NumberText.count(hidden)) further changes are not shown." : ""
    return [
      .table(["Feature", "Clean:", "Perturbed:", "Change:"], rows),
      "Unchanged values: \(NumberText.count(before.count - changed.count)).\(more)",
    ]
  }

  /// The channels of a sequence that were changed most.
  private func channelChanges(_ worst: WorstCase) -> [MarkdownText] {
    let channels = SequenceChannels(worst.clean, worst.perturbed, input)
    let rows = channels.mostChanged(limit: Self.shownCases).map { channel -> [MarkdownText] in
      let unit = channel.unit.map { "\u{A0}\($0)" } ?? ""
      return ["\(channel.name)", "\(NumberText.decimal(channel.change))\(unit)"]
    }
    return [.table(["Channel", "Largest change:"], rows)]
  }
}
