import Audits
import Checks
import Foundation
import Testing

@testable import Reports

@Suite("Checks as Markdown")
struct ChecksMarkdownTests {
  /// The text behind numeric character references, without the joiners that show nothing.
  private func read(_ markdown: String) -> String {
    markdown.replacing(/&#([0-9]+);/) { match in
      UInt32(match.1).flatMap(Unicode.Scalar.init).map(String.init) ?? "?"
    }.replacing("\u{2060}", with: "")
  }

  @Test("The verdict comes first, then the sentence")
  func verdict() {
    #expect(SampleChecks.passed.markdown.text.hasPrefix("# ✓ Passed\n\nPASSED: credit-v2 against"))
    #expect(SampleChecks.failed.markdown.text.hasPrefix("# ✕ Failed\n\nFAILED: "))
    #expect(SampleChecks.inconclusive.markdown.text.hasPrefix("# ? Inconclusive\n\nINCONCLUSIVE: "))
    #expect(SampleChecks.failed.markdown.encoded() == Array(SampleChecks.failed.markdown.text.utf8))
  }

  @Test("A row a gate says what was required, measured and judged, and why")
  func gates() {
    let lines = SampleChecks.failed.markdown.text.split(separator: "\n").map(String.init)
    let start = lines.firstIndex { $0.hasPrefix("| Requirement |") } ?? 0
    #expect(
      lines[start + 2] == "| robust accuracy at L∞ 0.1 drops by at most 2 points | 90.0\u{A0}% | "
        + "84.5\u{A0}% | worsening +5.5 points (+5.0 to +6.0 at 95\u{A0}%) | "
        + "✕ failed | the drop is 0.055 |")
    #expect(
      lines[start + 3]
        == "| explanation drift | – | – | – | – not measured, counts as failed | the run did not measure it |"
    )
    #expect(lines[start + 4].contains("| ? inconclusive |"))
    #expect(lines[start + 5].contains("| ? inconclusive, counts as passed |"))
    #expect(lines[start + 6].contains("| ✓ passed |"))
  }

  @Test("A value that is the candidate's own is no worsening")
  func floors() {
    var gate = SampleChecks.gate(.passed, "robust accuracy is at least 50 %")
    (gate.isAtLeast, gate.value, gate.lower, gate.upper) = (true, 0.81, 0.78, nil)
    (gate.candidate, gate.isImproved, gate.isRelative) = (0.81, true, false)
    #expect(GateText(gate).judged == "81.0\u{A0}% (at least 78.0\u{A0}% at 95\u{A0}%)")
    #expect(GateText(gate).verdict == "passed, improved")
    (gate.isFraction, gate.isAtLeast, gate.value) = (false, false, -0.031)
    (gate.lower, gate.upper, gate.isRelative) = (nil, 0.0125, true)
    #expect(GateText(gate).judged == "worsening −0.0310 (at most +0.0125 at 95\u{A0}%)")
  }

  @Test("Replay, budget and warnings have their numbers and sentences")
  func parts() {
    let text = SampleChecks.failed.markdown.text
    #expect(text.contains("| L∞ | 2 | 1 | 0 | 1 |"))
    #expect(text.contains("Newly broken under L∞: row 1 (sample 1), row 3 (sample 3)."))
    #expect(text.contains("Used: 123,456 forward and 65,432 backward passes."))
    #expect(
      text.contains(
        "| zero-gradient (veto) | 12 of 1,000 samples | Gradients vanish. | Attack the logits. |"))
    #expect(SampleChecks.exhausted.markdown.text.contains("37 samples at L∞ 0.1, 1 sample at L2 1"))
    #expect(!SampleChecks.passed.markdown.text.contains("## Warnings"))
  }

  @Test("A table's worst case says which features changed, from what to what")
  func features() {
    let text = SampleChecks.passed.markdown.text
    #expect(text.contains("| age | 31\u{A0}years | 34\u{A0}years | +3\u{A0}years |"))
    #expect(text.contains("| housing&#124;&#60;b&#62; | own | rent&#96; | ↔ |"))
    #expect(text.contains("Unchanged values: 1.") && !text.contains("!["))
  }

  @Test("A picture is linked by a path of the program's own making")
  func pictures() throws {
    let text = SampleChecks.pictures.markdown.text
    let links = text.matches(of: /!\[([^\]]*)\]\(([^)]*)\)/)
    let files = try SampleChecks.pictures.pictures.encoded().map { "pictures/\($0.name)" }
    #expect(links.map { String($0.2) } == files && files.count == 2)
    #expect(links.map { String($0.1) }[0].hasSuffix("digit &#60;3&#62;"))
  }

  @Test("No name is anything but text, and none is lost", arguments: SampleChecks.hostile)
  func hostile(name: Sample<String>) {
    let text = SampleChecks.hostile(name.value).markdown.text
    #expect(text.utf8.count < 30_000)
    #expect(
      !text.contains("<") && !text.contains("`") && !text.contains("](") && !text.contains("@"))
    #expect(!text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" || $0 == "\r" })
    // Each row keeps its cells.
    for line in text.split(separator: "\n") where line.hasPrefix("|") {
      #expect([5, 6, 7].contains(line.count { $0 == "|" }))
    }
    #expect(read(text).contains("## 1. \(DisplayText.line(name.value))\n"))
  }

  @Test("Escaped text reads as it was")
  func escaping() {
    #expect(MarkdownText.escaped("a_b*c") == "a&#95;b&#42;c")
    #expect(MarkdownText.escaped("0.05: fine, http://x") == "0.05: fine, http&#58;//x")
    #expect(MarkdownText.escaped("www.x") == "www&#46;x")
    #expect(MarkdownText.escaped("@x") == "&#64;&#8288;x")
    let all = String(String.UnicodeScalarView((32..<127).compactMap(Unicode.Scalar.init)))
    #expect(read(MarkdownText.escaped(all)) == all)
  }

  @Test("A line keeps its characters whole, and shows what would be invisible")
  func lines() {
    #expect(DisplayText.line("short") == "short")
    #expect(DisplayText.line("abcdef", limit: 6) == "abcdef")
    #expect(DisplayText.line("abcdefg", limit: 6) == "abcde…")
    // A family is five scalars, and is kept or left out as one.
    #expect(DisplayText.line("👩‍👩‍👧👩‍👩‍👧", limit: 8) == "👩‍👩‍👧…")
    #expect(DisplayText.line("a" + String(repeating: "\u{301}", count: 500), limit: 10) == "…")
    #expect(
      DisplayText.line("a\u{202E}b\u{200F}c\u{FEFF}\u{1B}") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}"
    )
    #expect(DisplayText.line("a\nb\tc\u{2028}d") == "a b c d")
    #expect(DisplayText.list(["a", "b", "c"], limit: 2) == "a, b and 1 more")
  }
}
