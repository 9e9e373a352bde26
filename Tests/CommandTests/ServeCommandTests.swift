import Foundation
import Testing

/// The local web page, as a user starts and ends it.
@Suite("Command line: serve", .serialized)
struct ServeCommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  @Test("it prints one address with a key, and ends well when it is asked to")
  func wholeWay() throws {
    defer { assay.remove() }
    let audit = try assay(
      "audit", try assay.trained(), "--data", BuiltProgram.fixture("data/wdbc.csv"), "--part",
      "test", "--limit", "4", "--suite", BuiltProgram.fixture("demo/suites/breast-cancer.yaml"),
      "--ledger", "l.sqlite")
    #expect([0, 1, 4].contains(audit.status), "\(audit.errors)")
    let outcome = try assay.shell(
      """
      mkfifo lines
      "$0" serve --ledger l.sqlite > lines & server=$!
      { read -r line; kill -TERM $server; cat; } < lines
      wait $server; echo "$? $line"
      """)
    let words = try #require(outcome.lines.last).split(separator: " ")
    #expect(outcome.lines.count == 1 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(words.prefix(2) == ["0", "Serving"])
    let address = try #require(words.last)
    #expect(
      address.wholeMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+\/\?token=[0-9a-f]{32}/) != nil)
  }

  @Test(
    "what cannot be served exits with 2",
    arguments: [
      ["--ledger", "missing.sqlite"], ["--port", "65536"], ["--port", "-1"],
      ["--host", "127.0.0.1:80"], ["--host", ""], ["--language", "fr"],
    ])
  func refusals(arguments: [String]) throws {
    defer { assay.remove() }
    let outcome = try assay(["serve"] + arguments)
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }
}
