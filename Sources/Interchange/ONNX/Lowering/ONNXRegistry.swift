/// Every operator that Assay lowers: a family of them is a file, and a line here.
struct ONNXRegistry: Sendable {
  static let standard = ONNXRegistry([
    ActivationOperators.all,
    AttentionOperators.all,
    BitOperators.all,
    BlockOperators.all,
    CastOperators.all,
    ControlFlowOperators.all,
    ConvolutionOperators.all,
    CumulativeOperators.all,
    DeformableConvolution.all,
    ElementwiseOperators.all,
    ExportedOperators.all,
    FourierOperators.all,
    GatherOperators.all,
    GridOperators.all,
    LossOperators.all,
    FusedOperators.all,
    NormalizationOperators.all,
    OptionalOperators.all,
    PoolingOperators.all,
    ProductOperators.all,
    QuantizationOperators.all,
    QuantizedElementwiseOperators.all,
    QuantizedProductOperators.all,
    RecurrentOperators.all,
    ScanOperators.all,
    ShapeOperators.all,
    MachineLearningFeatureOperators.all,
    MachineLearningCategoryOperators.all,
    MachineLearningLinearOperators.all,
    MachineLearningSupportVectorOperators.all,
    MachineLearningTreeOperators.all,
    NGramOperators.all,
    PadOperators.all,
    PatternOperators.all,
    ReduceOperators.all,
    RegionOperators.all,
    ResizeOperators.all,
    ScatterOperators.all,
    SelectionOperators.all,
    SliceOperators.all,
    WindowOperators.all,
  ])

  /// Operators that meant something else before opset 7; all others are what they were.
  ///
  /// They broadcast by an attribute, had a mode for training, or took shapes and axes in other ways.
  private static let changedUntil7: Set<String> = [
    "Add", "And", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Div", "Dropout",
    "Equal", "GRU", "Gemm", "GlobalLpPool", "Greater", "LSTM", "Less", "LpPool", "Max", "Mean",
    "Min", "Mul", "Or", "PRelu", "Pad", "Pow", "RNN", "Reshape", "Split", "Sub", "Sum", "Tile",
    "TopK", "Upsample", "Xor",
  ]

  private struct Key: Hashable {
    let domain: String
    let name: String
  }

  /// The lowerings of an operator, the newest first.
  private let operators: [Key: [ONNXOperator]]

  init(_ families: [[ONNXOperator]]) {
    operators = Dictionary(grouping: families.joined()) { Key(domain: $0.domain, name: $0.name) }
      .mapValues { $0.sorted { $0.since > $1.since } }
  }

  /// The lowering of a node's operator at an opset.
  func lowering(of node: ONNXNode, opset: Int) -> ONNXOperator? {
    let domain = node.domain == "ai.onnx" ? "" : node.domain
    if domain.isEmpty, opset < 7, Self.changedUntil7.contains(node.opType) { return nil }
    return operators[Key(domain: domain, name: node.opType)]?.first { $0.since <= opset }
  }

  /// The names of the operators, those of other domains after a dot.
  var names: [String] {
    operators.keys.map { $0.domain.isEmpty ? $0.name : "\($0.domain).\($0.name)" }.sorted()
  }
}
