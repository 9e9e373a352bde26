import Foundation
import Testing

/// Audits in shards, as a user runs them.
@Suite("Command line: shards", .serialized)
struct ShardCommandTests {
  private let assay: BuiltProgram
  private let data = BuiltProgram.fixture("data/wdbc.csv")

  init() throws { assay = try BuiltProgram() }

  private func audit(_ model: String) -> [String] {
    [
      "audit", model, "--data", data, "--part", "test", "--limit", "40", "--suite",
      BuiltProgram.fixture("demo/suites/breast-cancer.yaml"), "--title", "Bob's --shard 9/9",
    ]
  }

  @Test("shards are joined and finished by the printed command to the record of one machine")
  func wholeWay() throws {
    defer { assay.remove() }
    let audit = audit(try assay.trained())
    let whole = try assay(audit + ["--ledger", "one.sqlite", "--json"])
    #expect(whole.status < 2, "\(whole.errors)")
    for (shard, ledger) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c")] {
      let outcome = try assay(audit + ["--shard", shard, "--ledger", "\(ledger).sqlite"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("Shard \(shard) of run "))
      #expect(outcome.output.contains("assay merge \(ledger).sqlite OTHER-SHARDS…"))
    }
    let merge = try assay(
      "merge", "c.sqlite", "a.sqlite", "b.sqlite", "--ledger", "joined.sqlite")
    #expect(merge.status == 0, "\(merge.errors)")
    let command = try #require(merge.lines.last)
    #expect(command.hasPrefix("assay audit ") && command.hasSuffix(" --ledger joined.sqlite"))
    #expect(try assay("runs", "--ledger", "joined.sqlite").output.contains("unfinished"))
    let finished = try assay.shell(command + " --json")
    #expect(finished.status == whole.status, "\(finished.errors)")
    #expect(findings(finished) == findings(whole))
    #expect(findings(whole).count > 1000)
    let runs = try assay("runs", "--ledger", "a.sqlite").output
    #expect(runs.contains("shard 1/3, complete"))
    let shown = try assay("show", "latest", "--ledger", "a.sqlite").output
    #expect(shown.contains("-1of3, shard 1/3 of run "))
  }

  @Test("what does not fit together exits with 2 and one sentence, and makes no file")
  func refusals() throws {
    defer { assay.remove() }
    let audit = audit(try assay.trained())
    let first = audit + ["--shard", "1/2", "--ledger", "a.sqlite"]
    #expect(try assay(first).status == 0)
    let cases: [(arguments: [String], words: String)] = [
      (audit + ["--shard", "0/8"], "such as 3/8, from 1/8 to 8/8"),
      (audit + ["--shard", "9/8"], "such as 3/8, from 1/8 to 8/8"),
      (audit + ["--shard", "x"], "such as 3/8, from 1/8 to 8/8"),
      (first + ["--out", "report"], "--out needs a whole audit"),
      (["report", "latest", "--ledger", "a.sqlite"], "join the shards with 'assay merge'"),
      (["merge", "a.sqlite", "--ledger", "new.sqlite"], "no file holds 2/2"),
      (["merge", "a.sqlite", "a.sqlite", "--ledger", "new.sqlite"], "give every shard once"),
      (["merge", "none.sqlite", "--ledger", "new.sqlite"], "none.sqlite does not exist"),
      (["merge", data, "--ledger", "new.sqlite"], "is not a ledger of Assay"),
      (["merge", "a.sqlite", "--run", "zz", "--ledger", "new.sqlite"], "no shard of run 'zz'"),
    ]
    for (arguments, words) in cases {
      let outcome = try assay(arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    #expect(!assay.holds("new.sqlite") && !assay.holds("none.sqlite"))
  }

  /// A record without what two runs may differ in: when they began, by which command, and
  /// what happened to them.
  private func findings(_ outcome: BuiltProgram.Outcome) -> [String] {
    var lines = outcome.lines.filter { line in
      !["\"started\" :", "\"command\" :"].contains { line.contains($0) }
    }
    if let start = lines.firstIndex(of: "  \"events\" : ["),
      let end = lines[start...].firstIndex(of: "  ],")
    {
      lines.removeSubrange(start...end)
    }
    return lines
  }
}
