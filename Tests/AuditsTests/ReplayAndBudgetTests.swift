import Audits
import Models
import Tensors
import Testing

@Suite("Known examples and budgets")
struct ReplayAndBudgetTests {
  @Test("a model falls for every example that was found on it, and each is asked about once")
  func replayOfTheSame() throws {
    let first = try SmallAudit.credit()
    let record = try first.run()
    let bank = AdversarialBank(record)
    var again = first
    again.plan.bank = bank
    let replayed = try again.run()
    let known = Set(bank.examples.map { ReplayedSample(sample: $0.sample, norm: $0.norm) })
    #expect(!known.isEmpty && replayed.replayed == known)
    let replays = replayed.findings.filter { $0.attack.hasPrefix("replay/") }
    #expect(replays.count == known.count)
    // Replay comes first, so that a sample is attacked at smaller radii only.
    for finding in replays {
      let norm = finding.attack.split(separator: "/")[1]
      let later = replayed.findings.filter {
        $0.sample == finding.sample && $0.attack.hasSuffix("/\(norm)")
          && $0.attack != finding.attack
          && !$0.attack.hasPrefix("probe/")
      }
      #expect(later.allSatisfy { $0.epsilon < finding.epsilon })
    }
    let robust = [record, replayed].map { $0.measures.filter { $0.kind == .robustAccuracy } }
    #expect(robust[0].map(\.value) == robust[1].map(\.value))
  }

  @Test("a bank keeps the nearest example of a sample, norm and model, and no input twice")
  func bank() {
    func example(_ distance: Double, _ model: String, _ value: Float) -> BankExample {
      BankExample(
        sample: 1, norm: .linf, distance: distance, scale: "input units",
        perturbed: Tensor([value]), attack: "pgd/linf", model: model, modelSHA256: model,
        fools: true)
    }
    let bank = AdversarialBank([
      example(0.3, "a", 3), example(0.1, "a", 1), example(0.2, "b", 1), example(0.4, "b", 4),
    ])
    #expect(bank.examples.map(\.distance) == [0.1, 0.4])
    #expect(bank.examples.map(\.model) == ["a", "b"])
  }

  @Test("what a model withstands is known as withstood")
  func fools() throws {
    let record = try SmallAudit.credit().run()
    var known = AdversarialBank(record)
    let other = known.examples.map { example in
      var example = example
      example.modelSHA256 = "other"
      example.model = "other"
      return example
    }
    known = AdversarialBank(other)
    // The record did not replay them, as a model would that withstands them all.
    let bank = AdversarialBank(record, known: known)
    #expect(bank.examples.allSatisfy { $0.fools })
    var untouched = record
    untouched.findings = []
    #expect(AdversarialBank(untouched, known: known).examples.allSatisfy { !$0.fools })
  }

  @Test("a budget ends the attacks, and what it did not reach is no robust sample")
  func exhaustedBudget() throws {
    var audit = try SmallAudit.image(samples: 40)
    let whole = try audit.run()
    let spent = whole.findings.reduce(0) { $0 + $1.passes.backward }
    audit.plan.budget = .gradients(spent / 8)
    let cut = try audit.run()
    let robustness = Robustness(cut)
    let last = try #require(robustness.epsilons(.l2).last)
    let unfinished = robustness.unfinished(.l2, within: last)
    #expect(!unfinished.isEmpty)
    let measure = try #require(
      cut.measures.first { $0.kind == .robustAccuracy && $0.norm == .l2 && $0.epsilon == last })
    #expect(measure.value == nil && measure.note.contains("\(unfinished.count) of 40"))
    let value = try #require(
      whole.measures.first { $0.kind == .robustAccuracy && $0.norm == .l2 && $0.epsilon == last }?
        .value)
    let (lower, upper) = (try #require(measure.lower), try #require(measure.upper))
    #expect(lower <= value && value <= upper)
    // The same again, and on four threads: gradients are counted, not time.
    audit.plan.threads = 4
    #expect(try audit.run() == cut)
    // Enough of it changes the order of samples alone.
    audit.plan.budget = .gradients(10 * spent)
    #expect(try audit.run().findings == whole.findings)
    #expect(Robustness(whole).unfinished(.l2, within: last).isEmpty)
  }

  @Test("with a budget the samples nearest to the boundary come first")
  func order() throws {
    var audit = try SmallAudit.image(samples: 64)
    audit.plan.budget = .gradients(1)
    let record = try audit.run()
    let reached = Set(record.findings.map(\.sample))
    let correct = record.predictions.filter(\.isCorrect)
    #expect(reached.count < correct.count)
    func margin(_ prediction: PredictionFinding) -> Float {
      let sorted = prediction.probabilities.sorted()
      return sorted[sorted.count - 1] - sorted[sorted.count - 2]
    }
    let near = correct.filter { reached.contains($0.sample) }.map(margin).max() ?? 1
    let far = correct.filter { !reached.contains($0.sample) }.map(margin).min() ?? 0
    #expect(near <= far)
  }
}
