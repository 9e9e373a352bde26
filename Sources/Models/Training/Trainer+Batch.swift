import Execution
import Tensors

/// Samples that go through a network together.
struct SampleBatch: Sendable {
  /// The positions of the samples in their data, for their random streams.
  var samples: [Int]
  var inputs: Tensor
  var targets: Tensor
  /// The weight of each sample in the loss; 0 for copies that fill the batch.
  var weights: Tensor
  /// The number of samples that are no copies.
  var count: Int

  /// The totals that a program returned first: the loss and the number of correct samples.
  func totals(_ results: [Tensor]) -> BatchTotals {
    BatchTotals(
      loss: results[0].doubles[0], weight: weights.doubles.reduce(0, +),
      correct: results[1].doubles[0], count: Double(count))
  }
}

extension Trainer {
  /// The samples at some positions, filled up to the micro-batch with copies of the last.
  func batch(_ samples: [Int], of data: TrainingData, augmentedFor epoch: Int?) -> SampleBatch {
    var rows = samples
    if !programs.structure.usesBatchStatistics, let last = samples.last {
      rows += Array(repeating: last, count: max(microBatch - samples.count, 0))
    }
    var batch = SampleBatch(
      samples: rows, inputs: data.inputs.rows(rows), targets: data.targets.rows(rows),
      weights: Tensor(zeros: [rows.count]), count: samples.count)
    batch.weights = weights(batch)
    if case .regression(let mean, let deviation) = head {
      batch.targets = batch.targets.mapped(
        float: { ($0 - Float(mean)) / Float(deviation) }, double: { ($0 - mean) / deviation })
    }
    if let augmentation = configuration.augmentation, let epoch {
      forEachSample(of: &batch, "augment", step: epoch) { sample, random in
        augmentation.apply(
          to: sample, shape: input.encodedShape, range: input.range, using: &random)
      }
    }
    return batch
  }

  private func weights(_ batch: SampleBatch) -> Tensor {
    var weights = [Float](repeating: 1, count: batch.samples.count)
    if !classWeights.isEmpty {
      weights = batch.targets.scalars(of: Int64.self).map { classWeights[Int($0)] }
    }
    for index in batch.count..<max(weights.count, batch.count) { weights[index] = 0 }
    return Tensor(weights)
  }

  /// Changes each sample with a stream of its own.
  private func forEachSample(
    of batch: inout SampleBatch, _ purpose: String, step: Int,
    _ body: (UnsafeMutableBufferPointer<Float>, inout RandomStream) -> Void
  ) {
    let size = batch.inputs.shape.sample.count
    let samples = batch.samples
    batch.inputs.withUnsafeMutableScalars(of: Float.self) { values in
      for (row, sample) in samples.enumerated() {
        var random = RandomStream(
          seed: configuration.seed, purpose: purpose, sample: sample, step: step)
        body(
          UnsafeMutableBufferPointer(rebasing: values[row * size..<(row + 1) * size]), &random)
      }
    }
  }

  /// The inputs moved to where the loss is large, within ε.
  func perturbed(
    _ batch: SampleBatch, _ parameters: [Tensor], epsilon: Double,
    _ adversarial: AdversarialTraining, purpose: String, step: Int
  ) throws -> Tensor {
    guard epsilon > 0, let threat, let ascent = programs.ascent else { return batch.inputs }
    var moved = batch
    forEachSample(of: &moved, purpose, step: step) { sample, random in
      threat.randomize(
        sample, epsilon: epsilon, isSmall: adversarial.method == .trades, using: &random)
    }
    let reference = try programs.logits?([batch.inputs] + parameters)[0] ?? batch.targets
    let settings = [Tensor(epsilon), Tensor(adversarial.stepLength(at: epsilon))]
    var perturbed = moved.inputs
    for _ in 0..<adversarial.steps {
      perturbed = try ascent([perturbed, batch.inputs, reference] + settings + parameters)[0]
    }
    guard adversarial.cleanFraction > 0, purpose == "adversarial" else { return perturbed }
    let clean = batch.samples.indices.filter { row in
      var random = RandomStream(
        seed: configuration.seed, purpose: "clean", sample: batch.samples[row], step: step)
      return random.uniform() < adversarial.cleanFraction
    }
    perturbed.setRows(clean, to: batch.inputs.rows(clean))
    return perturbed
  }

  /// Measures parameters on data: clean, and against the attack where there is one.
  func validate(
    _ parameters: [Tensor], on data: TrainingData, into metrics: inout EpochMetrics
  ) throws {
    let starts = Array(stride(from: 0, to: data.count, by: microBatch))
    let adversarial = configuration.adversarial
    let parts = try concurrentMap(count: starts.count, threads: threads) { index in
      let end = min(starts[index] + microBatch, data.count)
      let batch = self.batch(Array(starts[index]..<end), of: data, augmentedFor: nil)
      let rest = [batch.targets, batch.weights] + parameters
      let clean = batch.totals(try programs.evaluation([batch.inputs] + rest))
      guard let adversarial else { return (clean, BatchTotals()) }
      let inputs = try perturbed(
        batch, parameters, epsilon: adversarial.epsilon, adversarial, purpose: "validation",
        step: 0)
      return (clean, batch.totals(try programs.evaluation([inputs] + rest)))
    }
    var (clean, robust) = (BatchTotals(), BatchTotals())
    for part in parts {
      clean += part.0
      robust += part.1
    }
    let isClassification = configuration.loss.isClassification
    metrics.validationLoss = clean.meanLoss
    metrics.validationAccuracy = isClassification ? clean.accuracy : nil
    guard adversarial != nil else { return }
    metrics.validationRobustLoss = robust.meanLoss
    metrics.validationRobustAccuracy = isClassification ? robust.accuracy : nil
  }
}
