import ConfigurationFiles
import Testing

@testable import Attacks

@Suite("Assessments of a suite")
struct SuiteAssessmentTests {
  private static let beginning = """
    name: small
    threats:
      - {norm: linf, epsilon: 0.1}
    attacks: [fgsm]

    """

  private func assessments(_ lines: String) throws -> Attacks.Suite.Assessments {
    try Attacks.Suite(yaml: Self.beginning + lines, file: "suite.yaml").assessments
  }

  @Test("What a suite leaves open is measured by default, decisions are not guessed")
  func defaults() throws {
    let assessments = try assessments("")
    #expect(assessments.corruptions == nil)
    #expect(assessments.permutationRepeats == 20)
    #expect(assessments.effectFeatures == 8)
    #expect(assessments.decisions == nil)
  }

  @Test("Corruptions are all, none or a list")
  func corruptions() throws {
    #expect(try assessments("corruptions: all").corruptions == nil)
    #expect(try assessments("corruptions: none").corruptions == [])
    #expect(try assessments("corruptions: [fog, blur]").corruptions == ["fog", "blur"])
  }

  @Test("A rule of decision keeps what is stated")
  func decisions() throws {
    let decisions = try #require(
      try assessments("decisions: {favourable: good, cut-off: 0.6, reasons: 3}").decisions)
    #expect(decisions.favourable == "good")
    #expect(decisions.cutoff == 0.6)
    #expect(decisions.reasonCount == 3)
    #expect(decisions.counterfactualCount == 20)
  }

  @Test(
    "What makes no sense is refused with its place",
    arguments: [
      ("decisions: {cut-off: 0.6}", "suite.yaml:5:"),
      ("decisions: {favourable: good, cut-off: 1}", "suite.yaml:5:40"),
      ("decisions: {favourable: good, reasons: 0}", "suite.yaml:5:40"),
      ("permutation-repeats: -1", "suite.yaml:5:22"),
      ("corruptions: some", "suite.yaml:5:14"),
    ])
  func refusals(line: String, place: String) {
    let error = #expect(throws: ConfigurationError.self) { try assessments(line) }
    #expect(error.map { "\($0)".hasPrefix(place) } == true, "\(String(describing: error))")
  }
}
