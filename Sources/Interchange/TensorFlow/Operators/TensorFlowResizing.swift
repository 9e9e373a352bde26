import Programs
import Tensors

/// Images of other sizes.
///
/// - Source: tensorflow/core/util/image_resizer_state.h.
enum TensorFlowResizing {
  static let all: [TensorFlowOperator] = [
    .value("ResizeBilinear") { try resized($0, bilinear) },
    .value("ResizeNearestNeighbor") { try resized($0, nearest) },
  ]

  private typealias Axis = (Value, Int, [Float], TensorFlowCall) -> Value

  /// Applies a resizing of one axis to rows, then to columns.
  private static func resized(_ call: TensorFlowCall, _ resize: Axis) throws -> Value {
    let value = try call.input(0)
    let sizes = try call.integers(1)
    try call.require(
      value.shape.rank == 4 && sizes.count == 2 && sizes.allSatisfy { (1...1 << 16).contains($0) },
      "expects [N, H, W, C] and two sizes, got \(value.type) and \(sizes)")
    return try [0, 1].reduce(value) { result, index in
      let size = result.shape[index + 1]
      try call.require(
        (1...1 << 24).contains(size) && !Shape.isSymbolic(size), "the sizes of images must be fixed"
      )
      return resize(result, index + 1, places(call, from: size, to: sizes[index]), call)
    }
  }

  /// Where each new element lies among the old ones.
  private static func places(_ call: TensorFlowCall, from size: Int, to count: Int) -> [Float] {
    let alignsCorners = call.flag("align_corners") && count > 1
    let scale =
      alignsCorners ? Float(size - 1) / Float(count - 1) : Float(size) / Float(count)
    let isCentred = call.flag("half_pixel_centers")
    return (0..<count).map { isCentred ? (Float($0) + 0.5) * scale - 0.5 : Float($0) * scale }
  }

  private static func bilinear(
    _ value: Value, _ axis: Int, _ places: [Float], _ call: TensorFlowCall
  ) -> Value {
    let last = value.shape[axis] - 1
    func indices(_ index: (Float) -> Float) -> Value {
      value.builder.constant(Tensor(places.map { Int64(min(max(Int(index($0)), 0), last)) }))
    }
    let weights = Tensor(
      places.map { $0 - $0.rounded(.down) },
      shape: Shape([places.count] + Array(repeating: 1, count: 3 - axis)))
    let real = value.elementType.isFloatingPoint ? value : value.converted(to: .float32)
    let lower = real.gather(indices { $0.rounded(.down) }, axis: axis)
    let upper = real.gather(indices { $0.rounded(.up) }, axis: axis)
    return lower + (upper - lower) * real.constant(weights)
  }

  private static func nearest(
    _ value: Value, _ axis: Int, _ places: [Float], _ call: TensorFlowCall
  ) -> Value {
    let last = value.shape[axis] - 1
    let offset: Float = call.flag("half_pixel_centers") ? 0.5 : 0
    let indices = places.map { place in
      let index =
        call.flag("align_corners")
        ? (place + offset).rounded(.toNearestOrAwayFromZero) : (place + offset).rounded(.down)
      return Int64(min(max(Int(index), 0), last))
    }
    return value.gather(value.builder.constant(Tensor(indices)), axis: axis)
  }
}
