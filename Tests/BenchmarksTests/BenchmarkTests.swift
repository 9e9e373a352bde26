import Execution
import Explanations
import Models
import NativeBackend
import Programs
import Tensors
import Testing

@testable import Benchmarks

@Suite("Benchmarks") struct BenchmarkTests {
  @Test("operations are two for every weight and place where it is used")
  func operations() throws {
    let perceptron = try BenchmarkSubject(.perceptron, threads: 1).operations
    let weights = 784 * 256 + 256 * 128 + 128 * 10
    #expect(perceptron.forward == Double(2 * weights))
    #expect(perceptron.gradient == Double(4 * weights))
    let convolutions = try BenchmarkSubject(.convolutions, threads: 1).operations
    let first = 784 * 25 * 32
    let second = 196 * 25 * 32 * 64
    let dense = 3136 * 1024 + 1024 * 10
    #expect(convolutions.forward == Double(2 * (first + second + dense)))
    #expect(convolutions.gradient == Double(4 * (first + second + dense)))
  }

  @Test("every task gives results that pass its check", arguments: BenchmarkTask.allCases)
  func checks(task: BenchmarkTask) throws {
    let work = try BenchmarkSubject(.tabular, threads: 2).work(task)
    try work.check()
    #expect(work.samples > 0 && work.operations > 0)
  }

  @Test("a wrong result is refused", arguments: BenchmarkTask.allCases)
  func refusals(task: BenchmarkTask) throws {
    var subject = try BenchmarkSubject(.tabular, threads: 1)
    // Functions of the network with another last bias: nothing else knows of it.
    var other = subject.model
    for (name, value) in other.parameters where value.shape == [2] {
      other.parameters[name] = value + Tensor([0.5, -0.25] as [Float])
    }
    for (name, value) in other.parameters where value.shape == [2, 32] {
      other.parameters[name] = value * 1.5
    }
    let program = try other.bound()
    subject.forward = MicroBatchedFunction(program, on: NativeBackend(), microBatch: 32)
    subject.gradient = MicroBatchedFunction(
      try BenchmarkSubject.gradient(of: program, input: other.input), on: NativeBackend(),
      microBatch: 32)
    switch task {
    case .forward, .gradient, .fgsm, .pgd, .integratedGradients:
      let work = try subject.work(task)
      #expect(throws: BenchmarkError.self) { try work.check() }
    case .saliency, .smoothGrad:
      // Attributions of the other network.
      let found = try Explainer.explain(
        AttributionRegistry.method(named: task.rawValue),
        AttributionRequest(inputs: subject.inputs, classes: [Int](repeating: 1, count: 256)),
        ProgramClassifier(other, on: NativeBackend()))
      #expect(throws: BenchmarkError.self) {
        task == .saliency
          ? try subject.checkSaliency(found) : try subject.checkSmoothGrad(found)
      }
    case .trainSGD, .trainAdam:
      var configuration = TrainingConfiguration(epochs: 1, network: subject.network.network.layers)
      // Other initial parameters than the model's: the change is no update of these.
      configuration.seed = 99
      configuration.normalization = .none
      #expect(throws: BenchmarkError.self) { try subject.checkTraining(configuration) }
    }
  }
}
