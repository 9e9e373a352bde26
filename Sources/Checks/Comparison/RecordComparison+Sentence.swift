import Audits
import Foundation

extension RecordComparison {
  /// The changes in one sentence: the last line of what the program prints.
  public var sentence: String {
    let samples = overlap.count == 1 ? "1 common sample" : "\(overlap.count) common samples"
    let parts = [measuresInWords, breaksInWords, flipsInWords].compactMap { $0 }
    return "\(second.model) against \(first.model) on \(samples): "
      + parts.joined(separator: "; ") + "."
  }

  private var measuresInWords: String {
    let headlines = measures.filter(\.isHeadline)
    let parts = [(Judgement.worse, "worse in"), (.better, "better in")].compactMap { entry in
      Self.list(headlines.filter { $0.judgement == entry.0 }, entry.1)
    }
    let percent = (100 * confidence).words
    return parts.isEmpty
      ? "no measure differs beyond its \(percent) % interval" : parts.joined(separator: ", ")
  }

  /// "better in clean accuracy (+2.5 points) and 3 more"; nil for none.
  private static func list(_ changes: [MeasureChange], _ words: String) -> String? {
    guard !changes.isEmpty else { return nil }
    let shown = changes.prefix(2).map { "\($0.words) (\($0.differenceInWords))" }
    let more = changes.count > shown.count ? " and \(changes.count - shown.count) more" : ""
    return "\(words) \(shown.joined(separator: ", "))\(more)"
  }

  private var breaksInWords: String? {
    guard !breaks.isEmpty else { return nil }
    func count(_ list: (BreakChanges) -> [Break]) -> Int {
      breaks.reduce(0) { $0 + list($1).count }
    }
    return "adversarial examples: \(count(\.new)) new, \(count(\.fixed)) fixed, "
      + "\(count(\.worse)) nearer"
  }

  private var flipsInWords: String {
    let wrong = flips.count { $0.kind == .rightToWrong }
    let right = flips.count { $0.kind == .wrongToRight }
    return flips.isEmpty
      ? "no answer flipped"
      : "\(flips.count) \(flips.count == 1 ? "answer" : "answers") flipped, \(wrong) to wrong, "
        + "\(right) to right"
  }
}

extension RecordComparison.MeasureChange {
  /// "+2.5 points", "−0.031", rounded as the tables beside it are.
  fileprivate var differenceInWords: String {
    guard let difference else { return "undefined" }
    let number =
      kind.isFraction
      ? String(format: "%.1f points", 100 * abs(difference)) : abs(difference).words
    return (difference < 0 ? "−" : "+") + number
  }
}
