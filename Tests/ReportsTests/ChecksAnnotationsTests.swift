import Audits
import Checks
import Testing

@testable import Reports

@Suite("Checks as annotations")
struct ChecksAnnotationsTests {
  private func lines(_ check: CheckRecord) -> [String] {
    let text = check.annotations(locations: SampleChecks.locations).text
    #expect(text.hasSuffix("\n"))
    return text.split(separator: "\n").map(String.init)
  }

  @Test("Failed gates are errors at their line, open ones warnings or notices")
  func levels() {
    let lines = lines(SampleChecks.failed)
    #expect(
      lines[0] == "::error file=ci/assay.yaml,line=12,title=Gate failed::"
        + "robust accuracy at L∞ 0.1 drops by at most 2 points: the drop is 0.055")
    #expect(
      lines[1].hasPrefix("::error file=ci/assay.yaml,title=Gate not measured%2C counts as failed::")
    )
    #expect(lines[2].hasPrefix("::warning file=ci/assay.yaml,line=14,title=Gate inconclusive::"))
    #expect(
      lines[3].hasPrefix(
        "::warning file=models/credit v2.safetensors,title=Veto%3A zero-gradient::"))
    #expect(lines[4...].allSatisfy { $0.hasPrefix("::notice ") } && lines.count == 8)
    #expect(lines.contains { $0.hasSuffix("::L∞: 2 newly broken: row 1, row 3") })
  }

  @Test("There are errors exactly if the check failed, and its sentence always")
  func consistency() {
    for check in SampleChecks.all.map(\.value) {
      let lines = lines(check)
      #expect(lines.contains { $0.hasPrefix("::error ") } == (check.outcome == .failed))
      #expect(
        lines.last?.hasPrefix("::notice title=Assay::\(check.outcome.rawValue.uppercased()): ")
          == true)
    }
    #expect(lines(SampleChecks.exhausted)[0].hasPrefix("::warning title=Budget exhausted::"))
  }

  @Test("Beyond ten of a level, the tenth counts the rest")
  func bound() {
    var check = SampleChecks.failed
    check.gates = (0..<13).map { SampleChecks.gate(.failed, "gate \($0)") }
    let errors = lines(check).filter { $0.hasPrefix("::error ") }
    #expect(
      errors.count == 10 && errors[9] == "::error title=Assay::4 more: see the report of the check."
    )
    #expect(errors[8].contains("::gate 8: "))
  }

  @Test("Text cannot end a property or a line, or begin a command")
  func escaping() {
    let check = SampleChecks.failed.annotations(
      locations: CheckLocations(
        configurationFile: "a:b,c%\r\n.yaml", modelFile: "m", gateLines: [1]))
    #expect(check.text.hasPrefix("::error file=a%3Ab%2Cc%25%0D%0A.yaml,line=1,title=Gate failed::"))
  }

  @Test(
    "Every line is a command of the program's own, whatever the names",
    arguments: SampleChecks.hostile)
  func hostile(name: Sample<String>) {
    let lines = lines(SampleChecks.hostile(name.value))
    #expect(lines.count == 7)
    for line in lines {
      #expect(line.wholeMatch(of: /::(error|warning|notice) [^:\r]*::[^\r]*/) != nil)
      #expect(line.count < 1_500)
      // A percent sign of data is never a code.
      #expect(!line.replacing("%25", with: "").replacing(/%(0D|0A|3A|2C)/, with: "").contains("%"))
    }
  }
}
