import GRDB

extension Schema {
  /// What people wrote and signed, what happened, what was assessed, and the chain of all changes.
  ///
  /// What is in the chain stays there, and so does a run that has one.
  static let chain = """
    CREATE TABLE assessments (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      contents TEXT NOT NULL CHECK (json_valid(contents)),
      PRIMARY KEY (run, kind)
    ) STRICT;
    CREATE TABLE statements (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      subject TEXT NOT NULL,
      question TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE events (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      moment TEXT NOT NULL,
      action TEXT NOT NULL,
      detail TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE sign_offs (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      role TEXT NOT NULL,
      name TEXT NOT NULL,
      decision TEXT NOT NULL CHECK (decision IN ('approve', 'conditions', 'reject')),
      remarks TEXT NOT NULL,
      moment TEXT NOT NULL,
      root TEXT NOT NULL,
      public_key TEXT NOT NULL,
      signature TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE manifests (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      root TEXT NOT NULL,
      contents TEXT NOT NULL CHECK (json_valid(contents)),
      PRIMARY KEY (run, root)
    ) STRICT;
    CREATE TABLE chain (
      run TEXT NOT NULL REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
      position INTEGER NOT NULL,
      action TEXT NOT NULL CHECK (action IN ('inserted', 'replaced', 'deleted', 'adopted')),
      "table" TEXT NOT NULL,
      key TEXT NOT NULL,
      content BLOB NOT NULL CHECK (length(content) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE chain_heads (
      run TEXT PRIMARY KEY REFERENCES runs (id) DEFERRABLE INITIALLY DEFERRED,
      count INTEGER NOT NULL CHECK (count > 0),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    \(kept("chain", "UPDATE"))
    \(kept("chain", "DELETE"))
    \(kept("chain_heads", "DELETE"))
    \(kept("events", "UPDATE"))
    \(kept("events", "DELETE"))
    \(kept("sign_offs", "UPDATE"))
    \(kept("sign_offs", "DELETE"))
    """

  private static func kept(_ table: String, _ change: String) -> String {
    """
    CREATE TRIGGER \(table)_\(change.lowercased()) BEFORE \(change) ON \(table)
    BEGIN SELECT RAISE(ABORT, '\(table) is only ever added to'); END;
    """
  }

  /// What a gate is about, in columns; earlier versions have it in words alone.
  static let gates = """
    ALTER TABLE gates ADD COLUMN kind TEXT;
    ALTER TABLE gates ADD COLUMN norm TEXT;
    ALTER TABLE gates ADD COLUMN epsilon REAL;
    ALTER TABLE gates ADD COLUMN "group" TEXT;
    UPDATE gates SET "group" = '', kind = CASE
      WHEN requirement LIKE 'clean accuracy %' THEN 'clean_accuracy'
      WHEN requirement LIKE 'robust accuracy %' THEN 'robust_accuracy'
      WHEN requirement LIKE 'median breaking distance %' THEN 'median_distance'
      WHEN requirement LIKE 'expected calibration error %' THEN 'calibration_error'
      WHEN requirement LIKE 'Brier score %' THEN 'brier_score'
      WHEN requirement LIKE 'accuracy gap between groups %' THEN 'group_gap'
      END;
    """

  /// Begins the chains of the runs that are stored.
  static func adoptRuns(_ database: Database) throws {
    for run in try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY rowid") {
      let changes = try RunChanges(to: run, in: database)
      for table in ChainedTable.all { try changes.adopt(table) }
      try changes.end()
    }
  }
}
