import Assay
import Foundation
import Testing

/// The tour of docs/swift.md: everything through the one public import.
@Suite("The library's tour")
struct TourTests {
  private static let wdbc = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "fixtures/data/wdbc.csv").path

  @Test("a network is trained, attacked, explained and audited in a few lines")
  func tour() throws {
    // Train.
    let parts = try DatasetReader.read(Self.wdbc).split(test: 0.3, seed: 0)
    var training = TrainingConfiguration(epochs: 30) {
      Dense(32)
      Relu()
      Dense(2)
    }
    training.learningRate = 0.005
    let model = try training.trained(on: parts.train)
    let classifier = try ProgramClassifier(model)
    let accuracy = try classifier.accuracy(on: parts.test)
    #expect(accuracy > 0.93)

    // Attack.
    let threat = try ThreatModel(norm: .linf, epsilon: 0.02, input: model.input, scale: .range)
    let pgd = try AttackRegistry.attack(named: "pgd", settings: ["steps": 20, "restarts": 2])
    let attacked = try classifier.attacked(on: parts.test, by: pgd, under: threat)
    #expect(attacked.robustAccuracy < accuracy - 0.05)
    #expect(attacked.distances.allSatisfy { $0 <= 0.02 * (1 + 1e-5) })
    #expect(
      attacked.fooledBefore == parts.test.count - Int(accuracy * Double(parts.test.count) + 0.5))

    // Explain.
    let gradients = try AttributionRegistry.method(
      named: "integrated-gradients", settings: ["baseline": "mean"])
    let explained = try classifier.explained(
      on: parts.test.prefix(8), by: gradients, background: parts.train)
    #expect(explained.attributions.shape == [8, 30])
    for (row, completeness) in (explained.completeness ?? []).enumerated() {
      #expect(explained.isConverged(row))
      let sum = explained.values(row).reduce(0, +)
      #expect(abs(sum - completeness.outputDifference) < 0.01 * max(1, abs(sum)))
    }

    // Audit.
    let suite = try BuiltInSuites.suite("quick")
    let record = try classifier.audited(on: parts.test, by: suite, training: parts.train)
    let measured = record.measures.first { $0.kind == .cleanAccuracy && $0.group.isEmpty }
    #expect(measured?.value == accuracy)
    let robust = record.measures.filter { $0.kind == .robustAccuracy && $0.group.isEmpty }
    #expect(robust.count == 4 && robust.allSatisfy { ($0.value ?? 1) <= accuracy })
    #expect(record.run.isComplete && record.gates.map(\.verdict) == [.passed])
    #expect(record.findings.contains { $0.outcome == .broken })
    let page = try ReportDocument(title: "Tour", records: [record]).html()
    #expect(page.contains("mean_radius"))
  }
}
