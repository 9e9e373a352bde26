import GRDB

/// The tables and views of the ledger, a migration a version.
enum Schema {
  /// The newest version that this program writes.
  static let version = 4
  /// The oldest version of a sealed file that is read as it is.
  static let oldestSealed = 3

  static func migrate(_ database: Database) throws {
    let stored = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    if stored < 1 {
      try database.execute(sql: tables)
      try database.execute(sql: views)
    }
    if stored < 2 { try database.execute(sql: modelFacts) }
    if stored < 3 {
      try database.execute(sql: bank)
      try database.execute(sql: shards)
    }
    if stored < 4 {
      try database.execute(sql: gates)
      try database.execute(sql: chain)
      try adoptRuns(database)
    }
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  private static let tables = """
    CREATE TABLE models (
      sha256 TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      program TEXT NOT NULL,
      parameter_count INTEGER NOT NULL,
      class_names TEXT NOT NULL CHECK (json_valid(class_names)),
      input TEXT NOT NULL CHECK (json_valid(input)),
      training_record TEXT NOT NULL
    ) STRICT;
    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL,
      started TEXT NOT NULL,
      command TEXT NOT NULL,
      seed TEXT NOT NULL,
      suite_name TEXT NOT NULL,
      suite_text TEXT NOT NULL,
      is_complete INTEGER NOT NULL DEFAULT 0 CHECK (is_complete IN (0, 1)),
      model TEXT NOT NULL REFERENCES models (sha256),
      model_name TEXT NOT NULL
    ) STRICT;
    CREATE TABLE environment (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE data_sets (
      run TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      sha256 TEXT NOT NULL CHECK (json_valid(sha256)),
      selection TEXT NOT NULL,
      sample_count INTEGER NOT NULL,
      class_counts TEXT NOT NULL CHECK (json_valid(class_counts)),
      features TEXT NOT NULL CHECK (json_valid(features)),
      notes TEXT NOT NULL CHECK (json_valid(notes))
    ) STRICT;
    CREATE TABLE attacks (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      position INTEGER NOT NULL,
      method TEXT NOT NULL,
      norm TEXT NOT NULL CHECK (norm IN ('linf', 'l2', 'l1')),
      epsilons TEXT NOT NULL CHECK (json_valid(epsilons)),
      scale TEXT NOT NULL,
      goal TEXT NOT NULL,
      parameters TEXT NOT NULL CHECK (json_valid(parameters)),
      is_white_box INTEGER NOT NULL CHECK (is_white_box IN (0, 1)),
      is_control INTEGER NOT NULL CHECK (is_control IN (0, 1)),
      samples_attacked INTEGER NOT NULL,
      forward_passes INTEGER NOT NULL,
      backward_passes INTEGER NOT NULL,
      PRIMARY KEY (run, id)
    ) STRICT;
    CREATE TABLE predictions (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      sample INTEGER NOT NULL,
      name TEXT NOT NULL,
      label INTEGER NOT NULL,
      predicted INTEGER NOT NULL,
      probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
      input BLOB NOT NULL,
      "groups" TEXT NOT NULL CHECK (json_valid("groups")),
      PRIMARY KEY (run, sample)
    ) STRICT;
    CREATE TABLE findings (
      run TEXT NOT NULL,
      attack TEXT NOT NULL,
      epsilon REAL NOT NULL CHECK (epsilon >= 0),
      sample INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (outcome IN ('broken', 'survived', 'rejected')),
      distance REAL NOT NULL CHECK (distance >= 0),
      predicted INTEGER NOT NULL,
      probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),
      perturbed BLOB,
      flags TEXT NOT NULL CHECK (json_valid(flags)),
      rejection TEXT,
      forward_passes INTEGER NOT NULL,
      backward_passes INTEGER NOT NULL,
      CHECK ((outcome = 'broken') = (perturbed IS NOT NULL)),
      PRIMARY KEY (run, attack, epsilon, sample),
      FOREIGN KEY (run, attack) REFERENCES attacks (run, id) ON DELETE CASCADE,
      FOREIGN KEY (run, sample) REFERENCES predictions (run, sample) ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE explanations (
      run TEXT NOT NULL,
      sample INTEGER NOT NULL,
      method TEXT NOT NULL,
      parameters TEXT NOT NULL CHECK (json_valid(parameters)),
      target INTEGER NOT NULL,
      baseline TEXT,
      attributions BLOB NOT NULL,
      completeness_error REAL,
      output_difference REAL,
      steps INTEGER,
      is_converged INTEGER NOT NULL CHECK (is_converged IN (0, 1)),
      quality TEXT NOT NULL CHECK (json_valid(quality)),
      attacked_attributions BLOB,
      rank_correlation_under_attack REAL,
      PRIMARY KEY (run, sample, method),
      FOREIGN KEY (run, sample) REFERENCES predictions (run, sample) ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE measures (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      kind TEXT NOT NULL,
      "group" TEXT NOT NULL,
      method TEXT,
      norm TEXT,
      epsilon REAL,
      value REAL,
      lower REAL,
      upper REAL,
      confidence REAL NOT NULL,
      interval_method TEXT NOT NULL,
      count INTEGER NOT NULL,
      note TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE warnings (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      raised TEXT NOT NULL,
      explanation TEXT NOT NULL,
      suggestion TEXT NOT NULL,
      samples TEXT NOT NULL CHECK (json_valid(samples)),
      is_veto INTEGER NOT NULL CHECK (is_veto IN (0, 1)),
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE gates (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      requirement TEXT NOT NULL,
      verdict TEXT NOT NULL
        CHECK (verdict IN ('passed', 'failed', 'inconclusive', 'not measured')),
      value REAL,
      lower REAL,
      upper REAL,
      threshold REAL NOT NULL,
      is_at_least INTEGER NOT NULL CHECK (is_at_least IN (0, 1)),
      reason TEXT NOT NULL,
      PRIMARY KEY (run, position)
    ) STRICT;
    CREATE TABLE artefacts (
      run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      media_type TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      PRIMARY KEY (run, name)
    ) STRICT;
    """

  /// What an importer says of a model belongs to the run: the same file may be read in several ways.
  private static let modelFacts = """
    ALTER TABLE runs ADD COLUMN model_gradient TEXT NOT NULL DEFAULT '{"kind":"exact"}'
      CHECK (json_valid(model_gradient));
    ALTER TABLE runs ADD COLUMN model_notes TEXT NOT NULL DEFAULT '[]'
      CHECK (json_valid(model_notes));
    """

  private static let views = """
    CREATE VIEW run_summary AS
      SELECT runs.id, runs.started, runs.title, runs.model_name AS model,
        data_sets.name AS data, runs.suite_name AS suite, data_sets.sample_count AS samples,
        runs.is_complete,
        (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict = 'passed') AS passed,
        (SELECT count(*) FROM gates WHERE gates.run = runs.id AND verdict = 'failed') AS failed
      FROM runs JOIN data_sets ON data_sets.run = runs.id
      ORDER BY runs.started;
    CREATE VIEW broken_samples AS
      SELECT findings.run, attacks.norm, findings.sample, predictions.name, predictions.label,
        findings.predicted, findings.attack, findings.epsilon, findings.distance
      FROM findings
        JOIN attacks ON attacks.run = findings.run AND attacks.id = findings.attack
        JOIN predictions
          ON predictions.run = findings.run AND predictions.sample = findings.sample
      WHERE findings.outcome = 'broken'
      ORDER BY findings.run, attacks.norm, findings.distance;
    CREATE VIEW attack_summary AS
      SELECT findings.run, findings.attack, findings.epsilon, count(*) AS tried,
        sum(outcome = 'broken') AS broken, sum(outcome = 'rejected') AS rejected,
        min(CASE WHEN outcome = 'broken' THEN distance END) AS smallest_distance
      FROM findings GROUP BY findings.run, findings.attack, findings.epsilon;
    CREATE VIEW robust_accuracy AS
      SELECT run, norm, epsilon, round(100 * value, 2) AS percent,
        round(100 * lower, 2) AS lower_percent, round(100 * upper, 2) AS upper_percent, count
      FROM measures WHERE kind = 'robust_accuracy' AND "group" = '';
    """
}
