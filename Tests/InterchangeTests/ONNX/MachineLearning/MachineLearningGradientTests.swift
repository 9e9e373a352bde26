import Execution
import Programs
import TestSupport
import Tensors
import Testing

@testable import Interchange

@Suite("The derivatives of machine learning operators")
struct MachineLearningGradientTests {
  private static let vectors: [Float] = [
    0.3, -0.5, 0.8, 1.1, 0.2, -0.7, -0.4, 0.9, 0.1, -1.2, 0.6, 0.5, 0.7, -0.1, -0.3,
  ]

  private static func machine(
    _ kernel: String, classes: Int, _ others: [ONNXAttribute] = []
  ) -> SingleNode {
    let pairs = classes * (classes - 1) / 2
    return SingleNode(
      "SVMClassifier",
      [
        .string("kernel_type", kernel), .floats("kernel_params", [0.5, 0.25, 3]),
        .floats("support_vectors", vectors),
        .ints("vectors_per_class", classes == 2 ? [3, 2] : [2, 2, 1]),
        .floats("coefficients", (0..<5 * (classes - 1)).map { Float($0 % 7) / 4 - 0.6 }),
        .floats("rho", (0..<pairs).map { Float($0) / 5 - 0.1 }),
        .ints("classlabels_ints", Array(0..<classes)),
      ] + others)
  }

  private static func probabilities(_ classes: Int) -> [ONNXAttribute] {
    let pairs = classes * (classes - 1) / 2
    return [
      .floats("prob_a", (0..<pairs).map { -1.5 - Float($0) / 3 }),
      .floats("prob_b", (0..<pairs).map { Float($0) / 4 - 0.2 }),
    ]
  }

  private static func linear(_ name: String, _ transform: String, scale: Float) -> SingleNode {
    SingleNode(
      name,
      [
        .floats("coefficients", [0.5, -1, 0.25, 1, 0.5, -0.5].map { $0 * scale }),
        .floats("intercepts", [0.5, 0.45]), .string("post_transform", transform),
        name == "LinearClassifier" ? .ints("classlabels_ints", [3, 4]) : .int("targets", 2),
      ])
  }

  private static let nodes: [(String, SingleNode)] = simpleNodes + machines

  private static let simpleNodes: [(String, SingleNode)] = [
    ("softmax", linear("LinearClassifier", "SOFTMAX", scale: 1)),
    ("logistic", linear("LinearRegressor", "LOGISTIC", scale: 1)),
    ("softmax of what is not 0", linear("LinearRegressor", "SOFTMAX_ZERO", scale: 1)),
    ("probit", linear("LinearRegressor", "PROBIT", scale: 0.1)),
    ("probit near a half", nearHalf),
    ("maximum", SingleNode("Normalizer", [.string("norm", "MAX")])),
    ("L1", SingleNode("Normalizer", [.string("norm", "L1")])),
    ("L2", SingleNode("Normalizer", [.string("norm", "L2")])),
    ("scaler", SingleNode("Scaler", [.floats("offset", [0.5]), .floats("scale", [1, 2, 0.25])])),
  ]

  /// All scores lie where the series of the probit is taken.
  private static let nearHalf = SingleNode(
    "LinearRegressor",
    [
      .floats("coefficients", [1e-4, -1e-4, 2e-4]), .floats("intercepts", [0.5]),
      .string("post_transform", "PROBIT"),
    ])

  private static let machines: [(String, SingleNode)] = ["LINEAR", "POLY", "RBF", "SIGMOID"]
    .flatMap { (kernel: String) -> [(String, SingleNode)] in
      [
        (kernel, machine(kernel, classes: 2)),
        ("\(kernel) with probabilities", machine(kernel, classes: 2, probabilities(2))),
        ("\(kernel) for three classes", machine(kernel, classes: 3, probabilities(3))),
      ]
    }

  @Test("agree with central differences", arguments: 0..<21)
  func gradients(_ index: Int) throws {
    let (name, node) = Self.nodes[index]
    let network = try node.network(ValueType(.float32, [4, 3]))
    #expect(network.gradient == .exact)
    let program = try network.program.inDoublePrecision()
    let input = Tensor(
      [0.31, -0.52, 0.77, 0.12, 0.85, -0.33, -0.64, 0.27, 0.48, 0.93, -0.18, 0.56] as [Double],
      shape: [4, 3])
    let seed = SampleValues.nonzero(program.outputTypes[0].shape, .float64)
    let gradient = try ReferenceBackend().compile(
      program.differentiated(withRespectTo: [0]))
    let function = try ReferenceBackend().compile(program)
    let results = try gradient([input, seed])
    let expected = try CentralDifferences.gradient(
      of: function, at: [input], withRespectTo: 0, seed: seed)
    #expect(
      Difference(results[1], expected).isWithin(absolute: 1e-8, relative: 1e-8),
      "\(name): \(Difference(results[1], expected))")
  }

  @Test("are those of the identity for a row of zeros, which stays as it is")
  func zeros() throws {
    for norm in ["L1", "L2", "MAX"] {
      let program = try SingleNode("Normalizer", [.string("norm", norm)])
        .network(ValueType(.float32, [1, 3])).program
      let gradient = try ReferenceBackend().compile(
        program.differentiated(withRespectTo: [0]))
      let results = try gradient([
        Tensor([0, 0, 0] as [Float], shape: [1, 3]), Tensor([1, 2, 3] as [Float], shape: [1, 3]),
      ])
      #expect(results[1].floats == [1, 2, 3])
    }
  }
}
