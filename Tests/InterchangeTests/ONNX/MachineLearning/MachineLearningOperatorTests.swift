import Execution
import Programs
import Tensors
import Testing

@testable import Interchange

@Suite("Machine learning operators of ONNX")
struct MachineLearningOperatorTests {
  private func place(_ name: String, version: Int = 3) -> String {
    "node that makes '\(name.hasSuffix("Classifier") ? "label" : "y")' "
      + "(ai.onnx.ml.\(name), opset \(version)): "
  }

  // MARK: Categories

  @Test("look numbers up, with a default and the last of two equal keys")
  func labelEncoder() throws {
    let codes = SingleNode(
      "LabelEncoder",
      [
        .ints("keys_int64s", [3, 5, 3]), .floats("values_floats", [0.5, 1.5, 2.5]),
        .float("default_float", -7),
      ], version: 2)
    #expect(
      try codes.result(Tensor([3, 4, 5] as [Int64], shape: [3, 1])).floats == [2.5, -7, 1.5])
    let reals = SingleNode(
      "LabelEncoder",
      [.floats("keys_floats", [0.1, .nan]), .ints("values_int64s", [10, 20])], version: 2)
    #expect(
      try reals.result(Tensor([.nan, 0.1, 0.2] as [Float], shape: [3, 1]))
        .scalars(of: Int64.self) == [20, 10, -1])
    let tensors = SingleNode(
      "LabelEncoder",
      [
        .tensor("keys_tensor", Tensor([1, 2] as [Int64])),
        .tensor("values_tensor", Tensor([0.25, 0.5] as [Double])),
        .tensor("default_tensor", Tensor([9.0] as [Double])),
      ], version: 4)
    #expect(try tensors.result(Tensor([2, 7] as [Int64], shape: [2, 1])).doubles == [0.5, 9])
  }

  @Test("do not compute texts")
  func texts() {
    let type = ValueType(.int64, [Shape.batch, 1])
    let from = SingleNode(
      "LabelEncoder", [.strings("keys_strings", ["a"]), .ints("values_int64s", [1])], version: 2)
    #expect(
      from.refusal(type) == place("LabelEncoder", version: 2)
        + "looks text up, which Assay does not compute")
    let to = SingleNode(
      "LabelEncoder", [.ints("keys_int64s", [1]), .strings("values_strings", ["a"])], version: 2)
    #expect(
      to.refusal(type)
        == "output 'y': uses 'y', an output of LabelEncoder that Assay does not compute")
    #expect(
      SingleNode("OneHotEncoder", [.strings("cats_strings", ["a"])]).refusal(type)
        == place("OneHotEncoder") + "looks text up, which Assay does not compute")
  }

  @Test("write categories as ones among zeros")
  func oneHot() throws {
    let node = SingleNode("OneHotEncoder", [.ints("cats_int64s", [1, 4, 2])])
    let result = try node.result(Tensor([4, 2, 9] as [Int64], shape: [3, 1]))
    #expect(result.shape == [3, 1, 3])
    #expect(result.floats == [0, 1, 0, 0, 0, 1, 0, 0, 0])
    #expect(try node.result(Tensor([1.9] as [Float], shape: [1, 1])).floats == [1, 0, 0])
    let strict = SingleNode("OneHotEncoder", [.ints("cats_int64s", [1]), .int("zeros", 0)])
    #expect(
      try strict.network(ValueType(.int64, [Shape.batch, 1])).notes == [
        "A category that a OneHotEncoder does not know is an error for other programs, "
          + "and zeros here."
      ])
  }

  @Test("keep the names of classes, and pass scores on")
  func zipMap() throws {
    let node = SingleNode("ZipMap", [.strings("classlabels_strings", ["no", "yes"])])
    let network = try node.network(ValueType(.float32, [Shape.batch, 2]))
    #expect(network.classNames == ["no", "yes"])
    #expect(
      node.refusal(ValueType(.float32, [Shape.batch, 3])).hasPrefix(
        place("ZipMap") + "has 2 classes for float32[N"))
    #expect(
      SingleNode("ZipMap", []).refusal() == place("ZipMap")
        + "expects the attribute 'classlabels_strings' or 'classlabels_int64s'")
  }

  // MARK: Features

  @Test("replace what is missing, by feature")
  func imputer() throws {
    let reals = SingleNode(
      "Imputer",
      [.floats("imputed_value_floats", [1, 2]), .float("replaced_value_float", .nan)])
    #expect(
      try reals.result(Tensor([.nan, 5, 6, .nan] as [Float], shape: [2, 2])).floats == [1, 5, 6, 2])
    let whole = SingleNode(
      "Imputer", [.ints("imputed_value_int64s", [7]), .int("replaced_value_int64", -1)])
    #expect(
      try whole.result(Tensor([-1, 3] as [Int64], shape: [1, 2])).scalars(of: Int64.self) == [7, 3])
    #expect(
      SingleNode("Imputer", [.floats("imputed_value_floats", [1, 2, 3])]).refusal()
        == place("Imputer")
        + "the attribute 'imputed_value_floats' has 3 numbers for 2 features")
  }

  @Test("convert whole numbers to real ones")
  func conversion() throws {
    let node = SingleNode("Scaler", [.floats("offset", [1]), .floats("scale", [0.5])])
    #expect(try node.result(Tensor([2, 5] as [Int64], shape: [1, 2])).floats == [0.5, 2])
    let regressor = SingleNode(
      "LinearRegressor", [.floats("coefficients", [1, -2]), .floats("intercepts", [0.5])])
    #expect(try regressor.result(Tensor([3, 1] as [Int32], shape: [1, 2])).floats == [1.5])
  }

  // MARK: Linear models and support vectors

  @Test("refuse models whose attributes do not fit each other")
  func attributes() {
    let labels = ONNXAttribute.ints("classlabels_ints", [0, 1])
    #expect(
      SingleNode("LinearClassifier", [labels, .floats("coefficients", [1, 2, 3])]).refusal()
        == place("LinearClassifier") + "has 3 coefficients for 2 scores of 2 features")
    #expect(
      SingleNode(
        "LinearClassifier",
        [
          labels, .floats("coefficients", [1, 2]), .floats("intercepts", [1]),
          .string("post_transform", "SOFTMAX"),
        ]
      ).refusal() == place("LinearClassifier")
        + "post_transform SOFTMAX of the one score of two classes has no meaning")
    #expect(
      SingleNode(
        "LinearRegressor", [.floats("coefficients", [1, 2]), .string("post_transform", "SQUARE")]
      ).refusal() == place("LinearRegressor")
        + "the attribute 'post_transform' is 'SQUARE', which the standard lacks")
    #expect(
      SingleNode("SVMClassifier", [labels, .ints("vectors_per_class", [2])]).refusal()
        == place("SVMClassifier") + "has the support vectors of 1 classes for 2 classes")
    #expect(
      SingleNode(
        "SVMRegressor", [.floats("rho", [0]), .string("kernel_type", "COSINE")]
      ).refusal() == place("SVMRegressor")
        + "the attribute 'kernel_type' is 'COSINE', which the standard lacks")
  }

  @Test("couple the probabilities of pairs to the ones that fit them best")
  func coupling() throws {
    // Pairs that agree with p: r_ij = p_i / (p_i + p_j), so that p is the answer.
    let p = [0.5, 0.3, 0.2]
    let pairs = [(0, 1), (0, 2), (1, 2)].map { p[$0] / (p[$0] + p[$1]) }
    let program = try Program.trace([
      Program.Port(name: "r", type: ValueType(.float64, [1, 3]))
    ]) { [("p", PairwiseCoupling(classes: 3).probabilities(first: $0[0]))] }
    let result = try run(program, Tensor(pairs, shape: [1, 3])).doubles
    for (got, wanted) in zip(result, p) { #expect(abs(got - wanted) < 2e-3) }
    #expect(abs(result.reduce(0, +) - 1) < 1e-12)
  }

  private func run(_ program: Program, _ input: Tensor) throws -> Tensor {
    let executable = try ReferenceBackend().compile(program)
    return try executable([input])[0]
  }
}
