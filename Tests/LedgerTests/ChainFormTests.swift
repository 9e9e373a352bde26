import Audits
import Crypto
import Foundation
import GRDB
import Ledger
import Testing

@Suite("The form of the chain")
struct ChainFormTests {
  private let filled = FilledLedger()

  /// A text as the chain takes it: its length in bytes, a colon, its bytes.
  private func form(_ text: String) -> Data { Data("\(text.utf8.count):\(text)".utf8) }

  private func form(_ value: DatabaseValue) -> Data {
    switch value.storage {
    case .null: form("null")
    case .int64(let number): form("integer \(number)")
    case .double(let number): form("real \(number.bitPattern)")
    case .string(let text): form("text \(text)")
    case .blob(let data): form("blob \(data.count)") + data
    }
  }

  private func sum(_ data: Data) -> Data { Data(SHA256.hash(data: data)) }

  @Test("entries and contents are what their definition gives, computed step by step")
  func derivation() throws {
    defer { filled.folder.remove() }
    let run = try filled.fill()
    var hash = sum(form("Assay chain 1") + form(run))
    for entry in try filled.rows("SELECT * FROM chain WHERE run = '\(run)' ORDER BY position") {
      let content: Data = entry["content"]
      let position: Int = entry["position"]
      var fields = form("integer \(position)")
      for column in ["action", "table", "key"] { fields += form(entry[column] as String) }
      hash = sum(hash + fields + content)
      #expect(hash == entry["hash"])
    }
    let head = try filled.rows("SELECT hash FROM chain_heads WHERE run = '\(run)'")
    #expect(head.map { $0[0] as Data } == [hash])
    for (table, key) in [("findings", "'pgd/linf', 0.1, 2"), ("measures", "0"), ("bank", "0")] {
      let condition = table == "findings" ? "epsilon = 0.1 AND sample = 2" : "position = 0"
      let row = try filled.rows("SELECT * FROM \(table) WHERE run = '\(run)' AND \(condition)")[0]
      var columns = Data()
      for (name, value) in row.sorted(by: { $0.0 < $1.0 }) where !value.isNull {
        columns += form(name) + form(value)
      }
      let entry = try filled.rows(
        "SELECT content FROM chain WHERE run = '\(run)' AND \"table\" = '\(table)' "
          + "AND key = '\(key.replacing("'", with: "''"))'")
      #expect(entry.map { $0[0] as Data } == [sum(columns)], "\(table)")
    }
  }

  @Test("values that SQLite stores otherwise than they are given do not break the chain")
  func storedOtherwise() throws {
    let ledger = try Ledger()
    try SampleRun.fill(ledger)
    var measure = SampleRun.measure
    (measure.value, measure.lower, measure.note) = (-0.0, .nan, "before\u{0}after")
    try ledger.finish(SampleRun.id, measures: [measure], warnings: [], gates: [])
    #expect(try ledger.checkChain(of: SampleRun.id).fault == nil)
    let stored = try ledger.record(of: SampleRun.id).measures[0]
    #expect(stored.value?.sign == .plus && stored.lower == nil && stored.note == "before")
  }

  @Test("the sentence names what does not agree")
  func words() {
    let cases: [(ChainFault, String)] = [
      (.noChain, "the run has no chain: it was taken away"),
      (.missingEntry(position: 3), "entry 3 of the chain is missing"),
      (
        .changedEntry(position: 3, table: "gates", key: "0"),
        "entry 3 of the chain, about the row (0) in table 'gates', was changed"
      ),
      (.cutOff(count: 3, expected: 4), "the end of the chain is missing: it has 3 entries of 4"),
      (.addedEntries(count: 4, expected: 3), "the chain has 4 entries, but 3 were recorded"),
      (.changedHead, "the end of the chain was changed"),
      (.changedRow(table: "runs", key: ""), "the row in table 'runs' was changed"),
      (
        .missingRow(table: "findings", key: "'pgd/linf', 0.1, 2"),
        "the row ('pgd/linf', 0.1, 2) in table 'findings' is missing"
      ),
      (
        .addedRow(table: "gates", key: "1"),
        "the row (1) in table 'gates' was added without a record of it"
      ),
    ]
    for (fault, words) in cases { #expect("\(fault)" == words) }
  }
}
