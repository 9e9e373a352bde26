import Execution
import Tensors

/// What a micro-batch adds to a batch: sums over its samples.
struct MicroBatchResult: Sendable {
  var totals: BatchTotals
  var gradients: [Tensor]
  /// New running statistics, in a network that takes whole batches.
  var statistics: [Tensor]
}

extension Trainer {
  /// One update of the parameters from a batch of samples.
  func step(_ state: inout TrainingState, samples: [Int]) throws {
    let progress = state.progress
    let starts = Array(stride(from: 0, to: samples.count, by: microBatch))
    let parameters = state.parameters
    let results = try concurrentMap(count: starts.count, threads: threads) { index in
      let end = min(starts[index] + microBatch, samples.count)
      return try microBatchResult(
        Array(samples[starts[index]..<end]), parameters, epoch: progress.epoch,
        update: progress.updates, position: index)
    }
    guard var sum = results.first else { return }
    for result in results.dropFirst() { sum.totals += result.totals }
    for index in sum.gradients.indices {
      try sum.gradients[index].add(
        results.dropFirst().map { $0.gradients[index] }, threads: threads)
    }
    state.progress.sums += sum.totals
    guard sum.totals.loss.isFinite else {
      throw ModelError(.notFinite(epoch: progress.epoch + 1, step: progress.step + 1))
    }
    try apply(sum, to: &state)
    state.progress.step += 1
    state.progress.updates += 1
    if case .exponential(let decay) = configuration.averaging {
      average(&state, share: Float(1 - decay))
    }
  }

  /// Divides the gradients by the batch's weight, clips them and lets the optimizer use them.
  private func apply(_ sum: MicroBatchResult, to state: inout TrainingState) throws {
    guard sum.totals.weight > 0 else { return }
    var factor = 1 / sum.totals.weight
    if let clip = configuration.gradientClip {
      let length = sum.gradients.reduce(0) { $0 + $1.squaredLength }.squareRoot() * factor
      factor *= min(1, clip / (length + 1e-6))
    }
    var arguments = configuration.optimizer.scalars(
      rate: learningRate(state.progress, update: state.progress.updates),
      step: state.progress.updates + 1, gradientScale: factor)
    for (position, index) in programs.trained.enumerated() {
      arguments += [state.parameters[index], sum.gradients[position]] + state.slots[position]
    }
    let results = try update(arguments)
    let width = 1 + configuration.optimizer.slotCount
    for (position, index) in programs.trained.enumerated() {
      let start = position * width
      state.parameters[index] = results[start]
      state.slots[position] = Array(results[start + 1..<start + width])
    }
    for (index, tensor) in zip(programs.updated, sum.statistics) {
      state.parameters[index] = tensor
    }
  }

  /// The gradients of some samples, after augmentation and attack.
  private func microBatchResult(
    _ samples: [Int], _ parameters: [Tensor], epoch: Int, update: Int, position: Int
  ) throws -> MicroBatchResult {
    let batch = self.batch(samples, of: training, augmentedFor: epoch)
    var arguments = [batch.inputs]
    if let adversarial = configuration.adversarial, let epsilon = epsilon(update: update) {
      let perturbed = try self.perturbed(
        batch, parameters, epsilon: epsilon, adversarial, purpose: "adversarial", step: epoch)
      if adversarial.method == .trades {
        arguments.append(perturbed)
      } else {
        arguments[0] = perturbed
      }
    }
    arguments += [batch.targets, batch.weights]
    arguments += programs.structure.keys.map { name in
      var random = RandomStream(
        seed: configuration.seed, purpose: name, sample: position, step: update)
      return Tensor([Int64(random.next() >> 1), 0])
    }
    let results = try programs.gradients(arguments + parameters)
    let gradientCount = programs.trained.count
    return MicroBatchResult(
      totals: batch.totals(results),
      gradients: Array(results[2..<(2 + gradientCount)]),
      statistics: Array(results[(2 + gradientCount)...]))
  }
}
