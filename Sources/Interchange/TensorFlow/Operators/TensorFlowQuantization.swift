import Programs
import Tensors

/// Rounding to a grid, which trainings with quantisation in mind insert.
///
/// - Source: Jacob et al. 2018, arXiv:1712.05877, section 3.
enum TensorFlowQuantization {
  static let all: [TensorFlowOperator] = [
    .value("FakeQuantWithMinMaxArgs") { call in
      let (least, most) = (call.float("min", default: -6), call.float("max", default: 6))
      return try quantized(call, [least], [most])
    },
    .value("FakeQuantWithMinMaxVars") { try quantized($0, $0.reals(1), $0.reals(2)) },
    .value("FakeQuantWithMinMaxVarsPerChannel") { try quantized($0, $0.reals(1), $0.reals(2)) },
  ]

  /// The nearest point of a grid that contains 0; within its ends the derivative is that of x.
  private static func quantized(
    _ call: TensorFlowCall, _ least: [Double], _ most: [Double]
  ) throws -> Value {
    let value = try call.real(0)
    let bits = call.int("num_bits", default: 8)
    try call.require((2...16).contains(bits), "\(bits) bits make no grid")
    let steps = (1 << bits) - 1
    let first = call.flag("narrow_range") ? 1 : 0
    try call.require(
      least.count == most.count && zip(least, most).allSatisfy { $0 <= 0 && $1 >= 0 && $0 < $1 },
      "the range does not contain 0")
    let grids = zip(least, most).map { Grid(least: $0, most: $1, first: first, last: steps) }
    func vector(_ number: (Grid) -> Double) -> Value {
      let tensor = Tensor(grids.map(number))
      return value.constant(grids.count == 1 ? tensor.reshaped(to: []) : tensor)
    }
    let (low, high, step) = (vector(\.low), vector(\.high), vector(\.step))
    let clamped = value.maximum(low).minimum(high)
    let rounded = ((clamped - low) / step + 0.5).floor() * step + low
    call.tracer.markStraightThrough(call.node.op)
    return clamped + (rounded - clamped).stoppingGradient()
  }
}

/// Equal steps between two numbers, moved so that 0 is one of them.
private struct Grid {
  let low: Double
  let high: Double
  let step: Double

  init(least: Double, most: Double, first: Int, last: Int) {
    step = (most - least) / Double(last - first)
    let zero = (Double(first) - least / step).clamped(Double(first), Double(last)).rounded()
    low = (Double(first) - zero) * step
    high = (Double(last) - zero) * step
  }
}

extension Double {
  fileprivate func clamped(_ low: Double, _ high: Double) -> Double {
    Swift.min(Swift.max(self, low), high)
  }
}
