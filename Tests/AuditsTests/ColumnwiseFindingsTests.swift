import Audits
import Foundation
import Models
import Tensors
import Testing

@Suite("Findings as columns")
struct ColumnwiseFindingsTests {
  private struct Holder: Codable, Equatable {
    @ColumnwiseFindings var findings: [AttackFinding] = []
  }

  private let findings = [
    AttackFinding(
      sample: 3, attack: "fgsm/linf", epsilon: 0.1, outcome: .survived, distance: 0.1,
      predicted: 0, probabilities: [0.75, 0.25], passes: PassCount(forward: 2, backward: 1)),
    AttackFinding(
      sample: 7, attack: "pgd/l2", epsilon: 0.5, outcome: .broken, distance: .infinity,
      predicted: 1, probabilities: [.nan, 1.5e-7, 1], perturbed: Tensor([1, 2, 3]),
      flags: ["still rising", "zero gradient"], passes: PassCount(forward: 40, backward: 40)),
    AttackFinding(
      sample: 3, attack: "fgsm/linf", epsilon: 0.2, outcome: .rejected, distance: 0.2,
      predicted: 0, probabilities: [], rejection: "outside the valid range"),
  ]

  private func encoded(_ holder: Holder) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try encoder.encode(holder)
  }

  private func decoded(_ data: Data) throws -> Holder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return try decoder.decode(Holder.self, from: data)
  }

  @Test("Every field comes back, bit for bit, and the text says what its columns are")
  func roundTrip() throws {
    let data = try encoded(Holder(findings: findings))
    let back = try decoded(data).findings
    #expect(back.count == 3)
    for (finding, other) in zip(findings, back) {
      #expect(
        finding.probabilities.map(\.bitPattern) == other.probabilities.map(\.bitPattern))
      var (first, second) = (finding, other)
      (first.probabilities, second.probabilities) = ([], [])
      #expect(first == second)
    }
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"attacks\":[\"fgsm\\/linf\",\"pgd\\/l2\"]"))
    #expect(text.contains("\"attack\":[0,1,0]") && text.contains("\"outcome\":[1,0,2]"))
    #expect(text.contains("\"distance\":[0.1,\"Infinity\",0.2]"))
    #expect(text.contains("\"classes\":[2,3,0]"))
    // 0.75 is 0x3F400000, little-endian first: 00 00 40 3F, in base 64 "AABAP…".
    #expect(text.contains("\"probabilities\":\"AABAP"))
    #expect(try encoded(Holder(findings: [])) == encoded(decoded(encoded(Holder(findings: [])))))
  }

  @Test("The list of findings that the first version wrote is read")
  func firstVersion() throws {
    let list = """
      {"findings": [{"attack": "fgsm/linf", "distance": 0.1, "epsilon": 0.1, "flags": [],
      "outcome": "survived", "passes": {"backward": 1, "forward": 2}, "predicted": 0,
      "probabilities": [0.75, 0.25], "sample": 3}]}
      """
    #expect(try decoded(Data(list.utf8)).findings == [findings[0]])
  }

  @Test(
    "Columns that do not fit each other are refused",
    arguments: [
      ("\"attack\":[0,1,0]", "\"attack\":[0,2,0]"), ("\"attack\":[0,1,0]", "\"attack\":[0,1]"),
      ("\"outcome\":[1,0,2]", "\"outcome\":[1,-1,2]"),
      ("\"classes\":[2,3,0]", "\"classes\":[2,3,1]"),
      ("\"classes\":[2,3,0]", "\"classes\":[9,-4,0]"), ("\"row\":1", "\"row\":3"),
    ])
  func refusals(_ part: String, _ replacement: String) throws {
    let text = String(decoding: try encoded(Holder(findings: findings)), as: UTF8.self)
    #expect(text.contains(part))
    let damaged = Data(text.replacing(part, with: replacement).utf8)
    #expect(throws: DecodingError.self) { try decoded(damaged) }
  }
}
