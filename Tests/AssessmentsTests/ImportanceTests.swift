import Foundation
import Models
import Programs
import Statistics
import Tensors
import Testing

@testable import Assessments

@Suite("Permutation importance")
struct ImportanceTests {
  @Test("Means and their spread over repetitions are scikit-learn's within their errors")
  func recorded() throws {
    let record = try RecordedGlobalExplanations.read().importance
    let found = try assess(record, repeats: 200)
    #expect(abs(found.logLoss - record.logLoss) < 1e-6)
    for (index, part) in found.parts.enumerated() {
      let deviations = [record.lossDeviation[index], record.accuracyDeviation[index]]
      let theirs = deviations.map { $0 / Double(record.repeats).squareRoot() }
      // Both are means of 200 repetitions: four standard errors of the difference.
      for (ours, mean, error) in [
        (part.loss, record.loss[index], theirs[0]),
        (part.accuracy, record.accuracy[index], theirs[1]),
      ] {
        let combined = hypot(ours.standardError, error)
        #expect(abs(ours.mean - mean) <= 4 * combined)
      }
      guard deviations[0] > 0 else { continue }
      #expect(abs(part.loss.standardError / theirs[0] - 1) < 0.25)
    }
  }

  @Test("Means are those over all pairs of receivers and donors, to four standard errors")
  func exact() throws {
    let record = try RecordedGlobalExplanations.read().importance
    for (part, exact) in zip(try assess(record, repeats: 200).parts, record.exact) {
      #expect(abs(part.loss.mean - exact.loss) <= 4 * part.loss.standardError)
      #expect(abs(part.accuracy.mean - exact.accuracy) <= 4 * part.accuracy.standardError)
    }
  }

  @Test("Means, errors and intervals are those of a plain loop over permutations")
  func plainLoop() throws {
    let record = try RecordedGlobalExplanations.read().importance
    let found = try assess(record, repeats: 7)
    let n = record.inputs.count
    var repeated: [Double] = []
    var influence = [Double](repeating: 0, count: n)
    for repetition in 0..<7 {
      var random = RandomStream(seed: 4, purpose: "permutation importance", step: repetition)
      let donors = (0..<n).shuffled(using: &random)
      let changes = (0..<n).map { sample -> Double in
        var changed = record.inputs[sample]
        changed[0] = record.inputs[donors[sample]][0]
        return loss(changed, record.labels[sample], record)
          - loss(record.inputs[sample], record.labels[sample], record)
      }
      repeated.append(changes.reduce(0, +) / Double(n))
      for (sample, change) in changes.enumerated() {
        influence[sample] += change / 7
        influence[donors[sample]] += change / 7
      }
    }
    let mean = repeated.reduce(0, +) / 7
    let half = 1.959963984540054 * standardError(influence)
    let importance = found.parts[0].loss
    #expect(abs(importance.mean - mean) < 1e-6)
    #expect(abs(importance.standardError - standardError(repeated)) < 1e-6)
    #expect(abs((importance.estimate.lower ?? 0) - (mean - half)) < 1e-6)
    #expect(abs((importance.estimate.upper ?? 0) - (mean + half)) < 1e-6)
  }

  @Test("Intervals are as wide as importances differ between samples drawn anew")
  func intervals() throws {
    let model = try GlobalModels.logistic([1.5, 0.5])
    let found = try (0..<120).map { seed -> ImportanceEstimate in
      let rows = GlobalModels.rows(60, of: 2, seed: UInt64(seed))
      var random = RandomStream(seed: UInt64(seed), purpose: "labels")
      let labels = rows.map { row in
        random.uniform() < 1 / (1 + exp(-1.5 * Double(row[0]) - 0.5 * Double(row[1]))) ? 1 : 0
      }
      let samples = GlobalModels.samples(rows, labels: labels)
      let assessment = try ImportanceAssessment(model, samples, repeats: 20, seed: 1)
      return try #require(assessment).parts[0].loss
    }
    let mean = found.reduce(0) { $0 + $1.mean } / 120
    let spread = (found.reduce(0) { $0 + ($1.mean - mean) * ($1.mean - mean) } / 119).squareRoot()
    let halves = found.map { (($0.estimate.upper ?? 0) - ($0.estimate.lower ?? 0)) / 2 }
    let stated = halves.reduce(0, +) / 120 / 1.959963984540054
    // 120 draws know a standard deviation to 6.5 %; three of those. Receivers alone give 0.79.
    #expect(abs(stated / spread - 1) < 0.2, "\(stated / spread)")
    // What permutations alone do is the smaller part.
    #expect(found.allSatisfy { $0.standardError < stated / 2 })
  }

  @Test("A feature that the model ignores has exactly 0, and counts as unclear")
  func ignored() throws {
    let found = try assess(try RecordedGlobalExplanations.read().importance, repeats: 5)
    let ignored = found.parts[3]
    for estimate in [ignored.loss, ignored.accuracy] {
      #expect(estimate.mean == 0 && estimate.standardError == 0 && estimate.includesZero)
      #expect(estimate.estimate.lower == 0 && estimate.estimate.upper == 0)
    }
    #expect(found.unclearCount >= 1)
    #expect(found.mostImportantFeatures(9) == [0, 1, 2])
    #expect(found.mostImportantFeatures(1) == [0])
  }

  @Test("Reliance on noise shows as a negative importance, which stays negative")
  func negative() throws {
    // The labels are the opposite of what the model takes from its only feature.
    let rows = GlobalModels.rows(40, of: 1)
    let found = try #require(
      try ImportanceAssessment(
        GlobalModels.logistic([2]),
        GlobalModels.samples(rows, labels: rows.map { $0[0] > 0 ? 0 : 1 }), repeats: 10, seed: 1))
    #expect(found.accuracy == 0)
    #expect(found.parts[0].loss.mean < 0 && (found.parts[0].loss.estimate.upper ?? 0) < 0)
    #expect(found.parts[0].accuracy.mean < 0)
  }

  @Test("Duplicates form a group; shuffled together they matter as one feature of both weights")
  func duplicates() throws {
    let rows = GlobalModels.rows(60, of: 2)
    let labels = rows.map { $0[0] + 0.3 * $0[1] > 0 ? 1 : 0 }
    let doubled = try #require(
      try ImportanceAssessment(
        GlobalModels.logistic([0.5, 1, 1]),
        GlobalModels.samples(rows.map { [$0[1], $0[0], $0[0]] }, labels: labels), seed: 9))
    let single = try #require(
      try ImportanceAssessment(
        GlobalModels.logistic([0.5, 2]),
        GlobalModels.samples(rows.map { [$0[1], $0[0]] }, labels: labels), seed: 9))
    let group = try #require(doubled.groups.first)
    #expect(doubled.groups.count == 1 && group.members == [1, 2])
    let pair = try #require(doubled.associations.first)
    #expect(pair.first == 1 && pair.second == 2 && pair.method == .spearman)
    #expect(doubled.associations.count == 1 && abs(pair.value - 1) < 1e-12)
    #expect(abs(group.loss.mean - single.parts[1].loss.mean) < 1e-6)
    #expect(group.accuracy == single.parts[1].accuracy)
    // Alone, each seems to matter far less.
    #expect(doubled.parts[1].loss.mean < 0.6 * group.loss.mean)
    #expect(single.groups.isEmpty && single.associations.isEmpty)
  }

  @Test("Threads and batches change nothing")
  func determinism() throws {
    let record = try RecordedGlobalExplanations.read().importance
    let once = try assess(record, repeats: 4)
    #expect(try assess(record, repeats: 4, threads: 3, microBatch: 7) == once)
    let bytes = try JSONEncoder().encode(once)
    #expect(try JSONDecoder().decode(ImportanceAssessment.self, from: bytes) == once)
  }

  @Test("Answers that are no numbers are an error that names sample and feature")
  func notFinite() throws {
    let model = try GlobalModels.classifier(.table([Feature(name: "x")]), classes: 2) { x in
      x.linear(weight: x.builder.constant(Tensor([0, 1] as [Float], shape: [2, 1]))).logarithm()
    }
    let samples = GlobalModels.samples([[0], [2], [3]])
    #expect(throws: GlobalExplanationError.notFinite(sample: 5, part: "none")) {
      try ImportanceAssessment(model, samples, seed: 1)
    }
    let words = "\(GlobalExplanationError.notFinite(sample: 7, part: "age"))"
    #expect(words.hasPrefix("sample 7 with another value of 'age': the model's logits"))
  }

  private func assess(
    _ record: RecordedGlobalExplanations.Importance, repeats: Int, threads: Int = 1,
    microBatch: Int = 16
  ) throws -> ImportanceAssessment {
    let model = try GlobalModels.logistic(
      record.weights, bias: record.bias, microBatch: microBatch)
    return try #require(
      try ImportanceAssessment(
        model, GlobalModels.samples(record.inputs, labels: record.labels), repeats: repeats,
        seed: 4, threads: threads))
  }

  private func loss(
    _ row: [Float], _ label: Int, _ record: RecordedGlobalExplanations.Importance
  ) -> Double {
    let margin = zip(row, record.weights).reduce(Double(record.bias)) {
      $0 + Double($1.0) * Double($1.1)
    }
    return log(1 + exp(label == 1 ? -margin : margin))
  }

  private func standardError(_ values: [Double]) -> Double {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (n - 1) / n).squareRoot()
  }
}
