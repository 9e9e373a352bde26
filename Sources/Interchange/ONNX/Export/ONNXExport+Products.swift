import Programs
import Tensors

extension ONNXExport {
  /// A convolution or a product of matrices, with a bias if there is a third operand.
  func product(_ equation: Equation, _ names: [String]) throws -> String {
    switch equation.primitive {
    case .convolution(let geometry): return graph.node("Conv", names, geometry.attributes)
    case .matrixMultiply(let transposeLeft, let transposeRight):
      return multiplied(names, equation.type.shape.rank, transposeLeft, transposeRight)
    default: preconditionFailure("\(equation.primitive.name) is no product with a bias")
    }
  }

  /// A product; `Gemm` of matrices that are stored transposed, as layers store their weights.
  private func multiplied(
    _ names: [String], _ rank: Int, _ transposeLeft: Bool, _ transposeRight: Bool
  ) -> String {
    if rank == 2, transposeLeft || transposeRight || names.count > 2 {
      return graph.node(
        "Gemm", names, [.flag("transA", transposeLeft), .flag("transB", transposeRight)])
    }
    let permutation = Array(0..<rank - 2) + [rank - 1, rank - 2]
    func transposed(_ name: String, _ isTransposed: Bool) -> String {
      isTransposed ? graph.node("Transpose", [name], [.ints("perm", permutation)]) : name
    }
    return graph.node(
      "MatMul", [transposed(names[0], transposeLeft), transposed(names[1], transposeRight)])
  }

  func convolutionInputGradient(
    _ equation: Equation, _ geometry: ConvolutionGeometry, spatial: [Int]
  ) throws -> String {
    let kernel = type(of: equation.operands[1]).shape
    let outputs = type(of: equation.operands[0]).shape.dimensions.dropFirst(2)
    return graph.node(
      "ConvTranspose", try operands(equation),
      geometry.attributes + [
        .ints(
          "output_padding",
          geometry.windows(size: Array(kernel.dimensions.dropFirst(2)))
            .outputPadding(from: Array(outputs), to: spatial))
      ])
  }

  /// The gradient in the kernel, itself a convolution in which samples take the place of channels.
  ///
  ///     dW[o, c, k] = Σₙ Σₚ x[n, c, p stride + k dilation − low] dy[n, o, p]
  ///
  /// The kernel is `[O, C / groups, window…]`. The input becomes `[C / groups, groups N, spatial…]`, the gradient a kernel `[O, N, …]` whose
  /// taps lie as far apart as the windows did; positions beyond the last tap are cut off.
  func convolutionKernelGradient(
    _ equation: Equation, _ geometry: ConvolutionGeometry, window: [Int]
  ) throws -> String {
    let names = try operands(equation)
    let (input, gradient) = (
      type(of: equation.operands[0]).shape, type(of: equation.operands[1]).shape
    )
    let axes = Array(2..<input.rank)
    let turned = geometry.withStepsExchanged
    let source = try grouped(names[0], input, groups: geometry.groups)
    let kernel = graph.node("Transpose", [names[1]], [.ints("perm", [1, 0] + axes)])
    let product = graph.node("Conv", [source, kernel], turned.attributes)
    let result = graph.node("Transpose", [product], [.ints("perm", [1, 0] + axes)])
    let windows = turned.windows(size: Array(gradient.dimensions.dropFirst(2)))
    let found = windows.outputDimensions(for: Array(input.dimensions.dropFirst(2)))
    let shape = Shape([gradient[1], input[1] / geometry.groups] + found)
    return try sliced(
      result, shape, starts: shape.dimensions.map { _ in 0 },
      limits: Array(shape.dimensions.prefix(2)) + window, strides: shape.dimensions.map { _ in 1 })
  }

  /// `[N, groups C′, spatial…]` as `[C′, groups N, spatial…]`.
  private func grouped(_ name: String, _ shape: Shape, groups: Int) throws -> String {
    let spatial = Array(shape.dimensions.dropFirst(2))
    let axes = Array(2..<shape.rank)
    guard groups > 1 else {
      return graph.node("Transpose", [name], [.ints("perm", [1, 0] + axes)])
    }
    let (samples, channels) = (shape[0], shape[1] / groups)
    let parts = try reshaped(
      name, from: shape, to: Shape([samples, groups, channels] + spatial))
    let turned = graph.node(
      "Transpose", [parts], [.ints("perm", [2, 1, 0] + axes.map { $0 + 1 })])
    return try reshaped(
      turned, from: Shape([channels, groups, samples] + spatial),
      to: Shape([channels, groups * samples] + spatial))
  }
}

extension ConvolutionGeometry {
  var attributes: [ONNXAttribute] {
    [
      .ints("strides", strides), .ints("pads", paddingLow + paddingHigh),
      .ints("dilations", dilations), .int("group", groups),
    ]
  }
}

extension ConvolutionGeometry {
  /// The geometry of a kernel's gradient: strides and dilations change places.
  fileprivate var withStepsExchanged: ConvolutionGeometry {
    ConvolutionGeometry(
      strides: dilations, paddingLow: paddingLow, paddingHigh: paddingHigh, dilations: strides,
      groups: groups)
  }
}

extension WindowGeometry {
  /// The positions of a transposed convolution's result that no window reaches.
  func outputPadding(from outputs: [Int], to spatial: [Int]) -> [Int] {
    spatial.indices.map { axis in
      let extent = dilations[axis] * (size[axis] - 1) + 1
      let reached = (outputs[axis] - 1) * strides[axis] + extent
      return spatial[axis] + paddingLow[axis] + paddingHigh[axis] - reached
    }
  }
}
