import Audits
import Foundation
import Ledger
import Testing

@testable import Serving

@Suite("Records kept for speed")
struct RecordShelfTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    try body(folder.appending(path: "ledger.sqlite").path)
  }

  @Test("a run that is being written is read anew after each change")
  func watching() throws {
    try withFile { path in
      var record = ServedRecords.rows
      record.run.isComplete = false
      let writer = try Ledger(path: path)
      try ServedRecords.store(record, in: writer)
      let visitor = try Visitor(Ledger(path: path))
      #expect(try visitor.page("/runs/latest").source.contains("This run is not finished"))
      #expect(try visitor.page("/runs/latest/findings").source.contains("22 of 22 findings"))
      var finding = record.findings[0]
      finding.epsilon = 0.2
      try writer.append([finding], to: record.run.id)
      #expect(try visitor.page("/runs/latest/findings").source.contains("23 of 23 findings"))
      try writer.finish(record.run.id, measures: [], warnings: [], gates: record.gates)
      #expect(!(try visitor.page("/runs/latest")).source.contains("This run is not finished"))
    }
  }

  @Test("an unchanged ledger gives the same record, and few records are kept")
  func keeping() throws {
    let records = (0..<6).map { number in
      var record = ServedRecords.rows
      record.run.id = "cccc0000000\(number)"
      return record
    }
    let shelf = RecordShelf(try ServedRecords.ledger(records))
    for record in records {
      let read = try shelf.record(of: record.run.id)
      #expect(try shelf.record(of: record.run.id) == read)
      #expect(read.run.id == record.run.id && Set(read.findings) == Set(record.findings))
    }
    #expect(shelf.count == 4)
  }
}
