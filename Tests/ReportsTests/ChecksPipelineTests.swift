import Testing

@testable import ReportTemplates

@Suite("Pipeline templates")
struct ChecksPipelineTests {
  private let marks = PipelineTemplates.Marks(
    model: "models/credit.onnx", data: "data/loans 2026: \"a\\b\".csv", part: "test",
    suite: "tabular", threat: "linf-0.1")

  @Test("The configuration's marks are filled, quoted where YAML needs it")
  func filled() {
    let lines = PipelineTemplates.check(marks).split(separator: "\n").map(String.init)
    #expect(lines.contains("model: models/credit.onnx"))
    #expect(lines.contains(#"data: "data/loans 2026: \"a\\b\".csv""#))
    #expect(lines.contains("part: test") && lines.contains("suite: tabular"))
    #expect(lines.contains("  - robust-accuracy: {threat: linf-0.1, drop-at-most: 0.02}"))
    #expect(!lines.contains { $0.contains("{{") })
  }

  @Test("A value cannot add lines, be another type or be taken for a mark")
  func hostile() {
    var hostile = marks
    (hostile.model, hostile.data) = ("{{data}}\nseed: 1", "true")
    hostile.suite = "\u{85}x"
    let lines = PipelineTemplates.check(hostile).split(separator: "\n").map(String.init)
    #expect(lines.contains(#"model: "{{data}}\u000Aseed: 1""#) && lines.contains(#"data: "true""#))
    #expect(lines.contains(#"suite: "\u0085x""#))
    #expect(!lines.contains("seed: 1"))
  }

  @Test("Every mark occurs, and the jobs have none")
  func marksOccur() {
    for name in ["model", "data", "part", "suite", "threat"] {
      #expect(PipelineTemplates.check.contains("{{\(name)}}"))
    }
    for job in [PipelineTemplates.gitHub, PipelineTemplates.gitLab] {
      #expect(!job.contains("{{model") && job.contains("assay check"))
    }
    #expect(PipelineTemplates.gitHub.contains("upload-sarif"))
    #expect(PipelineTemplates.gitLab.contains("exit_codes: 4"))
  }
}
