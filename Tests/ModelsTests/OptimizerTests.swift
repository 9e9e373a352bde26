import Execution
import Programs
import Tensors
import Testing

@testable import Models

@Suite("Losses, optimizers and schedules")
struct OptimizerTests {
  static let optimizers: [(String, Optimizer)] = [
    ("sgd", .sgd(momentum: 0, nesterov: false, weightDecay: 0)),
    ("sgd-momentum", .sgd(momentum: 0.9, nesterov: false, weightDecay: 0.01)),
    ("sgd-nesterov", .sgd(momentum: 0.9, nesterov: true, weightDecay: 0)),
    ("adam", .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.02)),
    ("adamw", .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05)),
  ]

  @Test("optimizers walk PyTorch's path", arguments: optimizers.indices)
  func path(index: Int) throws {
    let (name, optimizer) = Self.optimizers[index]
    let figures = try RecordedFigures()
    let gradients = try figures("optimizer/gradients")
    let update = try ReferenceBackend().compile(optimizer.program([[3]]))
    var state = [Tensor([1, -2, 0.5] as [Float])]
    state += (0..<optimizer.slotCount).map { _ in Tensor(zeros: [3]) }
    var path: [Tensor] = []
    for step in 0..<gradients.shape[0] {
      let scalars = optimizer.scalars(rate: 0.1, step: step + 1)
      state = try update(scalars + [state[0], gradients.row(step)] + state.dropFirst())
      path.append(state[0].reshaped(to: [1, 3]))
    }
    #expect(relativeDifference(Tensor.concatenated(path), try figures("optimizer/\(name)")) < 2e-6)
  }

  static let losses: [(String, Loss, String, String)] = [
    ("cross-entropy", .crossEntropy(labelSmoothing: 0), "outputs", "classes"),
    ("cross-entropy-smoothed", .crossEntropy(labelSmoothing: 0.1), "outputs", "classes"),
    ("binary-cross-entropy", .binaryCrossEntropy, "single", "labels"),
    ("mean-squared-error", .meanSquaredError, "single", "numbers"),
    ("huber", .huber(delta: 0.7), "single", "numbers"),
  ]

  @Test("losses are PyTorch's, sample by sample", arguments: losses.indices)
  func loss(index: Int) throws {
    let (name, loss, outputName, targetName) = Self.losses[index]
    let figures = try RecordedFigures()
    let outputs = try figures("loss/\(outputName)")
    let classes = try figures("loss/classes").converted(to: .int64)
    let labels = Tensor(classes.scalars(of: Int64.self).map { Int64($0 > 1 ? 1 : 0) })
    let targets =
      targetName == "numbers"
      ? try figures("loss/numbers") : (targetName == "labels" ? labels : classes)
    let ports = [
      Program.Port(name: "outputs", type: ValueType(.float32, outputs.shape)),
      Program.Port(name: "targets", type: ValueType(targets.elementType, targets.shape)),
    ]
    let program = try Program.trace(ports) { [("loss", loss($0[0], targets: $0[1]))] }
    let executable = try ReferenceBackend().compile(program)
    let values = try executable([outputs, targets])[0]
    #expect(relativeDifference(values, try figures("loss/\(name)")) < 1e-6)
  }

  static let schedules: [(String, LearningRateSchedule)] = [
    ("one-cycle", .oneCycle), ("cosine", .cosine(minimum: 0.1)),
    ("step", .step(every: 2, factor: 0.5)),
    ("multi-step", .multiStep(epochs: [1, 3], factor: 0.1)),
    ("exponential", .exponential(factor: 0.8)),
  ]

  @Test("schedules are PyTorch's", arguments: schedules.indices)
  func schedule(index: Int) throws {
    let (name, schedule) = Self.schedules[index]
    let factors = (0..<20).map {
      Float(schedule.factor(step: $0, stepsPerEpoch: 5, epochs: 4))
    }
    let expected = try RecordedFigures()("schedule/\(name)")
    #expect(relativeDifference(Tensor(factors), expected) < 1e-6)
  }
}

@Suite("Augmentation")
struct AugmentationTests {
  private func image() -> Tensor {
    let values = (0..<36).map { index -> Float in Float(index * index % 11) }
    return Tensor(values, shape: [1, 6, 6])
  }

  private func augmented(_ image: Tensor, _ augmentation: Augmentation, seed: UInt64) -> Tensor {
    var result = image
    var random = RandomStream(seed: seed, purpose: "test")
    let shape = image.shape
    result.withUnsafeMutableScalars(of: Float.self) {
      augmentation.apply(to: $0, shape: shape, range: ValueRange(0...11), using: &random)
    }
    return result
  }

  @Test("nothing asked for changes nothing; a stream always does the same")
  func identity() {
    let image = image()
    #expect(augmented(image, Augmentation(), seed: 1) == image)
    let changes = Augmentation(shift: 2, rotation: 10, scale: 0.1, noise: 0.5)
    #expect(augmented(image, changes, seed: 1) == augmented(image, changes, seed: 1))
    #expect(augmented(image, changes, seed: 1) != augmented(image, changes, seed: 2))
    #expect(augmented(image, changes, seed: 1).floats.allSatisfy { (0...11).contains($0) })
  }

  @Test("a mirrored image has its columns reversed")
  func mirror() {
    let image = image()
    let pixels = image.floats
    let mirrored = (0..<36).map { index -> Float in
      let (row, column) = (index / 6, index % 6)
      return pixels[row * 6 + 5 - column]
    }
    let results = (0..<20).map { augmented(image, Augmentation(flip: true), seed: $0).floats }
    #expect(results.contains(mirrored))
    #expect(results.contains(image.floats))
    #expect(results.allSatisfy { $0 == mirrored || $0 == image.floats })
  }

  @Test("a shifted ramp is a ramp that is higher by the shift, away from the border")
  func shift() {
    let values = (0..<400).map { index -> Float in Float(index % 20) }
    let ramp = Tensor(values, shape: [1, 20, 20])
    let shifted = augmented(ramp, Augmentation(shift: 3), seed: 5).floats
    let offset: Float = shifted[210] - values[210]
    #expect(abs(offset) <= 3 && offset != 0)
    for column in 4..<16 {
      let difference: Float = shifted[200 + column] - Float(column) - offset
      #expect(abs(difference) < 1e-4)
    }
  }
}
