import Foundation
import Testing

/// Regression checks, as a pipeline runs them.
@Suite("Command line: check", .serialized)
struct CheckCommandTests {
  private let assay: BuiltProgram

  init() throws { assay = try BuiltProgram() }

  private func fixture(_ name: String) -> String { BuiltProgram.fixture("check/\(name)") }

  /// The worked example with its paths made absolute, and files of its own.
  private func configure(_ change: (String) -> String = { $0 }) throws {
    let text = try String(contentsOfFile: fixture("assay.yaml"), encoding: .utf8)
      .replacing("fixtures/check/", with: BuiltProgram.fixture("check") + "/")
      .replacing("fixtures/data/", with: BuiltProgram.fixture("data") + "/")
      .replacing("out/check/", with: "")
    try Data(change(text).utf8).write(to: URL(filePath: assay.path("assay.yaml")))
  }

  private func check(_ model: String, _ more: String...) throws -> BuiltProgram.Outcome {
    try assay(["check", "--model", fixture("\(model).safetensors")] + more)
  }

  private func saveBaseline() throws {
    let saved = try assay("baseline", "save", "baseline.sqlite")
    #expect(saved.status == 0, "\(saved.errors)")
  }

  @Test("the same model passes, a better one too and says so, a careless one fails")
  func workedExample() throws {
    defer { assay.remove() }
    try configure()
    try saveBaseline()
    let before = try Data(contentsOf: URL(filePath: assay.path("baseline.sqlite")))
    let same = try check("baseline", "--seed", "5")
    #expect(same.status == 0, "\(same.errors)\(same.output)")
    #expect(
      same.lines.last?.hasPrefix("PASSED: baseline against baseline: all 5 gates hold") == true)
    let better = try check("better")
    #expect(better.status == 0, "\(better.output)")
    #expect(better.lines.last?.contains("Improved: it rose by") == true)
    let careless = try check("careless", "--out", "failed")
    #expect(careless.status == 1)
    let last = try #require(careless.lines.last)
    #expect(last.hasPrefix("FAILED: careless against baseline: robust accuracy at L∞ 0.1"))
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: assay.path("failed/check.json"))))
    #expect((json as? [String: Any])?["outcome"] as? String == "failed")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: assay.path("failed/pictures")).count == 3)
    #expect(try Data(contentsOf: URL(filePath: assay.path("baseline.sqlite"))) == before)
    // A check that passed becomes the next baseline, and what it was asked about stays known.
    let saved = try assay("baseline", "save", "baseline.sqlite", "--run", "latest")
    #expect(saved.status == 0, "\(saved.errors)")
    let shown = try assay("baseline", "show", "baseline.sqlite")
    #expect(shown.lines.first?.hasPrefix("careless, run") == true)
  }

  private static let python = ProcessInfo.processInfo.environment["ASSAY_PYTHON"]

  @Test(
    "readers of JUnit and SARIF accept the files of a check, whichever way it ends",
    .enabled(
      if: python.map(FileManager.default.isExecutableFile) ?? false,
      "needs a Python with junitparser: name it in ASSAY_PYTHON"))
  func acceptance() throws {
    defer { assay.remove() }
    try configure()
    try saveBaseline()
    let python = try #require(Self.python)
    let script = BuiltProgram.fixture("../scripts/accept-check-files.py")
    for (model, budget, status) in [
      ("baseline", "2m", 0), ("careless", "2m", 1), ("better", "500 gradients", 4),
    ] {
      let ended = try check(model, "--budget", budget, "--out", "\(model)-files")
      #expect(ended.status == Int32(status))
      let outcome = try assay.shell(
        "'\(python)' '\(script)' '\(assay.path("\(model)-files"))'")
      #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    }
  }

  @Test("a budget that is spent is said, and nothing passes for it")
  func spentBudget() throws {
    defer { assay.remove() }
    try configure()
    try saveBaseline()
    let outcome = try check("better", "--budget", "500 gradients")
    #expect(outcome.status == 4)
    #expect(outcome.output.contains("The budget was spent before"))
    #expect(outcome.lines.last?.hasPrefix("INCONCLUSIVE") == true)
    let lenient = try check("better", "--budget", "500 gradients", "--json")
    #expect(lenient.output.contains("\"verdict\" : \"inconclusive\""))
  }

  @Test("what a user can mend exits with 2 and one sentence")
  func mistakes() throws {
    defer { assay.remove() }
    func complaint(_ arguments: String...) throws -> String {
      let outcome = try assay(arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.status)")
      return outcome.errors
    }
    #expect(
      try complaint("check").contains("assay.yaml does not exist; make one with 'assay init'"))
    try configure()
    #expect(try complaint("check").contains("make it with: assay baseline save baseline.sqlite"))
    #expect(try complaint("check", "--budget", "soon").contains("--budget takes 2m, 90s"))
    try Data("no database".utf8).write(to: URL(filePath: assay.path("baseline.sqlite")))
    #expect(try complaint("check").contains("baseline.sqlite is damaged"))
    #expect(try complaint("baseline", "save", "baseline.sqlite").contains("is damaged"))
    try FileManager.default.removeItem(atPath: assay.path("baseline.sqlite"))
    try saveBaseline()
    try configure { $0.replacing("part: test", with: "part: test\nsamples: 100") }
    #expect(try complaint("check").contains("the baseline is about 719 samples, these are 100"))
    try configure { $0.replacing("linf-0.1,", with: "linf-0.2,") }
    #expect(
      try complaint("check").contains("the suite does not try what 'robust accuracy at L∞ 0.2"))
    try configure { $0.replacing("drop-at-most: 0.03", with: "drop-at-most: lots") }
    #expect(try complaint("check").contains("expected a number"))
    try configure()
    #expect(try complaint("bisect", "nowhere").contains("nowhere does not exist"))
  }

  @Test("a reader that goes away takes neither files nor exit code")
  func closedPipe() throws {
    defer { assay.remove() }
    try configure()
    try saveBaseline()
    let outcome = try assay.shell(
      "(sleep 0.3; assay check --model '\(fixture("careless.safetensors"))'; echo $? >status) | true"
    )
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let status = try String(contentsOfFile: assay.path("status"), encoding: .utf8)
    #expect(status == "1\n" && assay.holds("result/check.json"))
  }

  @Test("init writes files that check understands, and replaces none unasked")
  func initialisation() throws {
    defer { assay.remove() }
    let arguments = [
      "init", fixture("baseline.safetensors"), "--data", BuiltProgram.fixture("data/digits.csv.gz"),
      "--part", "test", "--suite", fixture("suite.yaml"),
    ]
    #expect(try assay(arguments).status == 0)
    for name in ["assay.yaml", ".github/workflows/assay.yml", ".gitlab/assay.yml"] {
      #expect(assay.holds(name))
    }
    let again = try assay(arguments)
    #expect(again.status == 2 && again.errors.contains("--force"))
    #expect(try assay("baseline", "save", "assay-baseline.sqlite").status == 0)
    let outcome = try assay("check", "--budget", "300000 gradients")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }

  /// What GitHub and GitLab need of a file, as their documentation has it; YAML reads `on` as true.
  private static let pipelineKeys = """
    import sys, yaml
    flow = yaml.safe_load(open(sys.argv[1]))
    assert flow["name"] and flow[True] and set(flow["permissions"].values()) <= {"read", "write"}
    for job in flow["jobs"].values():
        assert job["runs-on"] and all(("uses" in step) != ("run" in step) for step in job["steps"])
        assert any("assay check" in step.get("run", "") for step in job["steps"])
    jobs = yaml.safe_load(open(sys.argv[2]))
    assert jobs["assay"]["script"] == ["assay check"]
    assert jobs["assay"]["artifacts"]["reports"]["junit"].endswith("gates.xml")
    """

  @Test(
    "the jobs have the keys that their services need",
    .enabled(
      if: python.map(FileManager.default.isExecutableFile) ?? false,
      "needs a Python with PyYAML: name it in ASSAY_PYTHON"))
  func pipelines() throws {
    defer { assay.remove() }
    #expect(
      try assay(
        "init", fixture("baseline.safetensors"), "--data",
        BuiltProgram.fixture("data/digits.csv.gz")
      ).status == 0)
    try Data(Self.pipelineKeys.utf8).write(to: URL(filePath: assay.path("keys.py")))
    let python = try #require(Self.python)
    let outcome = try assay.shell(
      "'\(python)' keys.py .github/workflows/assay.yml .gitlab/assay.yml")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("bisect finds the first checkpoint that fails")
  func bisection() throws {
    defer { assay.remove() }
    try configure()
    try saveBaseline()
    let folder = assay.path("checkpoints")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (step, model) in ["baseline", "better", "better", "careless", "careless"].enumerated() {
      try FileManager.default.copyItem(
        atPath: fixture("\(model).safetensors"), toPath: "\(folder)/step-\(step + 8).safetensors")
    }
    let outcome = try assay("bisect", "checkpoints")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(
      outcome.lines.last?.hasPrefix("The first that fails is step-11.safetensors. FAILED") == true)
    for step in [11, 12] {
      try FileManager.default.removeItem(atPath: "\(folder)/step-\(step).safetensors")
    }
    let clean = try assay("bisect", "checkpoints", "--all")
    #expect(clean.status == 0 && clean.lines.last == "None of 3 checkpoints fails.")
  }
}
