import Foundation
import Testing

/// Comparisons and trends, as a user asks for them.
@Suite("Command line: compare", .serialized)
struct CompareCommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  private func audit(
    _ model: String, part: String = "test", suite: String? = nil, seed: Int
  ) throws {
    let suite = suite ?? BuiltProgram.fixture("demo/suites/breast-cancer.yaml")
    let outcome = try assay(
      "audit", model, "--data", BuiltProgram.fixture("data/wdbc.csv"), "--part", part, "--limit",
      "20", "--suite", suite, "--seed", "\(seed)")
    #expect(outcome.status < 2, "\(outcome.errors)")
  }

  private func runs() throws -> [String] {
    let outcome = try assay("runs", "--json")
    let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(list as? [[String: Any]]).compactMap { $0["id"] as? String }
  }

  @Test("two audits are compared in a page, in JSON and in a last line; three make a trend")
  func wholeWay() throws {
    defer { assay.remove() }
    let model = try assay.trained()
    for seed in 0..<3 { try audit(model, seed: seed) }
    let runs = try runs()
    let outcome = try assay("compare", runs[0], "latest")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let last = try #require(outcome.lines.last)
    // The model is the same: no answer may differ.
    #expect(last.hasPrefix("breast-cancer against breast-cancer on 20 common samples: "))
    #expect(last.hasSuffix("; no answer flipped."))
    #expect(outcome.output.contains("robust accuracy at L∞ 0.01"))
    let page = try String(contentsOfFile: assay.path("compare/compare.html"), encoding: .utf8)
    #expect(page.contains("The gates over the versions"))
    let json = try assay("compare", runs[0], runs[2], "--out", "other", "--json")
    #expect(
      try String(contentsOfFile: assay.path("other/compare.json"), encoding: .utf8) == json.output)
    #expect(
      try String(contentsOfFile: assay.path("other/compare.html"), encoding: .utf8) == page)
    let trend = try assay("runs", "--model", "breast-cancer")
    #expect(trend.lines.first == "breast-cancer: 3 complete runs of 1 version")
    let row = trend.lines.first { $0.hasPrefix("clean accuracy is at least 90 %") }
    #expect(row?.contains("▄▄▄") == true)
  }

  @Test("what cannot be compared exits with 2 and one sentence, and makes no file")
  func refusals() throws {
    defer { assay.remove() }
    let model = try assay.trained()
    let suite = assay.path("suite.yaml")
    try """
    name: short
    threats: [{norm: linf, epsilon: [0.01], scale: range}]
    attacks: [fgsm]
    """.write(toFile: suite, atomically: true, encoding: .utf8)
    for part in ["test", "train"] { try audit(model, part: part, suite: suite, seed: 0) }
    let runs = try runs()
    let cases: [(arguments: [String], words: String)] = [
      (["compare", runs[0], runs[0]], "are both the run \(runs[0])"),
      (["compare", runs[0], "none"], "holds no run 'none'"),
      (["compare", runs[0], runs[1]], "have no samples in common"),
      (["compare", runs[0]], "Missing expected argument"),
      (["runs", "--model", "other"], "holds no run of a model 'other'; it holds breast-cancer"),
    ]
    for (arguments, words) in cases {
      let outcome = try assay(arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    #expect(!assay.holds("compare"))
  }
}
