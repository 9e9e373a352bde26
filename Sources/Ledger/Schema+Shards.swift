extension Schema {
  /// What runs are parts of which, and a list of runs that says so.
  static let shards = """
    CREATE TABLE shards (
      run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      whole TEXT NOT NULL,
      position INTEGER NOT NULL CHECK (position >= 1 AND position <= count),
      count INTEGER NOT NULL,
      is_complete INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1)),
      UNIQUE (whole, count, position)
    ) STRICT;
    DROP VIEW run_summary;
    CREATE VIEW run_summary AS
      SELECT runs.id, runs.started, runs.title, runs.model_name AS model,
        data_sets.name AS data, runs.suite_name AS suite, data_sets.sample_count AS samples,
        coalesce(shards.is_complete, runs.is_complete) AS is_complete,
        shards.position || '/' || shards.count AS shard,
        (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict = 'passed') AS passed,
        (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict = 'failed') AS failed
      FROM runs
        JOIN data_sets ON data_sets.run = runs.id
        LEFT JOIN shards ON shards.run = runs.id
      ORDER BY runs.started;
    """
}
