import Tensors

/// The wall clock of a training.
struct TrainingClock {
  private let start = ContinuousClock.now
  private let first: Int
  private let total: Int

  init(done: Int, of total: Int) {
    first = done
    self.total = total
  }

  /// The time that the remaining updates take at the pace so far.
  func secondsLeft(after done: Int) -> Double? {
    guard done > first else { return nil }
    return (ContinuousClock.now - start) / .seconds(1) / Double(done - first) * Double(total - done)
  }
}

extension Trainer {
  /// Runs the rest of the current epoch.
  func runEpoch(
    _ state: inout TrainingState, _ checkpoint: Checkpoint?, _ clock: inout TrainingClock,
    _ report: (TrainingProgress) throws -> Void
  ) throws {
    let epoch = state.progress.epoch
    var random = RandomStream(seed: configuration.seed, purpose: "shuffle", step: epoch)
    let order = random.permutation(of: Array(0..<training.count))
    while state.progress.step < stepsPerEpoch {
      let start = state.progress.step * configuration.batchSize
      let end = min(start + configuration.batchSize, order.count)
      try step(&state, samples: Array(order[start..<end]))
      let isLast = state.progress.step == stepsPerEpoch
      var progress = self.progress(state, clock)
      if isLast { progress.metrics = try finishEpoch(&state) }
      if !isLast, let every = configuration.checkpointSteps, state.progress.step % every == 0 {
        try checkpoint?.save(state)
      }
      try report(progress)
      if isLast { return }
    }
  }

  private func progress(_ state: TrainingState, _ clock: TrainingClock) -> TrainingProgress {
    let progress = state.progress
    return TrainingProgress(
      epoch: progress.epoch + 1, epochs: configuration.epochs, step: progress.step,
      steps: stepsPerEpoch, loss: progress.sums.meanLoss,
      accuracy: configuration.loss.isClassification ? progress.sums.accuracy : nil,
      secondsLeft: clock.secondsLeft(after: progress.updates))
  }

  /// Measures the epoch, decides whether to go on, and turns to the next.
  private func finishEpoch(_ state: inout TrainingState) throws -> EpochMetrics {
    let sums = state.progress.sums
    if case .stochastic(let first) = configuration.averaging, state.progress.epoch >= first {
      average(&state, share: 1 / Float(state.progress.averaged + 1))
    }
    var metrics = EpochMetrics(
      epoch: state.progress.epoch + 1,
      learningRate: learningRate(state.progress, update: state.progress.updates - 1),
      loss: sums.meanLoss,
      accuracy: configuration.loss.isClassification ? sums.accuracy : nil,
      epsilon: epsilon(update: state.progress.updates - 1))
    if let validation { try validate(state.current, on: validation, into: &metrics) }
    state.progress.history.append(metrics)
    if let loss = metrics.validationRobustLoss ?? metrics.validationLoss {
      judge(&state, loss: loss)
    }
    state.progress.epoch += 1
    state.progress.step = 0
    state.progress.sums = BatchTotals()
    return metrics
  }

  private func judge(_ state: inout TrainingState, loss: Double) {
    if let stopping = configuration.earlyStopping {
      if loss < (state.progress.bestLoss ?? .infinity) - stopping.minimumImprovement {
        state.progress.bestLoss = loss
        state.progress.epochsWithoutImprovement = 0
        state.best = state.current
      } else {
        state.progress.epochsWithoutImprovement += 1
        state.progress.isStopped =
          state.progress.epochsWithoutImprovement > stopping.patience
      }
    }
    guard case .plateau(_, let patience) = configuration.schedule else { return }
    // PyTorch's rule: a fall by less than one in ten thousand counts as none.
    if loss < (state.progress.plateauLoss ?? .infinity) * (1 - 1e-4) {
      state.progress.plateauLoss = loss
      state.progress.plateauEpochs = 0
    } else {
      state.progress.plateauEpochs += 1
      guard state.progress.plateauEpochs > patience else { return }
      state.progress.reductions += 1
      state.progress.plateauEpochs = 0
    }
  }

  func average(_ state: inout TrainingState, share: Float) {
    state.progress.averaged += 1
    guard var average = state.average else {
      state.average = state.parameters
      return
    }
    state.average = nil
    for index in average.indices { average[index].move(toward: state.parameters[index], by: share) }
    state.average = average
  }

  /// The learning rate of an update, counted from 0.
  func learningRate(_ progress: TrainingState.Progress, update: Int) -> Double {
    let base = configuration.learningRate ?? configuration.optimizer.defaultLearningRate
    let warmUp = configuration.warmUpEpochs * Double(stepsPerEpoch)
    let rise = warmUp > 0 ? min(1, Double(update + 1) / warmUp) : 1
    return base * rise
      * configuration.schedule.factor(
        step: update, stepsPerEpoch: stepsPerEpoch, epochs: configuration.epochs,
        reductions: progress.reductions)
  }

  /// The radius of adversarial training in an update, counted from 0; nil without it.
  func epsilon(update: Int) -> Double? {
    configuration.adversarial?.epsilon(after: Double(update) / Double(stepsPerEpoch))
  }
}
