import Foundation
import GRDB

/// A run's chain held against the rows that it speaks of.
public struct ChainCheck: Hashable, Sendable {
  /// How many entries were read.
  public private(set) var entryCount = 0
  /// How many rows were read.
  public private(set) var rowCount = 0
  /// The first thing that does not agree; nil where everything does.
  public private(set) var fault: ChainFault?
}

extension Ledger {
  /// Reads a run's chain from its first entry, then every row, and says what does not agree first.
  ///
  /// - Throws: `LedgerError` if the ledger holds no such run, or cannot be read.
  public func checkChain(of run: String) throws -> ChainCheck {
    let id = try resolve(run)
    return try read { database in
      var reading = ChainReading(run: id)
      do {
        try reading.readEntries(database)
        for table in ChainedTable.all { try reading.readRows(of: table, database) }
      } catch let fault as ChainReading.Broken {
        reading.check.found(fault.fault)
      }
      return reading.check
    }
  }
}

extension ChainCheck {
  fileprivate mutating func found(_ fault: ChainFault) { self.fault = fault }
  fileprivate mutating func countEntry() { entryCount += 1 }
  fileprivate mutating func countRow() { rowCount += 1 }
}

/// A check of a chain while it goes on.
private struct ChainReading {
  struct Broken: Error { let fault: ChainFault }

  let run: String
  var check = ChainCheck()
  /// What rows have to hold by the chain's word: the content of each key, table by table.
  private var rows: [String: [String: [UInt8]]] = [:]

  init(run: String) { self.run = run }

  mutating func readEntries(_ database: Database) throws {
    guard let head = try ChainHead(of: run, in: database) else { throw Broken(fault: .noChain) }
    var hash = ChainEntry.origin(of: run)
    let entries = try Row.fetchCursor(
      database,
      sql: """
        SELECT position, action, "table", key, content, hash FROM chain WHERE run = ?
        ORDER BY position
        """, arguments: [run])
    while let entry = try entries.next() { hash = try read(entry, after: hash) }
    guard check.entryCount >= head.count else {
      throw Broken(fault: .cutOff(count: check.entryCount, expected: head.count))
    }
    guard check.entryCount == head.count else {
      throw Broken(fault: .addedEntries(count: check.entryCount, expected: head.count))
    }
    guard hash == head.hash else { throw Broken(fault: .changedHead) }
  }

  private mutating func read(_ entry: Row, after previous: [UInt8]) throws -> [UInt8] {
    let (position, action): (Int, String) = (entry[0], entry[1])
    let (table, key): (String, String) = (entry[2], entry[3])
    let (content, stored): (Data, Data) = (entry[4], entry[5])
    guard position == check.entryCount else {
      throw Broken(fault: .missingEntry(position: check.entryCount))
    }
    let hash = ChainEntry.hash(
      after: previous, position: position, action: action, table: table, key: key,
      content: Array(content))
    guard hash == Array(stored) else {
      throw Broken(fault: .changedEntry(position: position, table: table, key: key))
    }
    let isDeleted = action == ChainEntry.Action.deleted.rawValue
    rows[table, default: [:]][key] = isDeleted ? nil : Array(content)
    check.countEntry()
    return hash
  }

  mutating func readRows(of table: ChainedTable, _ database: Database) throws {
    var expected = rows[table.name] ?? [:]
    var count = 0
    try table.eachRow(of: run, in: database) { row in
      guard let content = expected.removeValue(forKey: row.key) else {
        throw Broken(fault: .addedRow(table: table.name, key: row.key))
      }
      guard content == row.content else {
        throw Broken(fault: .changedRow(table: table.name, key: row.key))
      }
      count += 1
    }
    for _ in 0..<count { check.countRow() }
    guard let missing = expected.keys.min() else { return }
    throw Broken(fault: .missingRow(table: table.name, key: missing))
  }
}
