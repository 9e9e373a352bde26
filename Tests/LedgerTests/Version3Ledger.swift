/// A ledger as version 3 of its schema had it, with the sample run and a bank.
enum Version3Ledger {
  static var sql: String { Version2Ledger.sql + additions + "\nPRAGMA user_version = 3;" }

  private static let additions = """
    CREATE TABLE bank ( run TEXT NOT NULL, position INTEGER NOT NULL, sample INTEGER NOT NULL, norm
      TEXT NOT NULL CHECK (norm IN ('linf', 'l2', 'l1')), distance REAL NOT NULL CHECK (distance >=
      0), scale TEXT NOT NULL, perturbed BLOB NOT NULL, attack TEXT NOT NULL, model TEXT NOT NULL,
      model_sha256 TEXT NOT NULL, fools INTEGER NOT NULL CHECK (fools IN (0, 1)), PRIMARY KEY (run,
      position), FOREIGN KEY (run, sample) REFERENCES predictions (run, sample) ON DELETE CASCADE )
      STRICT;
    CREATE TABLE shards ( run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE, whole TEXT NOT
      NULL, position INTEGER NOT NULL CHECK (position >= 1 AND position <= count), count INTEGER NOT
      NULL, is_complete INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1)), UNIQUE (whole,
      count, position) ) STRICT;
    DROP VIEW run_summary;
    CREATE VIEW run_summary AS SELECT runs.id, runs.started, runs.title, runs.model_name AS model,
      data_sets.name AS data, runs.suite_name AS suite, data_sets.sample_count AS samples,
      coalesce(shards.is_complete, runs.is_complete) AS is_complete, shards.position || '/' ||
      shards.count AS shard, (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict =
      'passed') AS passed, (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict =
      'failed') AS failed FROM runs JOIN data_sets ON data_sets.run = runs.id LEFT JOIN shards ON
      shards.run = runs.id ORDER BY runs.started;
    INSERT INTO bank SELECT run, 0, sample, 'linf', distance, 'input units', perturbed, attack,
      'model', '00ff', 1 FROM findings WHERE outcome = 'broken';

    """
}
