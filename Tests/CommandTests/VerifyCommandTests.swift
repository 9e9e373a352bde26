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

  @Test("a report that is forged together with its manifest is made again, and the file named")
  func forgery() throws {
    defer { assay.remove() }
    _ = try audited()
    let page = URL(filePath: assay.path("report/report.html"))
    let manifest = URL(filePath: assay.path("report/manifest.json"))
    let (whole, listed) = (try Data(contentsOf: page), try Data(contentsOf: manifest))
    func sum() throws -> String {
      String(try assay.shell("sha256sum report/report.html").output.prefix(64))
    }
    func verify() throws -> BuiltProgram.Outcome {
      try assay("verify", "latest", "--ledger", "l.sqlite", "--report", "report")
    }
    let before = try sum()
    #expect(try verify().output.contains("made again from the records, byte by byte"))
    let text = String(decoding: whole, as: UTF8.self).replacing("Passed", with: "passed")
    try Data(text.utf8).write(to: page)
    let forged = String(decoding: listed, as: UTF8.self).replacing(before, with: try sum())
    try Data(forged.utf8).write(to: manifest)
    let found = try verify()
    #expect(found.status == 1)
    #expect(found.lines.last?.contains("report.html is not what the records give") == true)
    try whole.write(to: page)
    try listed.write(to: manifest)
    try Data().write(to: URL(filePath: assay.path("report/more.html")))
    #expect(try verify().lines.last?.contains("more.html is in the folder, but not in") == true)
  }

  @Test("reading a ledger leaves its bytes alone, and a page of a changed one is refused")
  func reading() throws {
    defer { assay.remove() }
    _ = try audited()
    let before = try Data(contentsOf: URL(filePath: assay.path("l.sqlite")))
    for command in [["runs"], ["show", "latest"], ["verify", "latest"], ["report", "latest"]] {
      #expect(try assay(command + ["--ledger", "l.sqlite"]).status == 0, "\(command)")
      #expect(
        try Data(contentsOf: URL(filePath: assay.path("l.sqlite"))) == before, "\(command)")
    }
    #expect(
      try assay.shell(
        "python3 -c \"import sqlite3; c = sqlite3.connect('l.sqlite'); "
          + "c.execute('update gates set value = 0.125'); c.commit()\""
      ).status == 0)
    let refused = try assay("report", "latest", "--ledger", "l.sqlite")
    #expect(refused.status == 2 && refused.errors.contains("is not what was recorded: "))
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
