import Execution
import Models
import NativeBackend
import Programs
import Tensors

/// One network on the processor, with samples, ready to be timed and checked.
struct BenchmarkSubject {
  let network: BenchmarkNetwork
  let threads: Int
  let model: Model
  let classifier: ProgramClassifier
  let inputs: Tensor
  /// The classes that the model gives the samples, so that attacks begin unbroken.
  let classes: Tensor
  /// Inputs to logits.
  var forward: MicroBatchedFunction
  /// (inputs, classes) to the gradient of the cross-entropy and the cross-entropy.
  var gradient: MicroBatchedFunction

  init(_ network: BenchmarkNetwork, threads: Int) throws {
    self.network = network
    self.threads = threads
    model = try network.model()
    classifier = try ProgramClassifier(model, on: NativeBackend())
    inputs = network.inputs(network.batch)
    let program = classifier.program
    forward = MicroBatchedFunction(
      program, on: NativeBackend(), microBatch: classifier.microBatch)
    gradient = MicroBatchedFunction(
      try Self.gradient(of: program, input: network.input), on: NativeBackend(),
      microBatch: classifier.microBatch)
    classes = try forward([inputs], threads: threads)[0].argMax()
  }

  var count: Int { inputs.shape[0] }

  static func gradient(of program: Program, input: InputSpecification) throws -> Program {
    let ports = [
      Program.Port(name: "inputs", type: ValueType(.float32, [Shape.batch] + input.shape)),
      Program.Port(name: "classes", type: ValueType(.int64, [Shape.batch])),
    ]
    return try Program.trace(ports) { values in
      let logits = values[0].builder.inline(program, [values[0]])[0]
      let value = Objective.crossEntropy(logits, classes: values[1])
      let gradient = value.builder.gradient(of: value, withRespectTo: [values[0]])
      return [("gradient", gradient[0]), ("value", value)]
    }.simplified()
  }

  /// The operations of one sample's forward pass, and of its gradient.
  var operations: (forward: Double, gradient: Double) {
    get throws {
      let program = try classifier.program.simplified()
      return (
        try program.bound(batch: 1).operationCount,
        try Self.gradient(of: classifier.program, input: network.input).bound(batch: 1)
          .operationCount
      )
    }
  }
}
