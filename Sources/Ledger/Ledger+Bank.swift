package import Audits
import Foundation
import GRDB
import Tensors

/// An adversarial example of a bank.
struct BankRow: LedgerRow {
  static let table = ChainedTable("bank", key: ["position"])
  var run: String
  var position: Int
  var sample: Int
  var norm: String
  var distance: Double
  var scale: String
  var perturbed: TensorBlob
  var attack: String
  var model: String
  var modelSha256: String
  var fools: Bool
}

extension Ledger {
  /// Stores a bank beside the run whose samples it is about, in place of what was there.
  ///
  /// - Throws: `LedgerError` if it cannot be written.
  package func store(_ bank: AdversarialBank, of run: String) throws {
    let rows = bank.examples.enumerated().map { position, example in
      BankRow(
        run: run, position: position, sample: example.sample, norm: example.norm.rawValue,
        distance: example.distance, scale: example.scale,
        perturbed: TensorBlob(example.perturbed), attack: example.attack, model: example.model,
        modelSha256: example.modelSHA256, fools: example.fools)
    }
    try change(run) { try $0.replaceAll(with: rows) }
  }

  /// The bank beside a run; empty where none is stored.
  ///
  /// - Throws: `LedgerError` if it is not what the program wrote.
  package func bank(of run: String) throws -> AdversarialBank {
    let rows = try read { database in
      try BankRow.filter(Column("run") == run).order(Column("position")).fetchAll(database)
    }
    return AdversarialBank(
      try rows.map { row in
        guard let norm = Norm(rawValue: row.norm) else {
          throw LedgerError(path: path, .corrupt("example \(row.position) of the bank"))
        }
        return BankExample(
          sample: row.sample, norm: norm, distance: row.distance, scale: row.scale,
          perturbed: row.perturbed.tensor, attack: row.attack, model: row.model,
          modelSHA256: row.modelSha256, fools: row.fools)
      })
  }
}

extension Schema {
  static let bank = """
    CREATE TABLE bank (
      run TEXT NOT NULL,
      position INTEGER NOT NULL,
      sample INTEGER NOT NULL,
      norm TEXT NOT NULL CHECK (norm IN ('linf', 'l2', 'l1')),
      distance REAL NOT NULL CHECK (distance >= 0),
      scale TEXT NOT NULL,
      perturbed BLOB NOT NULL,
      attack TEXT NOT NULL,
      model TEXT NOT NULL,
      model_sha256 TEXT NOT NULL,
      fools INTEGER NOT NULL CHECK (fools IN (0, 1)),
      PRIMARY KEY (run, position),
      FOREIGN KEY (run, sample) REFERENCES predictions (run, sample) ON DELETE CASCADE
    ) STRICT;
    """
}
