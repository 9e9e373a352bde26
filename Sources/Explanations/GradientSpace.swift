import Models
import Programs
import Tensors

/// Where gradients are taken that are only to be averaged: behind the affine layers of a model.
///
/// Points on a line are interpolated there, and of many gradients only their mean is taken back to
/// the inputs: for a perceptron of 784 inputs both passes through its largest layer fall away
/// (integrated gradients of 50 steps 4 times as fast). Of a model without affine stem it is the
/// space of its inputs.
struct GradientSpace<Classifier: DifferentiableClassifier> {
  private let model: Classifier
  private let stem: AffineStem?
  /// The shape of a point.
  let shape: Shape

  init(of model: Classifier) throws {
    self.model = model
    stem = try model.affineStem
    shape = stem?.rest.inputs[0].type.shape.sample ?? model.input.encodedShape
  }

  /// Encoded inputs as points of this space.
  func embedded(_ inputs: Tensor) throws -> Tensor {
    guard let stem else { return inputs }
    let function = try model.function(
      "embedding", inputs: [port("inputs", model.input.encodedShape)], passes: PassCount()
    ) { values, _ in
      [("points", values[0].builder.inline(stem.stem, [values[0]])[0])]
    }
    return try function.inMicroBatches([inputs], of: model.microBatch)[0]
  }

  /// Gradients in points as gradients in the inputs: Jᵀ g.
  func pulledBack(_ gradients: Tensor) throws -> Tensor {
    guard let stem else { return gradients }
    let inputs = [port("inputs", model.input.encodedShape), port("gradients", shape)]
    let function = try model.function("pullback", inputs: inputs, passes: PassCount()) {
      values, _ in
      let builder = values[0].builder
      let product = builder.inline(stem.stem, [values[0]])[0] * values[1]
      let gradient = builder.gradient(
        of: product.sum(over: Array(1..<product.shape.rank)), withRespectTo: [values[0]])
      return [("gradient", gradient[0])]
    }
    // The derivative of an affine function is the same everywhere.
    let anywhere = Tensor(zeros: [gradients.shape[0]] + model.input.encodedShape)
    return try function.inMicroBatches([anywhere, gradients], of: model.microBatch)[0]
  }

  /// Visits the logit's gradient at many points of this space, as the model's own sweep does.
  func sweepGradients(
    count: Int, target: (Int) -> Int,
    point: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    visit: (_ index: Int, _ logit: Double, _ gradient: UnsafeBufferPointer<Float>) -> Void
  ) throws {
    guard let stem else {
      return try model.sweepGradients(count: count, target: target, point: point, visit: visit)
    }
    let function = try gradients("gradient in points", at: shape) { value in
      (value, value.builder.inline(stem.rest, [value])[0])
    }
    try model.sweep(count: count, over: shape, target: target, point: point, visit: visit) {
      try function.inMicroBatches([$0, $1], of: model.microBatch)
    }
  }

  /// Visits the gradient in this space at many inputs.
  func sweepGradients(
    atInputs count: Int, target: (Int) -> Int,
    point: (Int, UnsafeMutableBufferPointer<Float>) -> Void,
    visit: (_ index: Int, _ logit: Double, _ gradient: UnsafeBufferPointer<Float>) -> Void
  ) throws {
    guard let stem else {
      return try model.sweepGradients(count: count, target: target, point: point, visit: visit)
    }
    let function = try gradients("gradient at inputs", at: model.input.encodedShape) { value in
      let point = value.builder.inline(stem.stem, [value])[0]
      return (point, value.builder.inline(stem.rest, [point])[0])
    }
    try model.sweep(
      count: count, over: model.input.encodedShape, target: target, point: point, visit: visit
    ) {
      try function.inMicroBatches([$0, $1], of: model.microBatch)
    }
  }

  /// The logits at many points of this space.
  func sweepLogits(
    count: Int, point: (Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws -> LogitTable {
    guard let stem else { return try model.sweepLogits(count: count, point: point) }
    let function = try model.function(
      "logits at points", inputs: [port("points", shape)], passes: PassCount(forward: 1)
    ) { values, _ in
      [("logits", values[0].builder.inline(stem.rest, [values[0]])[0])]
    }
    return try LogitTable(count: count, over: shape, point: point) {
      try function.inMicroBatches([$0], of: model.microBatch)[0]
    }
  }

  private func gradients(
    _ key: String, at shape: Shape, trace: (Value) -> (point: Value, logits: Value)
  ) throws -> ModelFunction {
    let classes = Program.Port(name: "classes", type: ValueType(.int64, [Shape.batch]))
    return try model.function(
      key, inputs: [port("points", shape), classes],
      passes: PassCount(forward: 1, backward: 1)
    ) { values, _ in
      let (point, logits) = trace(values[0])
      let value = Objective.logit(logits, classes: values[1])
      let gradient = value.builder.gradient(of: value, withRespectTo: [point])
      return [("gradient", gradient[0]), ("value", value)]
    }
  }

  private func port(_ name: String, _ shape: Shape) -> Program.Port {
    Program.Port(name: name, type: ValueType(.float32, [Shape.batch] + shape))
  }
}
