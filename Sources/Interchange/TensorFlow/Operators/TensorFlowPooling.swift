import Programs
import Tensors

/// Largest and mean elements of windows.
enum TensorFlowPooling {
  static let all: [TensorFlowOperator] = [
    .value("MaxPool") { try pooled($0) { $0.maxPooled($1) } },
    .value("MaxPool3D") { try pooled($0) { $0.maxPooled($1) } },
    .value("AvgPool", lower: averagePooled),
    .value("AvgPool3D", lower: averagePooled),
  ]

  /// The images of averages are counted element by element, padding left out.
  private static let largestImage = 1 << 26

  private static func averagePooled(_ call: TensorFlowCall) throws -> Value {
    try pooled(call) { value, windows in
      let size = value.shape.dimensions.dropFirst(2).reduce(1, *)
      try call.require(size <= largestImage, "an image of \(size) positions is not possible")
      return value.averagePooled(windows, countsPadding: false)
    }
  }

  private static func pooled(
    _ call: TensorFlowCall, _ pool: (Value, WindowGeometry) throws -> Value
  ) throws -> Value {
    let layout = try TensorFlowLayout(call, rank: call.real(0).shape.rank)
    let value = layout.channelsFirst(try call.real(0))
    let windows = try layout.windows(
      call, size: layout.sizes(call, "ksize"), spatial: Array(value.shape.dimensions.dropFirst(2)))
    return layout.restored(try pool(value, windows))
  }
}
