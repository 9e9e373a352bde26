import Foundation
import Testing

/// Signing and verifying as users do.
@Suite("Signing and verifying", .serialized)
struct VerifyCommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  private static let suite = """
    name: small
    threats:
      - norm: linf
        epsilon: [0.02]
        scale: range
    attacks: [fgsm]
    explanations: [saliency]
    explained-samples: 2
    probed-samples: 4
    gates:
      - clean-accuracy: { at-least: 0.5 }
    """

  private let data = BuiltProgram.fixture("data/wdbc.csv")

  /// An audited model with its report.
  private func audited() throws -> String {
    let model = try assay.trained()
    try Data(Self.suite.utf8).write(to: URL(filePath: assay.path("suite.yaml")))
    let audit = try assay(
      "audit", model, "--data", data, "--part", "test", "--limit", "40", "--suite", "suite.yaml",
      "--ledger", "l.sqlite", "--out", "report")
    #expect(audit.status == 0, "\(audit.errors)")
    return model
  }

  private func sign(_ key: String, _ role: String, _ more: String...) throws -> BuiltProgram.Outcome
  {
    try assay(
      ["sign", "latest", "--ledger", "l.sqlite", "--key", key, "--role", role, "--name", "J. Doe"]
        + more)
  }

  @Test("an audit is signed by several, verified with its files, and run again")
  func wholeWay() throws {
    defer { assay.remove() }
    let model = try audited()
    for name in ["a", "b"] { #expect(try assay("sign", "--new-key", "\(name).pem").status == 0) }
    let rights = try FileManager.default.attributesOfItem(atPath: assay.path("a.pem"))
    #expect(rights[.posixPermissions] as? Int == 0o600)
    #expect(try sign("a.pem", "validator", "--decision", "approve").status == 0)
    let dissent = try sign("b.pem", "approver", "--decision", "reject", "--remarks", "Too weak.")
    #expect(dissent.status == 0 && dissent.output.contains("remarks: Too weak.\n"))
    let verified = try assay(
      "verify", "latest", "--ledger", "l.sqlite", "--model", model, "--data", data, "--report",
      "report", "--key", "a.pem.pub", "--key", "b.pem.pub", "--repeat")
    #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
    #expect(verified.lines.last?.contains("everything that was checked agrees") == true)
    let untrusted = try assay("verify", "latest", "--ledger", "l.sqlite", "--key", "a.pem.pub")
    #expect(untrusted.status == 1)
    #expect(untrusted.lines.last?.contains("signature of J. Doe, approver: it was made") == true)
  }

  @Test("a byte that changes in a file is found, and the file named")
  func files() throws {
    defer { assay.remove() }
    let model = try audited()
    func failure(_ arguments: String...) throws -> String {
      let outcome = try assay(["verify", "latest", "--ledger", "l.sqlite"] + arguments)
      #expect(outcome.status == 1)
      return outcome.lines.last ?? ""
    }
    try flip(model)
    #expect(try failure("--model", model).contains("First, model file: \(model) has the sum"))
    for name in ["report.html", "report.json", "manifest.json"] {
      let path = assay.path("report/\(name)")
      let whole = try Data(contentsOf: URL(filePath: path))
      try flip(path)
      #expect(try failure("--report", "report").contains(name), "\(name)")
      try whole.write(to: URL(filePath: path))
    }
    #expect(try assay("verify", "latest", "--ledger", "l.sqlite", "--report", "report").status == 0)
  }

  private func flip(_ path: String) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: path))
  }

  @Test("what cannot be signed is refused with what to do")
  func refusals() throws {
    defer { assay.remove() }
    _ = try audited()
    #expect(try assay("sign", "--new-key", "a.pem").status == 0)
    let again = try assay("sign", "--new-key", "a.pem")
    #expect(again.status == 2 && again.errors.contains("keys are not overwritten"))
    for (arguments, words) in [
      (["--decision", "conditions"], "needs words; state them with --remarks"),
      (["--decision", "maybe"], "maybe"), ([], "--decision is missing"),
    ] {
      let outcome = try assay(
        ["sign", "latest", "--ledger", "l.sqlite", "--key", "a.pem", "--role", "r", "--name", "n"]
          + arguments)
      #expect(outcome.status == 2 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    let wrong = try sign("a.pem.pub", "validator", "--decision", "approve")
    #expect(wrong.status == 2 && wrong.errors.contains("is no Ed25519 private key"))
    let missing = try assay("sign", "latest", "--ledger", "l.sqlite")
    #expect(missing.status == 2 && missing.errors.contains("--key is missing"))
  }
}
