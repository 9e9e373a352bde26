import Execution
import Foundation
import Programs
import Tensors
import Testing

@testable import Interchange

/// Models of `scripts/record-sklearn`, with what onnxruntime computed.
@Suite("Models of scikit-learn, XGBoost and LightGBM")
struct RecordedModelTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../fixtures/onnx/sklearn").standardizedFileURL

  static let names = [
    "area-forest", "area-linear", "area-tree", "area-vectors", "credit-columns", "digits-boosting",
    "digits-forest", "digits-ink", "digits-logistic", "digits-perceptron", "digits-unit-rows",
    "digits-vectors", "digits-xgboost", "settings-linear", "settings-trees", "settings-vectors",
    "wdbc-boosting", "wdbc-forest", "wdbc-lightgbm", "wdbc-logistic", "wdbc-logistic-map",
    "wdbc-perceptron", "wdbc-selection", "wdbc-tree", "wdbc-vectors-linear", "wdbc-vectors-poly",
    "wdbc-vectors-rbf", "wdbc-vectors-sigmoid", "wdbc-xgboost",
  ]

  private func file(_ name: String) throws -> ONNXFile {
    try ONNXFile(path: Self.folder.appending(path: "\(name)/model.onnx").path)
  }

  /// The network of a model's scores: its last output.
  private func network(_ name: String) throws -> ImportedNetwork {
    let file = try file(name)
    return try file.network(NetworkRequest(outputs: [try #require(file.outputs.last?.name)]))
  }

  @Test("agree with onnxruntime", arguments: names)
  func recorded(_ name: String) {
    let recorded = ConformanceCase(folder: Self.folder.appending(path: name))
    #expect(recorded.run(on: ReferenceBackend()) == .passed)
  }

  @Test("are all in the list above")
  func complete() throws {
    #expect(try ConformanceCase.all(under: Self.folder).map(\.name) == Self.names)
  }

  @Test(
    "lead back from their probabilities to logits whose softmax they are",
    arguments: [
      ("wdbc-logistic", 1e-6), ("wdbc-logistic-map", 1e-6), ("digits-logistic", 1e-6),
      ("credit-columns", 1e-6), ("wdbc-boosting", 1e-6), ("digits-boosting", 1e-6),
      ("wdbc-xgboost", 1e-6), ("digits-xgboost", 1e-6), ("wdbc-lightgbm", 1e-6),
      ("wdbc-perceptron", 1e-6), ("digits-perceptron", 1e-6),
      // The coupling ends with a tolerance.
      ("wdbc-vectors-rbf", 0.005),
    ])
  func logits(_ name: String, _ tolerance: Double) throws {
    let network = try network(name)
    guard case .softmax(let logits) = network.origins[0] else {
      Issue.record("the origin is \(network.origins[0])")
      return
    }
    let program = try network.program.returning([network.program.outputs[0], logits])
      .bound(batch: 6)
    let executable = try ReferenceBackend().compile(program)
    var random = RandomStream(seed: 7, purpose: "inputs")
    let arguments = program.inputs.map {
      random.uniform($0.type.shape, from: 0, to: 4).converted(to: $0.type.elementType)
    }
    let results = try executable(arguments)
    let classes = results[0].shape[1]
    #expect(results[1].shape == [6, classes])
    for row in 0..<6 {
      let exponentials = (0..<classes).map { exp(results[1].doubles[row * classes + $0]) }
      let sum = exponentials.reduce(0, +)
      for column in 0..<classes {
        let probability = results[0].doubles[row * classes + column]
        #expect(abs(probability - exponentials[column] / sum) <= tolerance)
      }
    }
  }

  @Test("say where probabilities have no logits")
  func probabilities() throws {
    for name in ["wdbc-forest", "wdbc-tree", "digits-forest", "digits-vectors"] {
      #expect(try network(name).origins == [.probabilities], "\(name)")
    }
  }

  @Test("have an exact gradient, or none, and name the operators without one")
  func gradients() throws {
    let exact = [
      "wdbc-logistic", "digits-logistic", "digits-unit-rows", "wdbc-selection", "digits-vectors",
      "wdbc-vectors-poly", "wdbc-perceptron", "area-linear", "area-vectors", "credit-columns",
    ]
    for name in exact { #expect(try network(name).gradient == .exact, "\(name)") }
    let none = [
      ("wdbc-forest", "TreeEnsembleClassifier"), ("wdbc-lightgbm", "TreeEnsembleClassifier"),
      ("area-forest", "TreeEnsembleRegressor"), ("digits-ink", "Binarizer"),
    ]
    for (name, operation) in none {
      #expect(try network(name).gradient == .none(operators: [operation]), "\(name)")
    }
  }

  @Test("know their classes by name")
  func classNames() throws {
    #expect(try network("wdbc-logistic").classNames == ["benign", "malignant"])
    #expect(try network("wdbc-logistic-map").classNames == ["benign", "malignant"])
    #expect(try network("wdbc-tree").classNames == ["benign", "malignant"])
    #expect(try network("digits-vectors").classNames == (0..<10).map(String.init))
    #expect(try network("area-tree").classNames == nil)
  }

  @Test("take one column per input")
  func columns() throws {
    #expect(
      try network("credit-columns").program.inputs.map(\.name) == [
        "duration", "amount", "age", "rate",
      ])
  }

  @Test("refuse labels that are texts only when these are wanted")
  func textLabels() throws {
    let file = try file("wdbc-logistic")
    #expect(
      throws: InterchangeError.Fact.node(
        "output 'label'",
        reason: "uses 'label', an output of LinearClassifier that Assay does not compute")
    ) { try file.network(NetworkRequest(outputs: ["label"])) }
  }
}
