import Programs
import Tensors

/// Sums and largest elements over axes.
enum CaffeReductions {
  static let all: [CaffeLayer] = [
    .value("Reduction", lower: reduction),
    .value("ArgMax", lower: argumentMaximum),
  ]

  /// The axes from `axis` on become one number.
  private static func reduction(_ call: CaffeCall) throws -> Value {
    let value = try call.input(0)
    let settings = call.layer.reductionParam
    let axes = Array(try call.axis(Int(settings.axis), rank: value.shape.rank)..<value.shape.rank)
    let result =
      switch settings.operation {
      case .sum: value.sum(over: axes)
      case .asum: value.absoluteValue().sum(over: axes)
      case .sumsq: value.squared().sum(over: axes)
      case .mean: value.mean(over: axes)
      }
    return settings.coeff == 1 ? result : result * Double(settings.coeff)
  }

  /// The places of the `top_k` largest elements, of an axis or of each sample; also the elements
  /// themselves with `out_max_val`.
  ///
  ///     of an axis: [..., top_k, ...]    of a sample: [N, 1 or 2, top_k]
  private static func argumentMaximum(_ call: CaffeCall) throws -> Value {
    let settings = call.layer.argmaxParam
    let value = try call.input(0)
    let ofAxis = settings.hasAxis
    let source = ofAxis ? value : value.flattened(from: 1)
    let axis = ofAxis ? try call.axis(Int(settings.axis), rank: value.shape.rank) : 1
    let count = Int(settings.topK)
    try call.require(
      value.shape.rank >= 1 && count >= 1 && count <= source.shape[axis],
      "top_k is \(count) for \(source.shape[axis]) elements")
    let places = source.argSort(axis: axis, descending: true).slice(axis: axis, 0..<count)
    let largest = source.gatherElements(places, axis: axis)
    if ofAxis, settings.outMaxVal { return largest }
    if !settings.outMaxVal { call.tracer.markGradientless("ArgMax") }
    let indices = places.converted(to: value.elementType)
    if ofAxis { return indices }
    return Value.stacked(settings.outMaxVal ? [indices, largest] : [indices], axis: 1)
  }
}
