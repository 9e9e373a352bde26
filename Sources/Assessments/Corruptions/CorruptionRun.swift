import Execution
import Models
import Statistics
import Tensors

/// The samples of an assessment, disturbed batch by batch and answered by the model.
struct CorruptionRun: Sendable {
  let classifier: any Classifier
  let samples: LabelledSamples
  let space: CorruptionSpace
  let seed: UInt64
  let threads: Int
  /// The number of samples that are disturbed before the model is asked.
  let batch: Int

  init(
    _ classifier: any Classifier, samples: LabelledSamples, reference: LabelledSamples,
    seed: UInt64, threads: Int, batch: Int?
  ) {
    self.classifier = classifier
    self.samples = samples
    self.seed = seed
    self.threads = threads
    space = CorruptionSpace(
      classifier.input, samples: samples.inputs, reference: reference.inputs)
    // About 16 MiB of values at once.
    self.batch = batch ?? max(64, 4_194_304 / max(classifier.input.encodedShape.count, 1))
  }

  /// The model's answers to all samples, disturbed or (nil) as they are.
  func answers(_ corruption: (any Corruption, strength: Double)?) throws -> ClassAnswers {
    var answers = ClassAnswers()
    for start in stride(from: 0, to: samples.count, by: batch) {
      let range = start..<min(start + batch, samples.count)
      let raw =
        try corruption.map { try corrupted(range, by: $0.0, strength: $0.strength) }
        ?? samples.inputs.rows(range)
      let encoded = classifier.input.encoded(raw.converted(to: .float32))
      answers.append(try classifier.verifiedLogits(encoded, threads: threads))
    }
    return answers
  }

  /// The samples of a range, disturbed and valid.
  func corrupted(
    _ range: Range<Int>, by corruption: any Corruption, strength: Double
  ) throws -> Tensor {
    let block = 64
    let blocks = (range.count + block - 1) / block
    let parts = try concurrentMap(count: blocks, threads: threads) { part in
      let start = range.lowerBound + part * block
      return corruptedBlock(
        start..<min(start + block, range.upperBound), by: corruption, strength: strength)
    }
    return .concatenated(parts)
  }

  private func corruptedBlock(
    _ range: Range<Int>, by corruption: any Corruption, strength: Double
  ) -> Tensor {
    let raw = samples.inputs.rows(range).converted(to: .float32)
    var values = raw.floats
    let (size, count) = (raw.shape.sample.count, space.input.shape.count)
    for (row, index) in range.enumerated() {
      // What is held lies behind the sample and stays as it is.
      let place = row * size..<row * size + count
      var sample = Array(values[place])
      var random = RandomStream(
        seed: seed, purpose: "corruption/\(corruption.kind.rawValue)",
        sample: samples.samples[index])
      corruption.corrupt(&sample, strength: strength, in: space, using: &random)
      space.validate(&sample)
      values.replaceSubrange(place, with: sample)
    }
    return Tensor(values, shape: raw.shape)
  }

  func accuracy(_ answers: ClassAnswers) -> IntervalEstimate {
    IntervalEstimate(
      successes: zip(answers.predictions, samples.labels).count { $0 == $1 }, of: samples.count)
  }

  func changed(_ answers: ClassAnswers, from clean: ClassAnswers) -> IntervalEstimate {
    IntervalEstimate(
      successes: zip(answers.predictions, clean.predictions).count { $0 == nil || $0 != $1 },
      of: samples.count)
  }
}
