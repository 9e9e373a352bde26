import Programs
import Tensors

/// Matrix products, look-ups, and the layers that only move or scale elements.
enum CoreLayers {
  static let all: [KerasLayerKind] =
    [
      KerasLayerKind("InputLayer") { try [$0.input()] },
      .stepwise("Dense", lower: dense),
      KerasLayerKind("Embedding", lower: embedding),
      KerasLayerKind("Masking", lower: masking),
      .value("Flatten", lower: flatten),
      .value("Reshape", lower: reshape),
      .value("Permute", lower: permute),
      .value("RepeatVector") { call in
        let value = try call.real(rank: 2)
        let count = try call.configuration.requiredInteger("n")
        return value.expanded(axis: 1)
          .broadcast(to: [value.shape[0], count, value.shape[1]])
      },
      .stepwise("Rescaling") { call in
        let value = try call.real()
        let scale = try call.vector("scale") ?? value.scalar(1)
        let offset = try call.vector("offset") ?? value.scalar(0)
        return value * scale + offset
      },
    ]
    + KerasLayerKind.identity(
      "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianDropout",
      "AlphaDropout", "GaussianNoise", "ActivityRegularization", "Identity", "RandomFlip",
      "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
      "RandomHeight", "RandomWidth")

  /// x W + b over the last axis, with W `[in, out]`.
  private static func dense(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    try call.require(value.shape.rank >= 2, "expects at least 2 axes, got \(value.type)")
    let product = value.matrixMultiplied(by: try call.weight(0, "kernel", rank: 2))
    guard call.configuration.flag("use_bias", default: true) else {
      return try call.activated(product)
    }
    return try call.activated(product + call.weight(1, "bias", rank: 1))
  }

  /// Rows of a table; index 0 is a step that does not count if `mask_zero` says so.
  private static func embedding(_ call: KerasCall) throws -> [KerasTensor] {
    let input = try call.input().value
    let table = try call.weight(0, "embeddings", rank: 2)
    let index: Value
    switch input.elementType {
    case .int32, .int64: index = input
    case .float32, .float64:
      index = input.converted(to: .int32)
      if call.tracer.known(input) == nil { call.tracer.markGradientless("Embedding") }
    case .uint8, .bool: index = input.converted(to: .int32)
    }
    let isMasked = call.configuration.flag("mask_zero", default: false)
    return [
      KerasTensor(
        table.gather(index, axis: 0),
        mask: isMasked ? index.compare(.equal, index.scalar(0)).not() : nil)
    ]
  }

  /// Steps all of whose features have one value do not count.
  private static func masking(_ call: KerasCall) throws -> [KerasTensor] {
    let value = try call.real()
    try call.require(value.shape.rank >= 3, "expects steps of features, got \(value.type)")
    let ignored = try call.configuration.number("mask_value", default: 0)
    let differs = value.compare(.equal, value.scalar(ignored)).not()
      .converted(to: value.elementType)
    let counts = differs.maximum(over: [value.shape.rank - 1], keepingDimensions: true)
    let mask = counts.reshaped(to: Shape(Array(value.shape.dimensions.dropLast())))
    return [KerasTensor(value * counts, mask: mask.compare(.less, mask.scalar(0.5)).not())]
  }

  /// Channels come last in what is flattened, wherever they are in the input.
  private static func flatten(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    let rank = value.shape.rank
    if rank == 1 { return value.expanded(axis: 1) }
    guard call.isChannelsLast || rank < 3 else {
      return value.transposed(Value.channelsLast(rank - 2)).flattened()
    }
    return value.flattened()
  }

  private static func reshape(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    guard var target = try call.configuration.integers("target_shape") else {
      throw call.error("has no 'target_shape'")
    }
    let count = value.shape.dimensions.dropFirst().reduce(1, *)
    if let open = target.firstIndex(of: -1) {
      var rest = 1
      for (index, size) in target.enumerated() where index != open {
        let (product, overflow) = rest.multipliedReportingOverflow(by: size)
        try call.require(!overflow && size > 0, "no tensor has the shape \(target)")
        rest = product
      }
      try call.require(count % rest == 0, "\(value.type) does not fit into \(target)")
      target[open] = count / rest
    }
    return value.reshaped(to: Shape([value.shape[0]] + target))
  }

  private static func permute(_ call: KerasCall) throws -> Value {
    let value = try call.real()
    guard let axes = try call.configuration.integers("dims") else {
      throw call.error("has no 'dims'")
    }
    return value.transposed([0] + axes)
  }
}

extension KerasCall {
  /// A number or a list of them, one a feature.
  fileprivate func vector(_ setting: String) throws -> Value? {
    guard let value = configuration[setting] else { return nil }
    if let number = value.number {
      return builder.constant(Tensor(number, elementType: elementType))
    }
    guard let numbers = value.list?.map(\.number), !numbers.contains(nil) else {
      throw error("'\(setting)' is no number and no list of numbers")
    }
    return builder.constant(Tensor(numbers.compactMap { $0 }).converted(to: elementType))
  }
}
