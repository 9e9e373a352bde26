/// Why a ledger cannot be used.
public struct LedgerError: Error, Sendable, CustomStringConvertible {
  /// What went wrong.
  public enum Fact: Sendable, Hashable {
    /// The file is no SQLite database, or one of another program.
    case foreign
    /// A newer version of the program wrote the ledger.
    case newer(version: Int, supported: Int)
    case unknownRun(String, known: [String])
    case ambiguousRun(String, matches: [String])
    case unknownModel(String, known: [String])
    /// The stored bytes of a tensor or a list are not what the program wrote.
    case corrupt(String)
    case sqlite(code: Int, message: String)
    case cannotOpen(String)
    /// The file is no baseline, but a ledger or one that something else changed.
    case notBaseline
    case damaged
    /// Another version of the program wrote the baseline.
    case baselineVersion(Int, supported: Int)
    /// Shards of an audit do not make a whole.
    case shard(ShardFault)
  }

  public let path: String
  public let fact: Fact

  public init(path: String, _ fact: Fact) {
    self.path = path
    self.fact = fact
  }

  /// Whether the user can mend the cause: what was asked for is wrong, not the machine.
  public var isUsersMistake: Bool {
    switch fact {
    case .sqlite, .corrupt: false
    case .notBaseline, .damaged, .baselineVersion, .foreign, .newer, .unknownRun, .ambiguousRun,
      .unknownModel, .cannotOpen, .shard:
      true
    }
  }

  public var description: String {
    switch fact {
    case .foreign:
      return "\(path) is not a ledger of Assay; name another file with --ledger"
    case .newer(let version, let supported):
      return "\(path) was written by a newer Assay (ledger version \(version), this one reads "
        + "up to \(supported)); update Assay or name another file with --ledger"
    case .unknownRun(let id, let known):
      let list = known.isEmpty ? "it holds none" : "it holds \(known.joined(separator: ", "))"
      return "\(path) holds no run '\(id)'; \(list)"
    case .ambiguousRun(let id, let matches):
      return "'\(id)' stands for several runs in \(path): \(matches.joined(separator: ", "))"
    case .unknownModel(let name, let known):
      let list = known.isEmpty ? "it holds none" : "it holds \(known.joined(separator: ", "))"
      return "\(path) holds no run of a model '\(name)'; \(list)"
    case .corrupt(let place): return "\(path): \(place) does not hold what Assay wrote"
    case .sqlite(let code, let message):
      let hint = code == 13 ? "; free some space and repeat the command: it resumes" : ""
      return "\(path): \(message) (SQLite \(code))\(hint)"
    case .notBaseline:
      return "\(path) is no baseline; make one with: assay baseline save \(path)"
    case .damaged:
      return
        "\(path) is damaged: it does not hold what Assay wrote; restore it from version control, or "
        + "make it anew with: assay baseline save \(path)"
    case .baselineVersion(let version, let supported):
      return
        "\(path) was written by another Assay (version \(version) of the format, this one reads "
        + "\(supported)); make it anew with: assay baseline save \(path)"
    case .cannotOpen(let reason): return "cannot open the ledger \(path): \(reason)"
    case .shard(let fault): return fault.words(path: path)
    }
  }
}
