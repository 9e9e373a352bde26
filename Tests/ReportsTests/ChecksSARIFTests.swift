import Audits
import Checks
import Foundation
import Testing

@testable import Reports

@Suite("Checks as SARIF")
struct ChecksSARIFTests {
  private func log(_ check: CheckRecord) throws -> SARIFLog {
    let sarif = check.sarif(locations: SampleChecks.locations, toolVersion: "1.2.3")
    let bytes = try sarif.encoded()
    #expect(try sarif.encoded() == bytes)
    return try JSONDecoder().decode(SARIFLog.self, from: Data(bytes))
  }

  @Test("The log states its version, schema and tool")
  func head() throws {
    let sarif = SampleChecks.failed.sarif(locations: SampleChecks.locations, toolVersion: "1.2.3")
    let object = try JSONSerialization.jsonObject(with: Data(try sarif.encoded()))
    let root = try #require(object as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    #expect((root["$schema"] as? String)?.hasSuffix("sarif-schema-2.1.0.json") == true)
    let driver = try log(SampleChecks.failed).runs[0].tool.driver
    #expect(driver.name == "Assay" && driver.version == "1.2.3")
    #expect(
      driver.rules.map(\.id) == [
        "gate/robust-accuracy", "gate/explanation-drift", "soundness/zero-gradient",
        "soundness/not-converged", "newly-broken",
      ])
  }

  @Test("Failed gates are errors, open ones warnings or notes, samples notes; errors mean failed")
  func levels() throws {
    let results = try log(SampleChecks.failed).runs[0].results
    #expect(
      results.map(\.level) == [.error, .error, .warning, .note, .warning, .note, .note, .note])
    #expect(results[0].message.text.contains("judged worsening +5.5 points (+5.0 to +6.0"))
    for check in SampleChecks.all.map(\.value) {
      let hasError = try log(check).runs[0].results.contains { $0.level == .error }
      #expect(hasError == (check.outcome == .failed))
    }
    #expect(
      try log(SampleChecks.passed).runs[0].results.map(\.ruleId) == [
        "newly-broken", "newly-broken",
      ])
  }

  @Test("Every result has a rule of the driver and a place: gates theirs, the rest the model")
  func places() throws {
    let run = try log(SampleChecks.failed).runs[0]
    for result in run.results {
      #expect(run.tool.driver.rules[result.ruleIndex].id == result.ruleId)
    }
    let places = run.results.map { $0.locations[0].physicalLocation }
    #expect(places[..<4].map { $0.region?.startLine } == [12, nil, 14, nil])
    #expect(places[..<4].allSatisfy { $0.artifactLocation.uri == "ci/assay.yaml" })
    #expect(places[4...].allSatisfy { $0.artifactLocation.uri == "models/credit%20v2.safetensors" })
    let alone = CheckLocations(configurationFile: "", modelFile: "/m/ü:1.onnx", gateLines: [3])
    let result = SampleChecks.failed.sarif(locations: alone, toolVersion: "").log.runs[0].results[0]
    let place = result.locations[0].physicalLocation
    #expect(place.artifactLocation.uri == "file:///m/%C3%BC%3A1.onnx" && place.region == nil)
  }

  @Test("Fingerprints differ within a run and stay when only figures change")
  func fingerprints() throws {
    func prints(_ check: CheckRecord) throws -> [String?] {
      try log(check).runs[0].results.map { $0.partialFingerprints["primaryLocationLineHash"] }
    }
    var other = SampleChecks.failed
    other.candidate.name = "credit-v3"
    other.gates[0].value = 0.07
    other.gates[0].reason = "the drop is 0.07"
    other.warnings[0].raised = "13 of 1,000 samples"
    other.replay[0].cases[1].distance = 0.07
    let first = try prints(SampleChecks.failed)
    #expect(try prints(other) == first)
    #expect(Set(first).count == first.count && !first.contains(nil))
    var twins = SampleChecks.failed
    twins.gates.append(twins.gates[0])
    let all = try prints(twins)
    #expect(Set(all).count == all.count)
  }

  @Test("At most fifty newly broken samples have a result, the nearest; one counts the rest")
  func bound() throws {
    let results = try log(SampleChecks.newlyBroken(53)).runs[0].results
    #expect(results.count == 51)
    #expect(results[0].message.text.hasPrefix("row 52 (sample 52, good) is newly broken"))
    #expect(results[50].message.text.hasPrefix("3 more of the replayed samples are newly broken"))
    #expect(try log(SampleChecks.newlyBroken(50)).runs[0].results.count == 50)
  }

  @Test("An exhausted budget is a notification of the run")
  func budget() throws {
    let notifications = try log(SampleChecks.exhausted).runs[0].invocations[0]
      .toolExecutionNotifications
    #expect(
      notifications.map(\.message.text) == [
        "The budget ran out before 37 samples at L∞ 0.1, 1 sample at L2 1 could be attacked: "
          + "nothing is known of them there."
      ])
    let none = try log(SampleChecks.passed).runs[0].invocations[0].toolExecutionNotifications
    #expect(none.isEmpty)
  }

  @Test(
    "No name becomes a placeholder or a link, or makes the log long",
    arguments: SampleChecks.hostile)
  func hostile(name: Sample<String>) throws {
    let run = try log(SampleChecks.hostile(name.value)).runs[0]
    for text in run.results.map(\.message.text) {
      #expect(!text.contains("](") && !text.contains("\n") && text.count < 2_000)
      #expect(!text.replacing("{{", with: "").contains("{"))
    }
    #expect(Set(run.tool.driver.rules.map(\.id)).count == run.tool.driver.rules.count)
  }
}
