import Programs
import Tensors

/// Sums and products of values with weights, and with each other.
enum CaffeProducts {
  static let all: [CaffeLayer] = [
    .each("InnerProduct", lower: innerProduct),
    .value("Embed", lower: embedding),
    .value("Scale", lower: scale),
    .value("Bias") { call in
      let value = try call.input(0)
      let settings = call.layer.biasParam
      return try value + call.factor(value, axis: settings.axis, count: settings.numAxes).value
    },
    .value("Eltwise", lower: elementwise),
    .value("Parameter") { try $0.blob(0, $0.blobShape(0)) },
  ]

  /// x Wᵀ + b, the axes from `axis` on being one.
  private static func innerProduct(_ call: CaffeCall, _ value: Value) throws -> Value {
    let settings = call.layer.innerProductParam
    let axis = try call.axis(Int(settings.axis), rank: value.shape.rank)
    let leading = Array(value.shape.dimensions[..<axis])
    let width = value.shape.dimensions[axis...].reduce(1, *)
    let outputs = Int(settings.numOutput)
    try call.require(!Shape.isSymbolic(width), "the size of \(value.type) is not fixed")
    let weight = try call.blob(0, settings.transpose ? [width, outputs] : [outputs, width])
    let rows = value.reshaped(to: [leading.reduce(1, *), width])
    let product = rows.matrixMultiplied(by: weight, transposeRight: !settings.transpose)
    let result = product.reshaped(to: Shape(leading + [outputs]))
    return settings.biasTerm ? try result + call.blob(1, [outputs]) : result
  }

  /// A row of the weight for each whole number.
  private static func embedding(_ call: CaffeCall) throws -> Value {
    let settings = call.layer.embedParam
    let outputs = Int(settings.numOutput)
    call.tracer.markGradientless("Embed")
    let weight = try call.blob(0, [Int(settings.inputDim), outputs])
    let indices = try call.input(0).converted(to: .int64)
    let result = weight.gather(indices, axis: 0)
    return settings.biasTerm ? try result + call.blob(1, [outputs]) : result
  }

  /// A factor, and a bias, for each place of some axes: of the weights or of the second bottom.
  private static func scale(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.scaleParam
    let factor = try call.factor(value, axis: settings.axis, count: settings.numAxes)
    guard settings.biasTerm else { return value * factor.value }
    let bias = try call.blob(call.inputs.count > 1 ? 0 : 1, factor.shape)
    return value * factor.value + bias.reshaped(to: factor.value.shape)
  }

  private static func elementwise(_ call: CaffeCall) throws -> Value {
    let settings = call.layer.eltwiseParam
    let values = call.inputs
    let first = try call.input(0)
    try call.require(
      values.allSatisfy { $0.shape == first.shape },
      "the bottoms differ in shape: \(values.map(\.type.description).joined(separator: ", "))")
    switch settings.operation {
    case .prod: return values.dropFirst().reduce(first) { $0 * $1 }
    case .max: return values.dropFirst().reduce(first) { $0.maximum($1) }
    case .sum:
      let factors = settings.coeff.isEmpty ? values.map { _ in 1 } : settings.coeff
      try call.require(
        factors.count == values.count, "has \(factors.count) factors for \(values.count) bottoms")
      let terms = zip(values, factors).map { $1 == 1 ? $0 : $0 * Double($1) }
      return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    }
  }
}

extension CaffeCall {
  /// The second operand of a layer, to broadcast over some axes of the first.
  ///
  /// - Returns: The operand, and its shape without the axes of 1 around it.
  fileprivate func factor(
    _ value: Value, axis first: Int32, count: Int32
  ) throws -> (value: Value, shape: Shape) {
    let dimensions = value.shape.dimensions
    let start = try axis(Int(first), rank: dimensions.count)
    let given = inputs.count > 1 ? inputs[1] : nil
    let width = given?.shape.rank ?? (count == -1 ? dimensions.count - start : Int(count))
    try require(
      width >= 0 && start + width <= dimensions.count,
      "axes \(start) to \(start + width) do not exist in \(value.type)")
    let shape = Shape(Array(dimensions[start..<start + width]))
    let operand: Value
    if let given {
      operand = given
      try require(given.shape == shape, "\(given.type) does not fit \(value.type) at axis \(start)")
    } else {
      try require(!shape.isSymbolic, "the size of \(value.type) is not fixed")
      operand = try blob(0, shape)
    }
    let rest = dimensions.count - start - width
    return (operand.reshaped(to: shape + Shape(Array(repeating: 1, count: rest))), shape)
  }
}
