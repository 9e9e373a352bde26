import Execution
import Foundation
import Interchange
import Models
import Programs
import Tensors
import Testing

@Suite("Access to a model")
struct AccessTests {
  private static let reason = "tree ensembles: TreeEnsembleClassifier"

  /// Two classes with the score 1 where the first number is above 0.5, else −1.
  private static func stump(
    gradient: GradientAccess = .none(reason: reason), notes: [String] = []
  ) throws -> Model {
    let port = Program.Port(name: "x", type: ValueType(.float32, [Shape.batch, 2]))
    let threshold = Program.Port(name: "threshold", type: ValueType(.float32, [1]))
    let program = try Program.trace([port, threshold]) { values in
      let isBelow = values[0].slice(axis: 1, 0..<1).compare(.less, values[1])
      let score = isBelow.select(values[0].scalar(-1), values[0].scalar(1))
      return [("logits", Value.concatenated([-score, score], axis: 1))]
    }
    return Model(
      name: "stump", program: program, parameters: ["threshold": Tensor([0.5] as [Float])],
      input: .table([Feature(name: "a"), Feature(name: "b")]), classNames: ["low", "high"],
      gradient: gradient, notes: notes)
  }

  @Test("the factory gives what the model has, and both kinds answer alike")
  func factory() throws {
    let inputs = Tensor([0.2, 9, 0.7, 9] as [Float], shape: [2, 2])
    let answers = [1, -1, -1, 1] as [Float]
    for gradient in [GradientAccess.exact, .straightThrough(operators: ["QuantizeLinear"])] {
      let classifier = try Self.stump(gradient: gradient).classifier(on: ReferenceBackend())
      #expect(classifier is ProgramClassifier)
      guard case .gradients = classifier.access else {
        Issue.record("expected gradients of \(gradient)")
        continue
      }
      #expect(try classifier.logits(inputs).floats == answers)
    }
    let classifier = try Self.stump().classifier(on: ReferenceBackend(), microBatch: 3)
    guard case .queries(let queried, Self.reason) = classifier.access else {
      Issue.record("expected queries for the reason that the model states")
      return
    }
    #expect(queried is QueryClassifier && queried.microBatch == 3)
    #expect(try queried.logits(inputs).floats == answers)
    #expect(classifier.passes == PassCount(forward: 2))
  }

  @Test("a model without gradient is no ProgramClassifier, and any model can be queried only")
  func refusal() throws {
    #expect(
      throws: ModelError(.noGradient(model: "stump", reason: Self.reason))
    ) { try ProgramClassifier(Self.stump(), on: ReferenceBackend()) }
    #expect(
      "\(ModelError(.noGradient(model: "stump", reason: Self.reason)))"
        == "the model 'stump' has no gradient (tree ensembles: TreeEnsembleClassifier): make a "
        + "QueryClassifier of it, which answers without one")
    let queried = try QueryClassifier(Self.stump(gradient: .exact), on: ReferenceBackend())
    guard case .queries(_, "it was made to be queried only") = queried.access else {
      Issue.record("expected queries, got \(queried.access)")
      return
    }
  }

  @Test("a model file keeps gradient and notes, and is as before where there is nothing to say")
  func modelFile() throws {
    let facts: [(GradientAccess, [String], version: String)] = [
      (.exact, [], "1"),
      (.exact, ["The output ends in Softmax."], "1"),
      (.straightThrough(operators: ["QuantizeLinear", "QLinearConv"]), ["One.", "Two."], "2"),
      (.none(reason: Self.reason), [], "2"),
    ]
    for (gradient, notes, version) in facts {
      let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("\(UUID().uuidString).safetensors").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      try ModelFile.save(try Self.stump(gradient: gradient, notes: notes), to: path)
      let loaded = try ModelFile.load(from: path)
      #expect(loaded.gradient == gradient && loaded.notes == notes)
      let metadata = try SafetensorsFile(path: path).metadata
      #expect(metadata["version"] == version)
      #expect((metadata["gradient"] == nil) == (gradient == .exact))
      #expect((metadata["notes"] == nil) == notes.isEmpty)
    }
  }
}
