public import Audits
import Foundation
import GRDB

/// Runs and their findings in one SQLite file.
///
/// Every append is one transaction in WAL mode: what it returned from survives `kill -9` at any
/// moment. `synchronous = NORMAL` leaves the flushing to the system: a power failure may lose the
/// last transactions, never the file's integrity, and the run resumes from what is left.
public final class Ledger: AuditStore {
  /// Says what time it is: ISO 8601, UTC.
  public typealias Clock = @Sendable () -> String

  public let path: String
  /// Says when events happen.
  let clock: Clock
  private let database: DatabaseQueue

  /// The clock of the machine.
  public static let machineClock: Clock = { Date.now.formatted(.iso8601) }

  /// Opens a ledger, making it where there is none.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - clock: Says when events happen.
  /// - Throws: `LedgerError` if the file is foreign, newer, or cannot be opened.
  public convenience init(path: String, clock: @escaping Clock = machineClock) throws {
    try self.init(path: path, clock: clock) { configuration in
      try DatabaseQueue(path: path, configuration: configuration)
    }
  }

  /// A ledger in memory.
  public convenience init(clock: @escaping Clock = machineClock) throws {
    try self.init(path: "memory", clock: clock) { try DatabaseQueue(configuration: $0) }
  }

  private init(
    path: String, clock: @escaping Clock, open: (Configuration) throws -> DatabaseQueue
  ) throws {
    self.path = path
    self.clock = clock
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(30)
    do {
      database = try open(configuration)
      try database.writeWithoutTransaction { database in
        try Self.check(database, path: path)
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA synchronous = NORMAL")
        try database.inTransaction(.immediate) {
          try Schema.migrate(database)
          return .commit
        }
      }
    } catch let error as DatabaseError {
      throw Self.openingError(error, path: path)
    }
  }

  /// Opens a ledger to read it: of the file nothing changes.
  ///
  /// One of an older version is brought to this one first, since its tables cannot be read as they are.
  ///
  /// - Throws: `LedgerError` if the file is none, newer, or cannot be opened.
  public static func reading(path: String) throws -> Ledger {
    do {
      return try Ledger(readingCurrent: path)
    } catch is OlderVersion {
      return try Ledger(path: path)
    }
  }

  private struct OlderVersion: Error {}

  private init(readingCurrent path: String) throws {
    self.path = path
    clock = Self.machineClock
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(30)
    do {
      database = try DatabaseQueue(path: path, configuration: configuration)
      try database.read { database in
        try Self.check(database, path: path)
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version > 0 else { throw LedgerError(path: path, .foreign) }
        guard version == Schema.version else { throw OlderVersion() }
      }
    } catch let error as DatabaseError {
      let folder = URL(filePath: path).deletingLastPathComponent().path
      guard FileManager.default.isWritableFile(atPath: folder) else {
        throw LedgerError(
          path: path,
          .cannotOpen("SQLite has to write beside it; copy the ledger to a folder of your own"))
      }
      throw Self.openingError(error, path: path)
    }
  }

  /// Opens a sealed file for reading; nothing of it is changed, an older version's tables neither.
  ///
  /// - Throws: `LedgerError` if it is none, damaged, or of a version that is not read.
  init(readingSealed path: String) throws {
    self.path = path
    clock = Self.machineClock
    guard FileManager.default.fileExists(atPath: path) else {
      throw LedgerError(path: path, .notBaseline)
    }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      database = try DatabaseQueue(path: path, configuration: configuration)
      try database.read { database in
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard try database.tableExists("seal") else { throw LedgerError(path: path, .notBaseline) }
        guard try LedgerSeal.isIntact(database) else { throw LedgerError(path: path, .damaged) }
        guard (Schema.oldestSealed...Schema.version).contains(version) else {
          throw LedgerError(path: path, .baselineVersion(version, supported: Schema.version))
        }
      }
    } catch let error as DatabaseError {
      switch error.resultCode {
      case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
        throw Self.openingError(error, path: path)
      default: throw LedgerError(path: path, .damaged)
      }
    }
  }

  /// Stores the seal, puts everything into the one file and closes it.
  ///
  /// - Throws: `LedgerError` if it cannot be written.
  func seal() throws {
    do {
      try database.write(LedgerSeal.apply)
      try database.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA journal_mode = DELETE")
        try database.execute(sql: "VACUUM")
      }
      try database.close()
    } catch let error as DatabaseError {
      throw Self.sqliteError(error, path: path)
    }
  }

  /// Refuses databases of other programs and of newer versions before anything is written.
  private static func check(_ database: Database, path: String) throws {
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    guard version <= Schema.version else {
      throw LedgerError(path: path, .newer(version: version, supported: Schema.version))
    }
    let hasTables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0 > 0
    let hasRuns = try database.tableExists("runs") && database.tableExists("findings")
    guard !hasTables || (version > 0 && hasRuns) else { throw LedgerError(path: path, .foreign) }
  }

  private static func openingError(_ error: DatabaseError, path: String) -> LedgerError {
    switch error.resultCode {
    case .SQLITE_NOTADB: LedgerError(path: path, .foreign)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
      LedgerError(path: path, .cannotOpen(error.message ?? "\(error.resultCode)"))
    default: sqliteError(error, path: path)
    }
  }

  private static func sqliteError(_ error: DatabaseError, path: String) -> LedgerError {
    LedgerError(
      path: path,
      .sqlite(
        code: Int(error.resultCode.rawValue), message: error.message ?? "\(error.resultCode)"))
  }

  /// Runs a transaction; SQLite's errors become errors of the ledger.
  private func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do {
      return try database.write(body)
    } catch let error as DatabaseError {
      throw Self.sqliteError(error, path: path)
    }
  }

  /// Changes rows of a run in a transaction of its own; the run's chain ends where it ends.
  func change<Result>(_ run: String, _ body: (RunChanges) throws -> Result) throws -> Result {
    try write { database in
      let changes = try RunChanges(to: run, in: database)
      let result = try body(changes)
      try changes.end()
      return result
    }
  }

  func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
    do {
      return try database.read(body)
    } catch let error as DatabaseError {
      throw Self.sqliteError(error, path: path)
    } catch is RowDecodingError {
      throw LedgerError(path: path, .corrupt("a row"))
    }
  }
}
