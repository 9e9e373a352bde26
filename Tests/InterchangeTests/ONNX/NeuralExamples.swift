import TestSupport
import Tensors

@testable import Interchange

/// A node of a network with values for its inputs, all of float64 unless they are indices.
struct NeuralExample: CustomStringConvertible, Sendable {
  var title: String
  var name: String
  var opset: Int
  var arguments: [Tensor]
  var attributes: [String: OperatorSketch.Attribute]
  /// The inputs that have a batch as their first axis.
  var batched: Set<Int>
  var description: String { title }

  init(
    _ title: String, _ name: String, opset: Int = 18, _ arguments: [Tensor],
    _ attributes: [String: OperatorSketch.Attribute] = [:], batched: Set<Int> = [0]
  ) {
    (self.title, self.name, self.opset) = (title, name, opset)
    (self.arguments, self.attributes, self.batched) = (arguments, attributes, batched)
  }

  /// The node with its inputs as they are, or with the batch N.
  func sketch(batch: Int? = nil) -> OperatorSketch {
    OperatorSketch(
      name, opset: opset,
      arguments.enumerated().map { index, tensor in
        let shape = batch.map { batched.contains(index) ? tensor.shape.batched($0) : tensor.shape }
        return .input(ONNXElementType(tensor.elementType), shape ?? tensor.shape)
      }, attributes)
  }

  /// The inputs that a derivative can be taken in.
  var free: [Int] { arguments.indices.filter { arguments[$0].elementType == .float64 } }
}

/// Numbers without ties, each list for one purpose.
private func distinct(_ dimensions: Int..., purpose: String = "x") -> Tensor {
  SampleValues.distinct(Shape(dimensions), .float64, purpose: purpose)
}

private func uniform(_ dimensions: Int..., purpose: String = "x") -> Tensor {
  SampleValues.uniform(Shape(dimensions), .float64, purpose: purpose)
}

private func positive(_ dimensions: Int...) -> Tensor {
  SampleValues.uniform(Shape(dimensions), .float64, from: 0.5, to: 1.5, purpose: "positive")
}

extension NeuralExample {
  static let all: [NeuralExample] =
    convolutions + pools + products + normalizations + activations + sequences

  private static let convolutions: [NeuralExample] = [
    NeuralExample(
      "convolution in groups", "Conv",
      [uniform(2, 4, 7, 6), uniform(6, 2, 3, 2, purpose: "kernel"), uniform(6)],
      [
        "group": .int(2), "strides": .ints([2, 1]), "dilations": .ints([1, 2]),
        "pads": .ints([1, 0, 2, 1]),
      ]),
    NeuralExample(
      "convolution that keeps the size", "Conv",
      [uniform(2, 2, 7), uniform(3, 2, 4, purpose: "kernel")], ["auto_pad": .string("SAME_LOWER")]),
    NeuralExample(
      "transposed convolution", "ConvTranspose",
      [uniform(2, 4, 3, 2), uniform(4, 3, 3, 3, purpose: "kernel"), uniform(6)],
      [
        "group": .int(2), "strides": .ints([2, 3]), "pads": .ints([1, 0, 0, 1]),
        "output_padding": .ints([1, 2]),
      ]),
    NeuralExample(
      "transposed convolution to a size", "ConvTranspose",
      [uniform(2, 1, 3), uniform(1, 2, 2, purpose: "kernel")],
      ["strides": .ints([2]), "output_shape": .ints([8])]),
    NeuralExample(
      "deformable convolution", "DeformConv", opset: 19,
      [
        uniform(2, 4, 5, 4), uniform(2, 2, 2, 2, purpose: "kernel"),
        SampleValues.uniform([2, 16, 4, 3], .float64, from: 0.1, to: 0.9, purpose: "offsets"),
        uniform(2), uniform(2, 8, 4, 3, purpose: "mask"),
      ], ["group": .int(2), "offset_group": .int(2)], batched: [0, 2, 4]),
  ]

  private static let pools: [NeuralExample] = [
    NeuralExample(
      "maxima that reach over the end", "MaxPool", [distinct(2, 2, 6, 5)],
      ["kernel_shape": .ints([3, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1)]),
    NeuralExample(
      "means without padding", "AveragePool", opset: 19, [uniform(2, 2, 6, 5)],
      [
        "kernel_shape": .ints([3, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1),
        "pads": .ints([1, 0, 1, 1]), "dilations": .ints([1, 2]),
      ]),
    NeuralExample(
      "norms of windows", "LpPool", [distinct(2, 2, 7)],
      ["kernel_shape": .ints([3]), "p": .int(3), "pads": .ints([1, 1])]),
    NeuralExample("norms of channels", "GlobalLpPool", [distinct(2, 2, 3, 2)]),
    NeuralExample("means of channels", "GlobalAveragePool", [distinct(2, 2, 3, 2)]),
  ]

  private static let products: [NeuralExample] = [
    NeuralExample(
      "general product", "Gemm",
      [uniform(2, 3), uniform(4, 3, purpose: "right"), uniform(4)],
      ["alpha": .float(0.5), "beta": .float(2), "transB": .int(1)]),
    NeuralExample("matrix by vector", "MatMul", [uniform(2, 3, 4), uniform(4)]),
    NeuralExample(
      "batched product", "Einsum", [uniform(2, 3, 4), uniform(2, 4, 5)],
      ["equation": .string("bij,bjk->bki")], batched: [0, 1]),
    NeuralExample(
      "diagonals", "Einsum", [uniform(2, 3, 3)], ["equation": .string("...ii->...i")]),
    NeuralExample(
      "three factors", "Einsum", [uniform(2, 3), uniform(3, 4), uniform(4, 1)],
      ["equation": .string("...a, ab, bc")]),
    NeuralExample("determinants", "Det", [uniform(2, 4, 4)]),
  ]

  private static let normalizations: [NeuralExample] = [
    NeuralExample(
      "batch normalisation", "BatchNormalization",
      [
        uniform(2, 3, 4), uniform(3), uniform(3, purpose: "b"), uniform(3, purpose: "m"),
        positive(3),
      ]
    ),
    NeuralExample(
      "instance normalisation", "InstanceNormalization",
      [uniform(2, 3, 4), uniform(3), uniform(3, purpose: "b")]),
    NeuralExample(
      "layer normalisation", "LayerNormalization",
      [uniform(2, 3, 4), uniform(3, 4, purpose: "scale"), uniform(3, 4, purpose: "b")],
      ["axis": .int(1)]),
    NeuralExample(
      "group normalisation", "GroupNormalization", opset: 21,
      [uniform(2, 6, 2), uniform(6), uniform(6, purpose: "b")], ["num_groups": .int(2)]),
    NeuralExample(
      "normalisation by the root mean square", "RMSNormalization", opset: 23,
      [uniform(2, 3, 4), uniform(4)]),
    NeuralExample(
      "mean and variance", "MeanVarianceNormalization", [uniform(2, 3, 4)],
      ["axes": .ints([1, 2])]),
    NeuralExample(
      "norm", "LpNormalization", [SampleValues.nonzero([2, 5], .float64)], ["p": .int(1)]),
    NeuralExample(
      "neighbouring channels", "LRN", [uniform(2, 5, 2, 2)],
      ["size": .int(4), "alpha": .float(0.5), "bias": .float(2)]),
  ]

  private static let activations: [NeuralExample] =
    [
      "LeakyRelu", "Elu", "Selu", "Celu", "Gelu", "Sigmoid", "HardSigmoid", "HardSwish",
      "Softplus", "Softsign", "Mish", "ThresholdedRelu", "Shrink", "Softmax", "LogSoftmax",
    ].map { NeuralExample($0, $0, opset: 22, [uniform(2, 3, 2)]) } + [
      NeuralExample("Swish", "Swish", opset: 24, [uniform(2, 3)], ["alpha": .float(2)]),
      NeuralExample("softmax over several axes", "Softmax", opset: 11, [uniform(2, 3, 2)]),
      NeuralExample(
        "cross entropy", "SoftmaxCrossEntropyLoss",
        [uniform(3, 4), .indices(1, 3, 0), positive(4)], ["ignore_index": .int(3)], batched: [0, 1]),
    ]

  private static let sequences: [NeuralExample] = [
    NeuralExample(
      "causal attention", "Attention", opset: 24,
      [uniform(2, 3, 8), uniform(2, 3, 4, purpose: "key"), uniform(2, 3, 6, purpose: "value")],
      [
        "q_num_heads": .int(4), "kv_num_heads": .int(2), "is_causal": .int(1),
        "softcap": .float(2),
      ], batched: [0, 1, 2]),
    NeuralExample(
      "attention with a mask and a past", "Attention", opset: 24,
      [
        uniform(2, 2, 3, 4), uniform(2, 2, 2, 4, purpose: "key"),
        uniform(2, 2, 2, 3, purpose: "value"), uniform(3, 5, purpose: "mask"),
        uniform(2, 2, 3, 4, purpose: "past"), uniform(2, 2, 3, 3, purpose: "past value"),
      ], batched: [0, 1, 2, 4, 5]),
    NeuralExample(
      "rotation of pairs", "RotaryEmbedding", opset: 23,
      [uniform(2, 2, 3, 6), uniform(2, 3, 2), uniform(2, 3, 2, purpose: "sine")],
      ["rotary_embedding_dim": .int(4), "interleaved": .int(1)], batched: [0, 1, 2]),
    NeuralExample(
      "linear attention", "LinearAttention", opset: 27,
      [
        uniform(2, 3, 8), uniform(2, 3, 4, purpose: "key"), uniform(2, 3, 6, purpose: "value"),
        uniform(2, 2, 2, 3, purpose: "state"), uniform(2, 3, 2, purpose: "decay"),
        uniform(2, 3, 1, purpose: "rate"),
      ], ["q_num_heads": .int(4), "kv_num_heads": .int(2)], batched: [0, 1, 2, 3, 4, 5]),
    NeuralExample(
      "convolution of a sequence", "CausalConvWithState", opset: 27,
      [uniform(2, 3, 5), uniform(3, 1, 3, purpose: "kernel"), uniform(3)],
      ["activation": .string("silu")]),
  ]
}
