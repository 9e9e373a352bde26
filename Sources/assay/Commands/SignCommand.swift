import ArgumentParser
import Attestations
import Audits
import Foundation
import Ledger
import Reports

/// The command `assay sign`.
struct SignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign",
    abstract: "Signs what a person decided about an audit, or makes a key to sign with.",
    discussion: """
      The signature (Ed25519) is over the Merkle root of everything that the run recorded and of the
      figures of its report: 'assay verify' says whether that is still what is there. Several people
      sign one after another, each with a key and a role; who decides otherwise signs too.

      Keys are PEM files as 'openssl genpkey -algorithm ed25519' writes them, or made here.

      Example:
        assay sign --new-key validator.pem
        assay sign latest --key validator.pem --role validator --name 'J. Doe' --decision approve
        assay sign latest --key head.pem --role approver --name 'R. Roe' --decision conditions \\
          --remarks 'Not for applicants under 21.'
      """)

  @Argument(
    help: ArgumentHelp("The run: its id, the beginning of it, or 'latest'.", valueName: "run"))
  var id: String?
  @Option(help: ArgumentHelp("The file of the private key.", valueName: "file")) var key: String?
  @Option(help: "As what the person decides: developer, validator, approver.") var role: String?
  @Option(help: "The person's name.") var name: String?
  @Option(help: "What was decided: approve, conditions or reject.") var decision: SignOff.Decision?
  @Option(help: "Conditions, reasons or dissent, in words; conditions need some.")
  var remarks = ""
  @Option(
    help: ArgumentHelp(
      "Make a key instead: writes it to this file, and its public part to the file's name with .pub.",
      valueName: "file"))
  var newKey: String?
  @OptionGroup var ledger: LedgerOptions
  @Flag(help: "Print the sign-off as JSON.") var json = false

  func validate() throws {
    guard newKey == nil else {
      guard id == nil, key == nil else {
        throw ValidationError("--new-key makes a key and signs nothing: give it alone")
      }
      return
    }
    guard id != nil else { throw ValidationError("name the run to sign, or give --new-key FILE") }
    let missing = [("--key", key), ("--role", role), ("--name", name)].first { $0.1 == nil }
    if let missing { throw ValidationError("\(missing.0) is missing") }
    if decision == nil {
      throw ValidationError("--decision is missing: approve, conditions or reject")
    }
  }

  func run() throws {
    if let newKey { return try makeKey(newKey) }
    guard let id, let key, let role, let name, let decision else {
      preconditionFailure("expected checked arguments, got \(self)")
    }
    let signingKey = try KeyFile.signingKey(key)
    let store = try ledger.open()
    let record = try signable(id, in: store)
    let manifest = try ReportDocument.manifest(of: record)
    let statement = try SignOffStatement(
      run: record.run.id, root: manifest.root, role: role, name: name, decision: decision,
      moment: Date.now.formatted(.iso8601), remarks: remarks)
    let signOff = try signingKey.sign(statement)
    try store.sign(signOff, over: manifest)
    guard !json else { return try Output.json(signOff) }
    Output.line("Signed, with key \(signingKey.publicKey.fingerprint):")
    Output.line()
    for line in statement.text.split(separator: "\n") { Output.line(Output.harmless(String(line))) }
    Output.line()
    Output.line("To verify: assay verify \(record.run.id) --ledger \(ledger.ledger)")
  }

  /// The record of a run that is whole, complete, and what its chain says.
  private func signable(_ run: String, in store: Ledger) throws -> AuditRecord {
    let record = try store.intactRecord(of: run)
    if let shard = record.run.shard {
      throw UsageError(
        "run \(record.run.id) is shard \(shard.words) of run \(shard.whole); join the shards with 'assay merge', "
          + "and sign the whole")
    }
    guard record.run.isComplete else {
      throw UsageError("run \(record.run.id) is not complete; give its command again, it resumes")
    }
    return record
  }

  private func makeKey(_ path: String) throws {
    let key = SigningKey()
    try KeyFile.write(key, to: path)
    Output.line("Private key: \(path) (keep it to yourself)")
    Output.line("Public key:  \(path).pub, fingerprint \(key.publicKey.fingerprint)")
  }
}

extension AttestationError: UserFacingError {}
