import Tensors

extension Primitive {
  /// The matrix products of all samples.
  func multiplied(
    _ left: SampleOperand, _ right: SampleOperand, transposeLeft: Bool
  ) -> Value {
    guard !right.isBatched, right.value.shape.rank == 2, !transposeLeft else {
      // A leading axis more; a shared operand is repeated for each sample.
      return left.batched.apply(self, right.batched)
    }
    // One matrix for all samples: their rows form one tall matrix.
    return left.value.mergingSamples(into: 0).apply(self, right.value).separatingSamples(from: 0)
  }

  /// The convolutions, or gradients of convolutions, of all samples.
  ///
  /// Each is linear in either operand. Where one differs from sample to sample, N joins the axis
  /// of images, or of channels that do not meet, and the result has it in the matching axis.
  func convolved(_ x: [SampleOperand], groups: Int) throws -> Value {
    guard x[0].isBatched != x[1].isBatched else {
      throw TypeError(
        "both operands differ from sample to sample, which would take N groups of channels")
    }
    let operand = x[0].isBatched ? 0 : 1
    let (source, target) = samplePlaces(operand: operand, groups: groups)
    var values = x.map(\.value)
    values[operand] = values[operand].mergingSamples(into: source.axis, groups: source.groups)
    return values[0].apply(self, values[1])
      .separatingSamples(from: target.axis, groups: target.groups)
  }

  /// An axis of an operand or result of one sample, and the groups within which N joins it.
  private typealias Place = (axis: Int, groups: Int)

  /// Where N lies in an operand, and where in the result that follows from it.
  private func samplePlaces(operand: Int, groups: Int) -> (operand: Place, result: Place) {
    switch (self, operand) {
    // x [N·B, C, …] to y [N·B, O, …]
    case (.convolution, 0): ((0, 1), (0, 1))
    // kernel [groups·N·O, C, …] to y [B, groups·N·O, …]
    case (.convolution, _): ((0, groups), (1, groups))
    // dy [N·B, O, …] to dx [N·B, C, …]
    case (.convolutionInputGradient, 0): ((0, 1), (0, 1))
    // kernel [O, N·C, …] to dx [B, groups·N·C, …]
    case (.convolutionInputGradient, _): ((1, 1), (1, groups))
    // x [B, groups·N·C, …] to the kernel's gradient [O, N·C, …]
    case (.convolutionKernelGradient, 0): ((1, groups), (1, 1))
    // dy [B, groups·N·O, …] to the kernel's gradient [groups·N·O, C, …]
    case (.convolutionKernelGradient, _): ((1, groups), (0, groups))
    default: preconditionFailure("\(name) is no convolution")
    }
  }
}

extension Value {
  /// N merged into an axis of the sample: `[N, …, groups·D, …]` becomes `[…, groups·N·D, …]`.
  func mergingSamples(into axis: Int, groups: Int = 1) -> Value {
    var sample = shape.sample.dimensions
    let grouped = groups == 1 ? [] : [groups]
    let split = sample[..<axis] + grouped + [sample[axis] / groups] + sample[(axis + 1)...]
    let position = axis + grouped.count
    sample[axis] *= shape[0]
    return reshaped(to: Shape([shape[0]] + split))
      .transposed(Array(1..<1 + position) + [0] + Array(1 + position..<split.count + 1))
      .reshaped(to: Shape(sample))
  }

  /// The inverse of `mergingSamples`: `[…, groups·N·D, …]` becomes `[N, …, groups·D, …]`.
  func separatingSamples(from axis: Int, groups: Int = 1) -> Value {
    var sample = shape.dimensions
    sample[axis] /= Shape.batch
    let grouped = groups == 1 ? [] : [groups]
    let tail = [Shape.batch, sample[axis] / groups] + sample[(axis + 1)...]
    return reshaped(to: Shape(sample[..<axis] + grouped + tail))
      .movingToFront(axis + grouped.count)
      .reshaped(to: Shape([Shape.batch] + sample))
  }
}
